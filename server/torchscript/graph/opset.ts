// The version of ONNX's operators that a program needs, and its nodes in that version's form.
import { makeConstant } from './constant.js';
import type { GraphNode, GraphValue } from './graph.js';
import type { Program } from './prune.js';

/** What nodes are recorded in: the version that torch's own exporter still writes, so devices know its kernels best. */
const BASE_OPSET = 17;
/** The first with `GridSample` for volumes. */
const VOLUME_SAMPLING_OPSET = 20;

/** Opset 20's names of what opset 16 called otherwise. */
const SAMPLING_MODES: Readonly<Record<string, string>> = { bilinear: 'linear', bicubic: 'cubic' };

/** Reductions whose axes became an input in opset 18. */
const AXES_BECAME_INPUT = new Set([
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceL2',
  'ReduceLogSumExp',
]);

export function toOpset(program: Program): { program: Program; opset: number } {
  const isVolume = (node: GraphNode) => program.values[node.inputs[0] ?? -1]?.shape.length === 5;
  const samplesVolume = program.nodes.some((node) => node.opType === 'GridSample' && isVolume(node));
  if (!samplesVolume) return { program, opset: BASE_OPSET };
  const values = [...program.values];
  const nodes = program.nodes.map((node) => inVolumeForm(node, values));
  return { program: { ...program, nodes, values }, opset: VOLUME_SAMPLING_OPSET };
}

function inVolumeForm(node: GraphNode, values: GraphValue[]): GraphNode {
  const { axes, ...attributes } = node.attributes;
  if (node.opType === 'GridSample') {
    const mode = String(attributes['mode']);
    return { ...node, attributes: { ...attributes, mode: SAMPLING_MODES[mode] ?? mode } };
  }
  if (!AXES_BECAME_INPUT.has(node.opType) || axes === undefined) return node;
  const numbers = axes as readonly number[];
  const constant = makeConstant('int64', [numbers.length], numbers);
  const ref = values.push({ dtype: 'int64', shape: constant.shape, constant }) - 1;
  return { ...node, inputs: [...node.inputs, ref], attributes };
}
