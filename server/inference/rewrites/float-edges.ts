// Makes a model take and give float32 whatever its own types are: casts at its edges, inside the graph. (float16 cannot
// cross the JavaScript binding on every version of Node, and int64 labels would be eight bytes a voxel.)
import { DATA_TYPE, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxValue } from '../onnx/messages.js';
import { makeNode } from '../onnx/nodes.js';

const CASTABLE: readonly number[] = Object.values(DATA_TYPE);

/** The model with every input and output of another number type cast; names stay. Other types are left as they are. */
export function withFloatEdges(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const constants = new Set(graph.initializer.map((tensor) => tensor.name));
  const inputs = graph.input.filter((value) => !constants.has(value.name) && needsCast(value));
  const outputs = graph.output.filter(needsCast);
  if (inputs.length + outputs.length === 0) return model;
  const renamed = new Map<string, string>();
  for (const value of inputs) renamed.set(value.name, `${value.name}/as_given`);
  for (const value of outputs) renamed.set(value.name, `${value.name}/as_computed`);
  const edge = (value: OnnxValue): OnnxValue => (needsCast(value) ? asFloat(value) : value);
  const typeOf = (value: OnnxValue) => value.type.tensorType?.elemType ?? 0;
  const node: OnnxNode[] = [
    ...inputs.map((value) => makeNode('Cast', [value.name], renamed.get(value.name)!, { to: typeOf(value) })),
    ...graph.node.map((inner) => renameValues(inner, renamed)),
    ...outputs.map((value) => makeNode('Cast', [renamed.get(value.name)!], value.name, { to: DATA_TYPE.float32 })),
  ];
  const valueInfo = graph.valueInfo.filter((value) => !renamed.has(value.name));
  const changed: OnnxGraph = {
    ...graph,
    node,
    valueInfo,
    input: graph.input.map(edge),
    output: graph.output.map(edge),
  };
  return { ...model, graph: changed };
}

function needsCast(value: OnnxValue): boolean {
  const type = value.type?.tensorType?.elemType ?? 0;
  return type !== DATA_TYPE.float32 && CASTABLE.includes(type);
}

function asFloat(value: OnnxValue): OnnxValue {
  return { ...value, type: { tensorType: { ...value.type.tensorType, elemType: DATA_TYPE.float32 } } };
}

/** A node with some of its values renamed, in the graphs inside it (If, Loop) too. */
function renameValues(node: OnnxNode, renamed: ReadonlyMap<string, string>): OnnxNode {
  const rename = (name: string) => renamed.get(name) ?? name;
  const attribute = node.attribute.map((entry) =>
    entry.g ? { ...entry, g: { ...entry.g, node: entry.g.node.map((inner) => renameValues(inner, renamed)) } } : entry,
  );
  return { ...node, input: node.input.map(rename), output: node.output.map(rename), attribute };
}
