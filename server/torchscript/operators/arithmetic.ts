// Arithmetic of two operands, with torch's promotion of types.
import { isFloating } from '../dtypes.js';
import type { Graph } from '../graph/graph.js';
import { binary, cast, unary } from '../graph/moves.js';
import { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { elementwise, floatResultType, type Operand, operandRef, resultType, tensorOf } from './build.js';
import { define, type Operator } from './define.js';

/** `name.Tensor(self, other)` and `name.Scalar(self, other)` of one translation. */
function both(name: string, translate: (args: Arguments, graph: Graph, a: Operand, b: Operand) => Tensor) {
  const schemas = [`${name}.Tensor`, `${name}.Scalar`];
  return define(schemas, (args, { graph }) => translate(args, graph, args.tensor('self'), operand(args, 'other')));
}

/** A tensor or a plain number. */
export function operand(args: Arguments, name: string): Operand {
  const value = args.value(name);
  return value instanceof Tensor ? value : args.scalar(name);
}

function scaledSum(opType: 'Add' | 'Sub', swap: boolean) {
  return (args: Arguments, { graph }: { graph: Graph }): Tensor => {
    const [self, other] = [args.tensor('self'), operand(args, 'other')];
    const dtype = resultType(self, other);
    const alpha = Number(args.scalar('alpha'));
    const scaled = (value: Operand): Operand =>
      alpha === 1 ? value : elementwise(args, graph, 'Mul', [value, isFloating(dtype) ? alpha : BigInt(alpha)], dtype);
    if (dtype === 'bool' && opType === 'Add') return elementwise(args, graph, 'Or', [self, other], 'bool');
    const operands = swap ? [other, scaled(self)] : [self, scaled(other)];
    return elementwise(args, graph, opType, operands, dtype);
  };
}

const SUM = (name: string) => [`${name}.Tensor`, `${name}.Scalar`];

function multiply(args: Arguments, graph: Graph, a: Operand, b: Operand): Tensor {
  const dtype = resultType(a, b);
  return elementwise(args, graph, dtype === 'bool' ? 'And' : 'Mul', [a, b], dtype);
}

function divide(args: Arguments, graph: Graph, a: Operand, b: Operand, rounding: string | undefined): Tensor {
  if (rounding === undefined) return elementwise(args, graph, 'Div', [a, b], floatResultType(a, b));
  const dtype = resultType(a, b);
  if (!isFloating(dtype)) {
    // ONNX cuts whole quotients toward zero: without its remainder the dividend has no rest to cut.
    const dividend =
      rounding === 'trunc' ? a : elementwise(args, graph, 'Sub', [a, remainderOf(args, graph, a, b)], dtype);
    return elementwise(args, graph, 'Div', [dividend, b], dtype);
  }
  const quotient = elementwise(args, graph, 'Div', [a, b], dtype).ref(graph);
  return tensorOf(graph, rounding === 'floor' ? unary(graph, 'Floor', quotient) : truncate(graph, quotient));
}

/** Toward zero: floats have no such node. */
export function truncate(graph: Graph, ref: number): number {
  const sign = unary(graph, 'Sign', ref);
  return binary(graph, 'Mul', sign, unary(graph, 'Floor', unary(graph, 'Abs', ref)));
}

/** The sign of the divisor, as Python's `%`. */
function remainderOf(args: Arguments, graph: Graph, a: Operand, b: Operand): Tensor {
  const dtype = resultType(a, b);
  if (!isFloating(dtype)) return elementwise(args, graph, 'Mod', [a, b], dtype);
  const floors = unary(graph, 'Floor', elementwise(args, graph, 'Div', [a, b], dtype).ref(graph));
  const whole = binary(graph, 'Mul', floors, operandRef(graph, b, dtype));
  return tensorOf(graph, binary(graph, 'Sub', operandRef(graph, a, dtype), whole));
}

function power(args: Arguments, graph: Graph, base: Operand, exponent: Operand): Tensor {
  const dtype = resultType(base, exponent);
  if (exponent === 2n || exponent === 2) return elementwise(args, graph, 'Mul', [base, base], dtype);
  if (exponent === 0.5) return tensorOf(graph, unary(graph, 'Sqrt', operandRef(graph, base, dtype)));
  return elementwise(args, graph, 'Pow', [base, exponent], dtype);
}

function extreme(opType: 'Max' | 'Min') {
  return (args: Arguments, { graph }: { graph: Graph }): Tensor => {
    const operands = [args.tensor('self'), args.tensor('other')];
    return elementwise(args, graph, opType, operands, resultType(...operands));
  };
}

export const ARITHMETIC: readonly Operator[] = [
  define(SUM('add'), scaledSum('Add', false)),
  define(SUM('sub'), scaledSum('Sub', false)),
  define(SUM('subtract'), scaledSum('Sub', false)),
  define(SUM('rsub'), scaledSum('Sub', true)),
  both('mul', multiply),
  both('multiply', multiply),
  both('div', (args, graph, a, b) => divide(args, graph, a, b, undefined)),
  both('divide', (args, graph, a, b) => divide(args, graph, a, b, undefined)),
  both('true_divide', (args, graph, a, b) => divide(args, graph, a, b, undefined)),
  define(['div.Tensor_mode', 'div.Scalar_mode'], (args, { graph }) =>
    divide(
      args,
      graph,
      args.tensor('self'),
      operand(args, 'other'),
      args.has('rounding_mode') ? args.text('rounding_mode') : undefined,
    ),
  ),
  define(['floor_divide', 'floor_divide.Scalar'], (args, { graph }) =>
    divide(args, graph, args.tensor('self'), operand(args, 'other'), 'floor'),
  ),
  both('remainder', remainderOf),
  both('fmod', (args, graph, a, b) => {
    const dtype = resultType(a, b);
    const refs = [a, b].map((one) => operandRef(graph, one, dtype));
    const { shape } = elementwise(args, graph, 'Add', [a, b], dtype);
    return tensorOf(graph, graph.node('Mod', refs, { dtype, shape }, { fmod: 1 }));
  }),
  define(['pow.Tensor_Tensor', 'pow.Tensor_Scalar', 'pow.Scalar'], (args, { graph }) =>
    power(args, graph, operand(args, 'self'), operand(args, 'exponent')),
  ),
  define('maximum', extreme('Max')),
  define('max.other', extreme('Max')),
  define('minimum', extreme('Min')),
  define('min.other', extreme('Min')),
  define(['lerp.Scalar', 'lerp.Tensor'], (args, { graph }) => {
    const [self, end] = [args.tensor('self'), args.tensor('end')];
    const way = elementwise(args, graph, 'Sub', [end, self], self.dtype);
    const part = elementwise(args, graph, 'Mul', [way, operand(args, 'weight')], self.dtype);
    return elementwise(args, graph, 'Add', [self, part], self.dtype);
  }),
  addProduct('addcmul', 'Mul'),
  addProduct('addcdiv', 'Div'),
  define(['clamp', 'clamp.Tensor', 'clip'], (args, { graph }) => clamp(args, graph)),
  define('clamp_min', (args, { graph }) => bound(args, graph, 'Max', args.tensor('self'), args.scalar('min'))),
  define('clamp_max', (args, { graph }) => bound(args, graph, 'Min', args.tensor('self'), args.scalar('max'))),
].flat();

function addProduct(name: string, opType: 'Mul' | 'Div'): readonly Operator[] {
  return define(`${name}`, (args, { graph }) => {
    const self = args.tensor('self');
    const dtype = resultType(self, args.tensor('tensor1'), args.tensor('tensor2'));
    const product = elementwise(args, graph, opType, [args.tensor('tensor1'), args.tensor('tensor2')], dtype);
    const scaled = Number(args.scalar('value')) === 1 ? product : multiply(args, graph, product, args.scalar('value'));
    return elementwise(args, graph, 'Add', [self, scaled], dtype);
  });
}

function clamp(args: Arguments, graph: Graph): Tensor {
  const limits = [args.value('min'), args.value('max')].map((limit) =>
    limit === null ? undefined : (limit as Operand),
  );
  return clampTo(args, graph, args.tensor('self'), limits[0], limits[1]);
}

/** Floats between plain numbers are one `Clip`, which ONNX Runtime joins to the convolution before it. */
export function clampTo(
  args: Arguments,
  graph: Graph,
  self: Tensor,
  min: Operand | undefined,
  max: Operand | undefined,
): Tensor {
  if (isFloating(self.dtype) && ![min, max].some((limit) => limit instanceof Tensor)) {
    const bounds = [min, max].map((limit) =>
      limit === undefined ? undefined : graph.scalar(self.dtype, Number(limit)),
    );
    const inputs = bounds[1] === undefined ? bounds.slice(0, 1) : bounds;
    return tensorOf(graph, graph.node('Clip', [self.ref(graph), ...inputs], self));
  }
  const low = min === undefined ? self : bound(args, graph, 'Max', self, min);
  return max === undefined ? low : bound(args, graph, 'Min', low, max);
}

function bound(args: Arguments, graph: Graph, opType: 'Max' | 'Min', self: Tensor, limit: Operand): Tensor {
  const dtype = resultType(self, limit);
  const wide = isFloating(dtype) || dtype === 'int64' || dtype === 'int32' ? dtype : 'int64';
  const ref = elementwise(args, graph, opType, [self, limit], wide).ref(graph);
  return tensorOf(graph, cast(graph, ref, dtype));
}
