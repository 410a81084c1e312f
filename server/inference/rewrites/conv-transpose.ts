// ConvTranspose as Conv. ONNX Runtime's CPU kernel adds up one plane per tap (17 GFLOP/s where its Conv reaches 100),
// and its WebGPU kernel has no three-dimensional form at all.
import type { OnnxNode } from '../onnx/messages.js';
import { intAttribute, intsAttribute, makeNode, textAttribute } from '../onnx/nodes.js';
import { floatTensor, int64Tensor } from '../onnx/tensors.js';
import type { GraphFacts, Replacement, Rewrite } from './rewrite.js';

/**
 * Along one axis a transposed convolution of stride s gives out[s·m + a] = Σ_t in[m + t] · w[a + padBefore − s·t]: for
 * each phase a < s a plain convolution of in. One Conv computes all phases as channels, and a depth-to-space lays
 * them side by side. Holds where the output is exactly s times as long as the input.
 */
export const convTransposeAsConv: Rewrite = {
  opType: 'ConvTranspose',
  devices: ['cpu', 'webgpu'],
  rewrite(node, graph) {
    const axes = planAxes(node, graph);
    const weights = graph.constant(node.input[1] ?? '');
    if (!axes || !weights || !(weights.values instanceof Float32Array)) return undefined;
    const [inChannels, outChannels] = weights.dims as [number, number];
    const bias = node.input[2] ? graph.constant(node.input[2]) : undefined;
    if (node.input[2] && !(bias?.values instanceof Float32Array)) return undefined;

    const phases = axes.reduce((product, axis) => product * axis.stride, 1);
    const kernel = phaseKernel(axes, weights.values, inChannels, outChannels);
    const out = node.output[0]!;
    const name = (suffix: string) => `${out}/as_conv/${suffix}`;
    const constants = [
      floatTensor(name('w'), [outChannels * phases, inChannels, ...axes.map((axis) => axis.taps)], kernel),
    ];
    const inputs = [node.input[0]!, name('w')];
    if (bias) {
      const values = bias.values as Float32Array;
      const repeated = Float32Array.from({ length: outChannels * phases }, (_, i) => values[Math.floor(i / phases)]!);
      constants.push(floatTensor(name('b'), [repeated.length], repeated));
      inputs.push(name('b'));
    }
    const conv = (output: string) =>
      makeNode('Conv', inputs, output, {
        kernel_shape: axes.map((axis) => axis.taps),
        pads: [...axes.map((axis) => -axis.firstTap), ...axes.map((axis) => axis.taps - 1 + axis.firstTap)],
      });
    if (phases === 1) return { nodes: [conv(out)], constants };
    const strides = axes.map((axis) => axis.stride);
    const shuffle = depthToSpace(name('conv'), out, node.input[0]!, outChannels, strides, name);
    return { nodes: [conv(name('conv')), ...shuffle.nodes], constants: [...constants, ...shuffle.constants] };
  },
};

interface Axis {
  readonly stride: number;
  readonly kernel: number;
  readonly padBefore: number;
  /** The input voxel, counted from m, of the Conv's first tap: 0 or less. */
  readonly firstTap: number;
  readonly taps: number;
}

/** The axes of a node that can be rewritten; undefined for every other. */
function planAxes(node: OnnxNode, graph: GraphFacts): readonly Axis[] | undefined {
  const weights = graph.constant(node.input[1] ?? '');
  if (weights?.dims.length !== 5 || graph.opset < 11) return undefined;
  if (intAttribute(node, 'group', 1) !== 1) return undefined;
  if (!['NOTSET', ''].includes(textAttribute(node, 'auto_pad', 'NOTSET'))) return undefined;
  if (intsAttribute(node, 'output_shape')) return undefined;
  if (intsAttribute(node, 'dilations')?.some((dilation) => dilation !== 1)) return undefined;
  const kernels = weights.dims.slice(2);
  const strides = intsAttribute(node, 'strides') ?? [1, 1, 1];
  const pads = intsAttribute(node, 'pads') ?? [0, 0, 0, 0, 0, 0];
  const more = intsAttribute(node, 'output_padding') ?? [0, 0, 0];
  const axes = kernels.map((kernel, i): Axis | undefined => {
    const [stride, padBefore, padAfter] = [strides[i]!, pads[i]!, pads[i + 3]!];
    if (kernel - padBefore - padAfter + more[i]! !== stride) return undefined;
    const firstTap = Math.min(0, Math.ceil((padBefore - kernel + 1) / stride));
    const lastTap = Math.max(0, Math.floor((stride - 1 + padBefore) / stride));
    return { stride, kernel, padBefore, firstTap, taps: lastTap - firstTap + 1 };
  });
  return axes.some((axis) => !axis) ? undefined : (axes as readonly Axis[]);
}

/**
 * The Conv's weights, [outChannels·phases, inChannels, taps…], of the ConvTranspose's, [inChannels, outChannels,
 * kernel…]. Phases of one channel lie together, the last axis's fastest.
 */
function phaseKernel(axes: readonly Axis[], weights: Float32Array, inChannels: number, outChannels: number) {
  const [d, h, w] = axes as [Axis, Axis, Axis];
  const taps = d.taps * h.taps * w.taps;
  const phases = d.stride * h.stride * w.stride;
  const result = new Float32Array(outChannels * phases * inChannels * taps);
  const tapAt = (axis: Axis, phase: number, tap: number) => {
    const k = phase + axis.padBefore - axis.stride * (tap + axis.firstTap);
    return k >= 0 && k < axis.kernel ? k : -1;
  };
  for (let phase = 0; phase < phases; phase++) {
    const [pd, ph, pw] = split(phase, h.stride, w.stride);
    for (let tap = 0; tap < taps; tap++) {
      const [td, th, tw] = split(tap, h.taps, w.taps);
      const [kd, kh, kw] = [tapAt(d, pd, td), tapAt(h, ph, th), tapAt(w, pw, tw)];
      if (kd < 0 || kh < 0 || kw < 0) continue;
      const k = (kd * h.kernel + kh) * w.kernel + kw;
      for (let co = 0; co < outChannels; co++) {
        for (let ci = 0; ci < inChannels; ci++) {
          const from = (ci * outChannels + co) * d.kernel * h.kernel * w.kernel + k;
          result[((co * phases + phase) * inChannels + ci) * taps + tap] = weights[from]!;
        }
      }
    }
  }
  return result;
}

function split(index: number, h: number, w: number): [number, number, number] {
  return [Math.floor(index / (h * w)), Math.floor(index / w) % h, index % w];
}

/**
 * [n, c·sd·sh·sw, D, H, W] to [n, c, D·sd, H·sh, W·sw]. Rows are moved whole first, those of one phase sw together; then
 * one transposition of two axes mixes their voxels. One of all eight axes takes three times as long, and so does a
 * mixing of row by row, which ONNX Runtime hands to its threads row by row. `sizesOf` is a value [n, …, D, H, W]: sizes
 * that the file leaves open are read from it when the model runs.
 */
function depthToSpace(
  from: string,
  to: string,
  sizesOf: string,
  channels: number,
  strides: readonly number[],
  name: (suffix: string) => string,
): Replacement {
  const numbers = {
    minus_1: [-1],
    strides,
    channels: [channels],
    mixed: [strides[2]!, -1],
    0: [0],
    1: [1],
    2: [2],
    5: [5],
  };
  const slice = (start: number, end: number, output: string) =>
    makeNode('Slice', [name('sizes'), name(`${start}`), name(`${end}`)], name(output));
  const concat = (inputs: readonly string[], output: string) =>
    makeNode('Concat', inputs.map(name), name(output), { axis: 0 });
  const nodes = [
    makeNode('Shape', [sizesOf], name('sizes')),
    slice(0, 1, 'batch'),
    slice(2, 5, 'space'),
    concat(['minus_1', 'strides', 'space'], 'phase_sizes'),
    makeNode('Reshape', [from, name('phase_sizes')], name('phases')),
    makeNode('Transpose', [name('phases')], name('rows'), { perm: [3, 0, 4, 1, 5, 2, 6] }),
    makeNode('Reshape', [name('rows'), name('mixed')], name('row_phases')),
    makeNode('Transpose', [name('row_phases')], name('voxels'), { perm: [1, 0] }),
    makeNode('Mul', [name('space'), name('strides')], name('space_out')),
    concat(['batch', 'channels', 'space_out'], 'sizes_out'),
    makeNode('Reshape', [name('voxels'), name('sizes_out')], to),
  ];
  return { nodes, constants: Object.entries(numbers).map(([key, values]) => int64Tensor(name(key), values)) };
}
