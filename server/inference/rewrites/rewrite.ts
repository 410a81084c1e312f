// Graph rewrites: nodes that ONNX Runtime computes slowly, or not at all, replaced by others with the same answer.
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../onnx/messages.js';
import { isOperator } from '../onnx/nodes.js';
import { type Constant, readConstant, toNumber } from '../onnx/tensors.js';

/** One kind of node and what takes its place. */
export interface Rewrite {
  readonly opType: string;
  /** Devices (`cpu`, `webgpu`, …) on which it was seen to help. */
  readonly devices: readonly string[];
  /** What takes the node's place, with the same outputs by name; undefined leaves the node as it is. Pure. */
  rewrite(node: OnnxNode, graph: GraphFacts): Replacement | undefined;
}

export interface Replacement {
  readonly nodes: readonly OnnxNode[];
  /** Constants that the new nodes need; their names start with the node's output, so that they are unique. */
  readonly constants: readonly OnnxTensor[];
}

/** What a rewrite may ask about the graph around its node. */
export interface GraphFacts {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** The constant of that name: an initializer or the output of a `Constant` node. */
  constant(name: string): Constant | undefined;
  /** Sizes of the value of that name, where the file says them. */
  sizes(name: string): readonly (number | undefined)[] | undefined;
  /** Channels (size of axis 1) of the value of that name, also where only the node that makes it tells. */
  channels(name: string): number | undefined;
}

/** Applies rewrites and counts them by operator. Changes nothing in `model`; shares with it what is untouched. */
export function rewriteModel(
  model: OnnxModel,
  rewrites: readonly Rewrite[],
): { model: OnnxModel; replaced: Readonly<Record<string, number>> } {
  const facts = graphFacts(model);
  const replaced: Record<string, number> = {};
  const constants: OnnxTensor[] = [];
  const nodes = model.graph.node.flatMap((node) => {
    const replacement = rewrites.find((rewrite) => isOperator(node, rewrite.opType))?.rewrite(node, facts);
    if (!replacement) return [node];
    replaced[node.opType] = (replaced[node.opType] ?? 0) + 1;
    constants.push(...replacement.constants);
    return [...replacement.nodes];
  });
  const used = new Set(nodes.flatMap((node) => node.input));
  const keepAll = hasSubgraphs(nodes);
  const initializer = model.graph.initializer.filter((tensor) => keepAll || used.has(tensor.name));
  const graph: OnnxGraph = { ...model.graph, node: nodes, initializer: [...initializer, ...constants] };
  return { model: { ...model, graph }, replaced };
}

function graphFacts(model: OnnxModel): GraphFacts {
  const { graph } = model;
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const producers = new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node])));
  for (const node of graph.node) {
    const value = isOperator(node, 'Constant')
      ? node.attribute.find((attribute) => attribute.name === 'value')?.t
      : undefined;
    if (value && node.output[0]) tensors.set(node.output[0], value);
  }
  const values = new Map([...graph.input, ...graph.valueInfo, ...graph.output].map((value) => [value.name, value]));
  const constant = (name: string) => {
    const tensor = tensors.get(name);
    return tensor && readConstant(tensor);
  };
  const own = model.opsetImport.find((opset) => opset.domain === '' || opset.domain === 'ai.onnx');
  return {
    opset: own ? toNumber(own.version) : 0,
    constant,
    sizes: (name) => declaredSizes(values.get(name)),
    channels: (name) => declaredSizes(values.get(name))?.[1] ?? producedChannels(producers.get(name), tensors),
  };
}

function declaredSizes(value: OnnxValue | undefined): readonly (number | undefined)[] | undefined {
  return value?.type.tensorType?.shape?.dim.map(({ dimValue }) => {
    const size = dimValue === undefined ? 0 : toNumber(dimValue);
    return size > 0 ? size : undefined;
  });
}

function producedChannels(node: OnnxNode | undefined, tensors: ReadonlyMap<string, OnnxTensor>): number | undefined {
  const weights = tensors.get(node?.input[1] ?? '');
  if (!node || !weights) return undefined;
  const axis = isOperator(node, 'Conv') ? 0 : isOperator(node, 'ConvTranspose') ? 1 : undefined;
  const size = axis === undefined ? undefined : weights.dims[axis];
  return size === undefined ? undefined : toNumber(size);
}

/** Nodes with graphs inside (If, Loop) may use any constant of the graph around them. */
function hasSubgraphs(nodes: readonly OnnxNode[]): boolean {
  return nodes.some((node) => node.attribute.some((attribute) => attribute.g || attribute.graphs?.length));
}
