// Functions of one number, comparisons, logic and choices.
import { DTYPES, type DType, isFloating } from '../dtypes.js';
import type { Graph, Ref } from '../graph/graph.js';
import { binary, cast, unary } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { operand, truncate } from './arithmetic.js';
import { commonShape, elementwise, type Operand, operandRef, resultType, tensorOf } from './build.js';
import { define, type Operator } from './define.js';

/** An operator of one tensor whose answer has its type. */
export function pointwise(name: string, compute: (graph: Graph, ref: Ref, dtype: DType) => Ref): readonly Operator[] {
  return define(name, (args, { graph }) => {
    const self = args.tensor('self');
    return tensorOf(graph, compute(graph, self.ref(graph), self.dtype));
  });
}

/** The same, where whole numbers become float32 first. */
export function pointwiseFloat(
  name: string,
  compute: (graph: Graph, ref: Ref, dtype: DType) => Ref,
): readonly Operator[] {
  return define(name, (args, { graph }) => {
    const self = args.tensor('self');
    const dtype = isFloating(self.dtype) ? self.dtype : 'float32';
    return tensorOf(graph, compute(graph, cast(graph, self.ref(graph), dtype), dtype));
  });
}

/** `constant · x` and the like: a number of the tensor's type. */
export function withNumber(graph: Graph, opType: string, ref: Ref, value: number): Ref {
  return binary(graph, opType, ref, graph.scalar(graph.value(ref).dtype, value));
}

const node = (opType: string) => (graph: Graph, ref: Ref) => unary(graph, opType, ref);

const wholeOr = (opType: string) => (graph: Graph, ref: Ref, dtype: DType) =>
  isFloating(dtype) ? unary(graph, opType, ref) : ref;

function compare(name: string, opType: string, isNegated = false): readonly Operator[] {
  return define([`${name}.Tensor`, `${name}.Scalar`], (args, { graph }) => {
    const [self, other] = [args.tensor('self'), operand(args, 'other')];
    const found = resultType(self, other);
    const dtype = found === 'bool' && opType !== 'Equal' ? 'int32' : found;
    const wide = DTYPES[dtype].sizeBytes < 4 && dtype !== 'bool' && !isFloating(dtype) ? 'int32' : dtype;
    const answer = elementwise(args, graph, opType, [self, other], wide, 'bool');
    return isNegated ? tensorOf(graph, unary(graph, 'Not', answer.ref(graph))) : answer;
  });
}

function logic(names: readonly string[], opType: string): readonly Operator[] {
  return define(names, (args, { graph }) => {
    const operands = [args.tensor('self'), operand(args, 'other')];
    const isLogical = names[0]!.startsWith('logical');
    if (!isLogical && resultType(...operands) !== 'bool') {
      throw args.error('Bits of whole numbers are not supported, only of booleans.');
    }
    return elementwise(args, graph, opType, operands, 'bool');
  });
}

function not(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  return tensorOf(graph, unary(graph, 'Not', cast(graph, self.ref(graph), 'bool')));
}

function choose(args: Arguments, graph: Graph, condition: Tensor, yes: Operand, no: Operand, dtype: DType): Tensor {
  const mask = cast(graph, condition.ref(graph), 'bool');
  const refs = [mask, operandRef(graph, yes, dtype), operandRef(graph, no, dtype)];
  return tensorOf(graph, graph.node('Where', refs, { dtype, shape: commonShape(args, [condition, yes, no]) }));
}

export const ELEMENTWISE: readonly Operator[] = [
  pointwise('neg', node('Neg')),
  pointwise('abs', node('Abs')),
  pointwise('sign', node('Sign')),
  pointwise('square', (graph, ref) => binary(graph, 'Mul', ref, ref)),
  pointwise('floor', wholeOr('Floor')),
  pointwise('ceil', wholeOr('Ceil')),
  pointwise('round', wholeOr('Round')),
  pointwise('trunc', (graph, ref, dtype) => (isFloating(dtype) ? truncate(graph, ref) : ref)),
  pointwise('frac', (graph, ref) => binary(graph, 'Sub', ref, truncate(graph, ref))),
  ...[
    'exp',
    'log',
    'sqrt',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'sinh',
    'cosh',
    'tanh',
    'sigmoid',
    'erf',
    'reciprocal',
  ].map((name) => pointwiseFloat(name, node(name[0]!.toUpperCase() + name.slice(1)))),
  pointwiseFloat('rsqrt', (graph, ref) => unary(graph, 'Reciprocal', unary(graph, 'Sqrt', ref))),
  pointwiseFloat('log2', (graph, ref) => withNumber(graph, 'Mul', unary(graph, 'Log', ref), Math.LOG2E)),
  pointwiseFloat('log10', (graph, ref) => withNumber(graph, 'Mul', unary(graph, 'Log', ref), Math.LOG10E)),
  pointwiseFloat('log1p', (graph, ref) => unary(graph, 'Log', withNumber(graph, 'Add', ref, 1))),
  pointwiseFloat('expm1', (graph, ref) => withNumber(graph, 'Sub', unary(graph, 'Exp', ref), 1)),
  compare('eq', 'Equal'),
  compare('ne', 'Equal', true),
  compare('lt', 'Less'),
  compare('le', 'LessOrEqual'),
  compare('gt', 'Greater'),
  compare('ge', 'GreaterOrEqual'),
  logic(['logical_and'], 'And'),
  logic(['logical_or'], 'Or'),
  logic(['logical_xor'], 'Xor'),
  logic(['bitwise_and.Tensor', 'bitwise_and.Scalar', '__and__.Tensor', '__and__.Scalar'], 'And'),
  logic(['bitwise_or.Tensor', 'bitwise_or.Scalar', '__or__.Tensor', '__or__.Scalar'], 'Or'),
  logic(['bitwise_xor.Tensor', 'bitwise_xor.Scalar', '__xor__.Tensor', '__xor__.Scalar'], 'Xor'),
  define('logical_not', (args, { graph }) => not(args, graph)),
  define('bitwise_not', (args, { graph }) => {
    if (args.tensor('self').dtype !== 'bool') throw args.error('Bits of whole numbers are not supported.');
    return not(args, graph);
  }),
  define('isnan', (args, { graph }) => classify(args, graph, 'IsNaN')),
  define('isinf', (args, { graph }) => classify(args, graph, 'IsInf')),
  define('isfinite', (args, { graph }) => {
    const bad = binary(
      graph,
      'Or',
      classify(args, graph, 'IsNaN').ref(graph),
      classify(args, graph, 'IsInf').ref(graph),
    );
    return tensorOf(graph, unary(graph, 'Not', bad));
  }),
  define('nan_to_num', (args, { graph }) => {
    const self = args.tensor('self');
    if (!isFloating(self.dtype)) return self;
    const cases = [
      [classify(args, graph, 'IsNaN'), args.optionalFloat('nan') ?? 0],
      [classify(args, graph, 'IsInf', { detect_negative: 0 }), args.optionalFloat('posinf') ?? LARGEST_FLOAT],
      [classify(args, graph, 'IsInf', { detect_positive: 0 }), args.optionalFloat('neginf') ?? -LARGEST_FLOAT],
    ] as const;
    return cases.reduce<Tensor>((kept, [mask, value]) => choose(args, graph, mask, value, kept, self.dtype), self);
  }),
  define(['where.self', 'where.ScalarSelf', 'where.ScalarOther', 'where.Scalar'], (args, { graph }) => {
    const [yes, no] = [operand(args, 'self'), operand(args, 'other')];
    return choose(args, graph, args.tensor('condition'), yes, no, resultType(yes, no));
  }),
  define(['masked_fill.Scalar', 'masked_fill.Tensor'], (args, { graph }) => {
    const self = args.tensor('self');
    return choose(args, graph, args.tensor('mask'), operand(args, 'value'), self, self.dtype);
  }),
].flat();

const LARGEST_FLOAT = 3.4028234663852886e38;

function classify(
  args: Arguments,
  graph: Graph,
  opType: string,
  attributes: Readonly<Record<string, number>> = {},
): Tensor {
  const self = args.tensor('self');
  const ref = isFloating(self.dtype) ? self.ref(graph) : cast(graph, self.ref(graph), 'float32');
  return tensorOf(graph, graph.node(opType, [ref], { dtype: 'bool', shape: self.shape }, attributes));
}
