// Convolutions in all their forms.
import type { Graph } from '../graph/graph.js';
import { squeeze, unsqueeze } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';

interface Convolution {
  readonly input: Tensor;
  /** [out, in / groups, …], or [in, out / groups, …] when transposed. */
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly stride: readonly number[];
  /** Cells before each spatial axis. */
  readonly before: readonly number[];
  /** Cells after each spatial axis. */
  readonly after: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  /** Present when transposed. */
  readonly outputPadding?: readonly number[];
}

function convolve(args: Arguments, graph: Graph, spec: Convolution): Tensor {
  const { input, weight, bias, outputPadding } = spec;
  const kernel = weight.shape.slice(2);
  const spatialAxes = kernel.length;
  const isBatched = input.rank === spatialAxes + 2;
  if (!isBatched && input.rank !== spatialAxes + 1) {
    throw args.error(`The input has shape [${input.shape}], the weights [${weight.shape}].`);
  }
  const data = isBatched ? input.ref(graph) : unsqueeze(graph, input.ref(graph), [0]);
  const [batch, channels, ...spatial] = graph.value(data).shape as [number, number, ...number[]];
  const expected = outputPadding ? weight.shape[0]! : weight.shape[1]! * spec.groups;
  if (channels !== expected) throw args.error(`The input has ${channels} channels, the weights are for ${expected}.`);
  const sizes = spatial.map((size, axis) => {
    const reach = spec.dilation[axis]! * (kernel[axis]! - 1) + 1;
    const padding = spec.before[axis]! + spec.after[axis]!;
    if (outputPadding) return (size - 1) * spec.stride[axis]! - padding + reach + outputPadding[axis]!;
    return Math.floor((size + padding - reach) / spec.stride[axis]!) + 1;
  });
  if (sizes.some((size) => size < 1)) {
    throw args.error(`The input of shape [${input.shape}] is too small for the kernel [${kernel}].`);
  }
  const outChannels = outputPadding ? weight.shape[1]! * spec.groups : weight.shape[0]!;
  const inputs = [data, weight.ref(graph), ...(bias ? [bias.ref(graph)] : [])];
  const ref = graph.node(
    outputPadding ? 'ConvTranspose' : 'Conv',
    inputs,
    { dtype: input.dtype, shape: [batch, outChannels, ...sizes] },
    {
      kernel_shape: kernel,
      strides: spec.stride,
      pads: [...spec.before, ...spec.after],
      dilations: spec.dilation,
      group: spec.groups,
      ...(outputPadding?.some((size) => size > 0) ? { output_padding: outputPadding } : {}),
    },
  );
  return tensorOf(graph, isBatched ? ref : squeeze(graph, ref, [0]));
}

/** One number stands for all axes, as in torch. */
function perAxis(numbers: readonly number[], axes: number): readonly number[] {
  return numbers.length === 1 ? new Array<number>(axes).fill(numbers[0]!) : numbers;
}

function plain(args: Arguments, graph: Graph): Tensor {
  const weight = args.tensor('weight');
  const axes = weight.rank - 2;
  const padding = perAxis(args.ints('padding'), axes);
  return convolve(args, graph, { ...common(args, axes), before: padding, after: padding });
}

function common(args: Arguments, axes: number) {
  return {
    input: args.tensor('input'),
    weight: args.tensor('weight'),
    bias: args.optionalTensor('bias'),
    stride: perAxis(args.ints('stride'), axes),
    dilation: perAxis(args.ints('dilation'), axes),
    groups: args.int('groups'),
  };
}

/** `padding="same"` or `"valid"`. An odd cell of `same` goes after the axis. */
function named(args: Arguments, graph: Graph): Tensor {
  const weight = args.tensor('weight');
  const axes = weight.rank - 2;
  const spec = common(args, axes);
  const totals = weight.shape
    .slice(2)
    .map((size, axis) => (args.text('padding') === 'same' ? spec.dilation[axis]! * (size - 1) : 0));
  const before = totals.map((total) => Math.floor(total / 2));
  return convolve(args, graph, { ...spec, before, after: totals.map((total, axis) => total - before[axis]!) });
}

function transposed(args: Arguments, graph: Graph): Tensor {
  const axes = args.tensor('weight').rank - 2;
  const padding = perAxis(args.ints('padding'), axes);
  const outputPadding = perAxis(args.ints('output_padding'), axes);
  return convolve(args, graph, { ...common(args, axes), before: padding, after: padding, outputPadding });
}

export const CONVOLUTION: readonly Operator[] = [
  define(['conv1d', 'conv2d', 'conv3d'], (args, { graph }) => plain(args, graph)),
  define(['conv1d.padding', 'conv2d.padding', 'conv3d.padding'], (args, { graph }) => named(args, graph)),
  define(['conv_transpose1d', 'conv_transpose2d.input', 'conv_transpose3d.input'], (args, { graph }) =>
    transposed(args, graph),
  ),
  define(['_convolution', '_convolution.deprecated', 'convolution'], (args, { graph }) =>
    args.bool('transposed') ? transposed(args, graph) : plain(args, graph),
  ),
].flat();
