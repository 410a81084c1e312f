// Reductions: sums, means, extremes, spreads and norms over axes.
import { type DType, isFloating } from '../dtypes.js';
import { elementCount } from '../graph/constant.js';
import type { Graph, Ref } from '../graph/graph.js';
import { binary, cast, reshape, squeeze, unary } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import { tupleOf } from '../values.js';
import type { Arguments } from './arguments.js';
import { normalizeAxes, normalizeAxis } from './axes.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { withNumber } from './elementwise.js';

/** Reduced over axes; all of them when there are none. */
function reduce(graph: Graph, opType: string, ref: Ref, axes: readonly number[], keep: boolean): Ref {
  const { dtype, shape } = graph.value(ref);
  if (shape.length === 0) return ref;
  const all = axes.length > 0 ? axes : shape.map((_, axis) => axis);
  const sizes = keep
    ? shape.map((size, axis) => (all.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !all.includes(axis));
  const keepdims = keep ? 1 : 0;
  if (opType === 'ReduceSum') return graph.node(opType, [ref, graph.ints(all)], { dtype, shape: sizes }, { keepdims });
  return graph.node(opType, [ref], { dtype, shape: sizes }, { axes: all, keepdims });
}

/** The axes of a call: none listed means all. */
function axesOf(args: Arguments): number[] {
  const { rank } = args.tensor('self');
  if (!args.names.includes('dim') || !args.has('dim')) return [];
  const value = args.value('dim');
  return normalizeAxes(args, typeof value === 'bigint' ? [Number(value)] : args.ints('dim'), rank);
}

const keeps = (args: Arguments) => args.names.includes('keepdim') && args.bool('keepdim');

function wholeNumbers(dtype: DType): DType {
  return isFloating(dtype) ? dtype : 'int64';
}

function total(opType: string) {
  return (args: Arguments, { graph }: { graph: Graph }): Tensor => {
    const self = args.tensor('self');
    const dtype = args.optionalDType('dtype') ?? wholeNumbers(self.dtype);
    return tensorOf(graph, reduce(graph, opType, cast(graph, self.ref(graph), dtype), axesOf(args), keeps(args)));
  };
}

function mean(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const dtype = args.optionalDType('dtype') ?? self.dtype;
  return tensorOf(graph, reduce(graph, 'ReduceMean', cast(graph, self.ref(graph), dtype), axesOf(args), keeps(args)));
}

/** Booleans as numbers and back: ONNX's extremes are for numbers. */
function extreme(args: Arguments, graph: Graph, opType: string): Tensor {
  const self = args.tensor('self');
  const wide = self.dtype === 'bool' ? 'int32' : self.dtype;
  const ref = reduce(graph, opType, cast(graph, self.ref(graph), wide), axesOf(args), keeps(args));
  return tensorOf(graph, cast(graph, ref, self.dtype));
}

/** The extreme along one axis and where it is. */
function extremePlace(args: Arguments, graph: Graph, opType: string, placeType: string) {
  const self = args.tensor('self');
  const axis = normalizeAxis(args, args.int('dim'), self.rank);
  const values = reduce(graph, opType, self.ref(graph), [axis], keeps(args));
  return tupleOf([
    tensorOf(graph, values),
    tensorOf(graph, place(graph, placeType, self.ref(graph), axis, keeps(args))),
  ]);
}

function place(graph: Graph, opType: string, ref: Ref, axis: number, keep: boolean): Ref {
  const { shape } = graph.value(ref);
  const sizes = keep ? shape.map((size, at) => (at === axis ? 1 : size)) : shape.filter((_, at) => at !== axis);
  return graph.node(opType, [ref], { dtype: 'int64', shape: sizes }, { axis, keepdims: keep ? 1 : 0 });
}

function argExtreme(args: Arguments, graph: Graph, opType: string): Tensor {
  const self = args.tensor('self');
  if (args.has('dim')) {
    return tensorOf(
      graph,
      place(graph, opType, self.ref(graph), normalizeAxis(args, args.int('dim'), self.rank), keeps(args)),
    );
  }
  const flat = reshape(graph, self.ref(graph), [elementCount(self.shape)]);
  return tensorOf(graph, place(graph, opType, flat, 0, false));
}

/** Variance with `correction` taken from the count: 1 unless the call says otherwise. */
function variance(args: Arguments, graph: Graph): { variance: Ref; mean: Ref } {
  const self = args.tensor('self');
  const axes = axesOf(args);
  const all = axes.length > 0 ? axes : self.shape.map((_, axis) => axis);
  const correction = args.names.includes('unbiased')
    ? Number(args.bool('unbiased'))
    : Number(args.optionalScalar('correction') ?? 1);
  const count = all.reduce((product, axis) => product * self.shape[axis]!, 1);
  const average = reduce(graph, 'ReduceMean', self.ref(graph), all, true);
  const away = binary(graph, 'Sub', self.ref(graph), average);
  const squares = reduce(graph, 'ReduceMean', binary(graph, 'Mul', away, away), all, keeps(args));
  const scaled =
    correction === 0 ? squares : withNumber(graph, 'Mul', squares, count / Math.max(count - correction, 0));
  return { variance: scaled, mean: keeps(args) ? average : squeeze(graph, average, all) };
}

function spread(name: string, isRoot: boolean, withMean: boolean): readonly Operator[] {
  return define([name, `${name}.dim`, `${name}.correction`], (args, { graph }) => {
    const found = variance(args, graph);
    const first = tensorOf(graph, isRoot ? unary(graph, 'Sqrt', found.variance) : found.variance);
    return withMean ? tupleOf([first, tensorOf(graph, found.mean)]) : first;
  });
}

/** ‖x‖ₚ over axes. */
function norm(args: Arguments, graph: Graph, p: number): Tensor {
  const self = args.tensor('self');
  const ref = self.ref(graph);
  const [axes, keep] = [axesOf(args), keeps(args)];
  const magnitude = () => unary(graph, 'Abs', ref);
  if (p === 2) return tensorOf(graph, reduce(graph, 'ReduceL2', ref, axes, keep));
  if (p === 1) return tensorOf(graph, reduce(graph, 'ReduceSum', magnitude(), axes, keep));
  if (p === Number.POSITIVE_INFINITY) return tensorOf(graph, reduce(graph, 'ReduceMax', magnitude(), axes, keep));
  if (p === Number.NEGATIVE_INFINITY) return tensorOf(graph, reduce(graph, 'ReduceMin', magnitude(), axes, keep));
  const powers = reduce(graph, 'ReduceSum', withNumber(graph, 'Pow', magnitude(), p), axes, keep);
  return tensorOf(graph, withNumber(graph, 'Pow', powers, 1 / p));
}

/** Whether any or all are not zero. */
function holds(args: Arguments, graph: Graph, opType: string): Tensor {
  const flags = cast(graph, cast(graph, args.tensor('self').ref(graph), 'bool'), 'int32');
  return tensorOf(graph, cast(graph, reduce(graph, opType, flags, axesOf(args), keeps(args)), 'bool'));
}

/** The largest is taken out first, so that no exponential overflows. */
function logSumExp(args: Arguments, graph: Graph): Tensor {
  const ref = args.tensor('self').ref(graph);
  const axes = axesOf(args);
  const largest = reduce(graph, 'ReduceMax', ref, axes, true);
  const sums = reduce(graph, 'ReduceSum', unary(graph, 'Exp', binary(graph, 'Sub', ref, largest)), axes, true);
  const answer = binary(graph, 'Add', unary(graph, 'Log', sums), largest);
  return tensorOf(graph, keeps(args) ? answer : squeeze(graph, answer, axes));
}

export const REDUCTIONS: readonly Operator[] = [
  define(['sum', 'sum.dim_IntList'], total('ReduceSum')),
  define(['prod', 'prod.dim_int'], total('ReduceProd')),
  define(['mean', 'mean.dim'], (args, { graph }) => mean(args, graph)),
  define(['max', 'amax'], (args, { graph }) => extreme(args, graph, 'ReduceMax')),
  define(['min', 'amin'], (args, { graph }) => extreme(args, graph, 'ReduceMin')),
  define('max.dim', (args, { graph }) => extremePlace(args, graph, 'ReduceMax', 'ArgMax')),
  define('min.dim', (args, { graph }) => extremePlace(args, graph, 'ReduceMin', 'ArgMin')),
  define('argmax', (args, { graph }) => argExtreme(args, graph, 'ArgMax')),
  define('argmin', (args, { graph }) => argExtreme(args, graph, 'ArgMin')),
  spread('var', false, false),
  spread('std', true, false),
  spread('var_mean', false, true),
  spread('std_mean', true, true),
  define(['any', 'any.dim', 'any.dims'], (args, { graph }) => holds(args, graph, 'ReduceMax')),
  define(['all', 'all.dim', 'all.dims'], (args, { graph }) => holds(args, graph, 'ReduceMin')),
  define('logsumexp', (args, { graph }) => logSumExp(args, graph)),
  define('linalg_vector_norm', (args, { graph }) => norm(args, graph, Number(args.scalar('ord')))),
  define(['norm.Scalar', 'norm.ScalarOpt_dim'], (args, { graph }) =>
    norm(args, graph, Number(args.optionalScalar('p') ?? 2)),
  ),
  define('cumsum', (args, { graph }) => {
    const self = args.tensor('self');
    const dtype = args.optionalDType('dtype') ?? wholeNumbers(self.dtype);
    const axis = graph.scalar('int64', normalizeAxis(args, args.int('dim'), self.rank));
    const ref = cast(graph, self.ref(graph), dtype);
    return tensorOf(graph, graph.node('CumSum', [ref, axis], { dtype, shape: self.shape }));
  }),
  define(['count_nonzero', 'count_nonzero.dim_IntList'], (args, { graph }) => {
    const flags = cast(graph, cast(graph, args.tensor('self').ref(graph), 'bool'), 'int64');
    return tensorOf(graph, reduce(graph, 'ReduceSum', flags, axesOf(args), false));
  }),
].flat();
