// Pools: windows of a size, or as many windows as are asked for.
import { elementCount } from '../graph/constant.js';
import type { AttributeValue, Graph, Ref } from '../graph/graph.js';
import { binary, concat, slice, squeeze, transpose, unsqueeze } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import { tupleOf, type Value } from '../values.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { withNumber } from './elementwise.js';
import { listed } from './listed.js';

/** Where windows lie along the spatial axes. */
interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
  /** Cells after each axis: more than `padding` where `ceil_mode` lets a last window reach over the end. */
  readonly after: readonly number[];
  readonly counts: readonly number[];
}

function planWindows(args: Arguments, spatial: readonly number[]): Windows {
  const axes = spatial.length;
  const perAxis = (numbers: readonly number[]) =>
    numbers.length === 1 ? new Array<number>(axes).fill(numbers[0]!) : numbers;
  const kernel = perAxis(args.ints('kernel_size'));
  const stride = args.ints('stride').length > 0 ? perAxis(args.ints('stride')) : kernel;
  const padding = perAxis(args.ints('padding'));
  const dilation = args.operator.includes('max') ? perAxis(args.ints('dilation')) : kernel.map(() => 1);
  const reach = kernel.map((size, axis) => dilation[axis]! * (size - 1) + 1);
  const counts = spatial.map((size, axis) => {
    const steps = (size + 2 * padding[axis]! - reach[axis]!) / stride[axis]!;
    const count = (args.bool('ceil_mode') ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that would start beyond the end is dropped, as in torch.
    return args.bool('ceil_mode') && (count - 1) * stride[axis]! >= size + padding[axis]! ? count - 1 : count;
  });
  if (counts.some((count) => count < 1))
    throw args.error(`Sizes [${spatial}] are too small for windows of [${kernel}].`);
  const after = counts.map((count, axis) =>
    Math.max(padding[axis]!, (count - 1) * stride[axis]! + reach[axis]! - spatial[axis]! - padding[axis]!),
  );
  return { kernel, stride, dilation, padding, after, counts };
}

/** Runs `compute` with a batch axis in front, also when the tensor has none. */
function batched(
  args: Arguments,
  graph: Graph,
  axes: number,
  compute: (data: Ref, isBatched: boolean) => readonly Ref[],
): Tensor[] {
  const self = args.tensor('self');
  const isBatched = self.rank === axes + 2;
  const data = isBatched ? self.ref(graph) : unsqueeze(graph, self.ref(graph), [0]);
  return compute(data, isBatched).map((ref) => tensorOf(graph, isBatched ? ref : squeeze(graph, ref, [0])));
}

function maxPool(args: Arguments, graph: Graph, axes: number, withIndices: boolean): Value {
  const results = batched(args, graph, axes, (data) => {
    const { dtype, shape } = graph.value(data);
    const spatial = shape.slice(2);
    const windows = planWindows(args, spatial);
    const sizes = [...shape.slice(0, 2), ...windows.counts];
    const attributes = { ...attributesOf(windows), dilations: windows.dilation };
    if (!withIndices) return [graph.node('MaxPool', [data], { dtype, shape: sizes }, attributes)];
    const outputs = [
      { dtype, shape: sizes },
      { dtype: 'int64' as const, shape: sizes },
    ];
    const [values, places] = graph.split('MaxPool', [data], outputs, attributes);
    // ONNX counts over the whole tensor, torch within each channel.
    return [values!, withNumber(graph, 'Mod', places!, elementCount(spatial))];
  });
  return withIndices ? tupleOf(results) : results[0]!;
}

function attributesOf(windows: Windows): Readonly<Record<string, AttributeValue>> {
  return { kernel_shape: windows.kernel, strides: windows.stride, pads: [...windows.padding, ...windows.after] };
}

function avgPool(args: Arguments, graph: Graph, axes: number): Tensor {
  const [result] = batched(args, graph, axes, (data) => {
    const { dtype, shape } = graph.value(data);
    const spatial = shape.slice(2);
    const windows = planWindows(args, spatial);
    const includesPadding = args.bool('count_include_pad');
    const override = args.operator.includes('1d') ? undefined : args.optionalInt('divisor_override');
    const facts = { dtype, shape: [...shape.slice(0, 2), ...windows.counts] };
    const reachesOver = windows.after.some((after, axis) => after > windows.padding[axis]!);
    const isPlain = override === undefined && !(reachesOver && includesPadding);
    if (isPlain) {
      return [
        graph.node('AveragePool', [data], facts, {
          ...attributesOf(windows),
          count_include_pad: includesPadding ? 1 : 0,
        }),
      ];
    }
    const means = graph.node('AveragePool', [data], facts, { ...attributesOf(windows), count_include_pad: 1 });
    const volume = elementCount(windows.kernel);
    if (override !== undefined) return [withNumber(graph, 'Mul', means, volume / override)];
    // Torch counts its own padding, but no cell beyond it.
    const factors = windows.counts.map((count, axis) =>
      listed(graph, count, (index) => {
        const start = index * windows.stride[axis]!;
        const end = Math.min(start + windows.kernel[axis]!, spatial[axis]! + 2 * windows.padding[axis]!);
        return windows.kernel[axis]! / (end - start);
      }),
    );
    return [
      factors.reduce((ref, numbers, axis) => {
        const spread = windows.counts.map((_, other) => (other === axis ? numbers.length : 1));
        return binary(graph, 'Mul', ref, graph.numbers(dtype, spread, numbers));
      }, means),
    ];
  });
  return result!;
}

/** Window i of n over a size: from ⌊i·size/n⌋ to before ⌈(i+1)·size/n⌉. */
function adaptiveWindows(graph: Graph, size: number, count: number): readonly (readonly [number, number])[] {
  return listed(graph, count, (index) => [Math.floor((index * size) / count), Math.ceil(((index + 1) * size) / count)]);
}

function adaptive(args: Arguments, graph: Graph, axes: number, kind: 'avg' | 'max'): Tensor {
  const counts = args.ints('output_size');
  const [result] = batched(args, graph, axes, (data) => {
    const { dtype, shape } = graph.value(data);
    const spatial = shape.slice(2);
    const facts = { dtype, shape: [...shape.slice(0, 2), ...counts] };
    if (counts.every((count) => count === 1)) {
      return [graph.node(kind === 'avg' ? 'GlobalAveragePool' : 'GlobalMaxPool', [data], facts)];
    }
    if (counts.every((count, axis) => spatial[axis]! % count === 0)) {
      const kernel = counts.map((count, axis) => spatial[axis]! / count);
      const opType = kind === 'avg' ? 'AveragePool' : 'MaxPool';
      return [graph.node(opType, [data], facts, { kernel_shape: kernel, strides: kernel })];
    }
    const step = kind === 'avg' ? averageAxis : maximumAxis;
    return [counts.reduce((ref, count, axis) => step(graph, ref, axis + 2, count), data)];
  });
  return result!;
}

/** Means of unequal windows along one axis: a product with the matrix of their weights. */
function averageAxis(graph: Graph, ref: Ref, axis: number, count: number): Ref {
  const { dtype, shape } = graph.value(ref);
  const size = shape[axis]!;
  if (size === count) return ref;
  const weights = listed(graph, size * count, () => 0);
  for (const [index, [start, end]] of adaptiveWindows(graph, size, count).entries()) {
    for (let at = start; at < end; at++) weights[at * count + index] = 1 / (end - start);
  }
  const perm = shape.map((_, index) => (index === axis ? shape.length - 1 : index === shape.length - 1 ? axis : index));
  const last = transpose(graph, ref, perm);
  const sizes = [...graph.value(last).shape.slice(0, -1), count];
  const product = graph.node('MatMul', [last, graph.numbers(dtype, [size, count], weights)], { dtype, shape: sizes });
  return transpose(graph, product, perm);
}

function maximumAxis(graph: Graph, ref: Ref, axis: number, count: number): Ref {
  const size = graph.value(ref).shape[axis]!;
  if (size === count) return ref;
  const pieces = adaptiveWindows(graph, size, count).map(([start, end]) => {
    const window = slice(graph, ref, axis, start, end);
    const { dtype, shape } = graph.value(window);
    const one = shape.map((own, index) => (index === axis ? 1 : own));
    return graph.node('ReduceMax', [window], { dtype, shape: one }, { axes: [axis], keepdims: 1 });
  });
  return concat(graph, pieces, axis);
}

export const POOLING: readonly Operator[] = [1, 2, 3].flatMap((axes) => [
  ...define(`max_pool${axes}d`, (args, { graph }) => maxPool(args, graph, axes, false)),
  ...define(`max_pool${axes}d_with_indices`, (args, { graph }) => maxPool(args, graph, axes, true)),
  ...define(`avg_pool${axes}d`, (args, { graph }) => avgPool(args, graph, axes)),
  ...define(`adaptive_avg_pool${axes}d`, (args, { graph }) => adaptive(args, graph, axes, 'avg')),
  ...define(`adaptive_max_pool${axes}d`, (args, { graph }) => {
    const values = adaptive(args, graph, axes, 'max');
    return tupleOf([values, refuseLater(args)]);
  }),
]);

/** The second result, places, is almost never used: a value that says so when it is. */
function refuseLater(args: Arguments): Value {
  return { kind: 'function', name: `the indices of ${args.operator}, which are not supported` };
}
