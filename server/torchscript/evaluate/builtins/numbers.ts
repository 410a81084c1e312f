// Arithmetic of ints and floats as TorchScript has it: ints wrap at 64 bits, division floors as Python's does.
import { listOf, type Value } from '../../values.js';
import { argument, type BuiltinCall, type BuiltinTable, int, list, number, raised, wrong } from './builtin.js';

type Ints = (a: bigint, b: bigint) => bigint;
type Floats = (a: number, b: number) => number;

/** Two ints make an int; with a float among them, a float. */
function arithmetic(ints: Ints, floats: Floats): (call: BuiltinCall) => Value {
  return (call) => {
    const [a, b] = [argument(call, 0), argument(call, 1)];
    if (isWhole(a) && isWhole(b)) return wrap(ints(BigInt(a), BigInt(b)));
    return floats(number(call, 0), number(call, 1));
  };
}

function real(compute: (value: number) => number): (call: BuiltinCall) => Value {
  return (call) => compute(number(call, 0));
}

function whole(compute: (value: number) => number): (call: BuiltinCall) => Value {
  return (call) => (typeof argument(call, 0) === 'bigint' ? int(call, 0) : toInt(compute(number(call, 0))));
}

/** The smallest or largest of two numbers, or of a list's. */
function extreme(isBetter: (a: Value, b: Value) => boolean): (call: BuiltinCall) => Value {
  return (call) => {
    const candidates = call.args.length === 1 ? list(call, 0).items : call.args;
    call.budget.step(candidates.length);
    const [first, ...rest] = candidates;
    if (first === undefined) throw raised(`${call.name} of an empty list.`);
    candidates.forEach((one, index) => {
      if (!['bigint', 'number', 'boolean'].includes(typeof one)) throw wrong(call, index, 'a number');
    });
    return rest.reduce<Value>((best, one) => (isBetter(one, best) ? one : best), first);
  };
}

export const PLUS = arithmetic(
  (a, b) => a + b,
  (a, b) => a + b,
);
export const TIMES = arithmetic(
  (a, b) => a * b,
  (a, b) => a * b,
);

export const NUMBERS: BuiltinTable = {
  sub: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  div: (call) => divide(call, number(call, 0), number(call, 1)),
  floordiv: arithmetic(floorDivide, (a, b) => {
    if (b === 0) throw raised('ZeroDivisionError: float floor division by zero.');
    return Math.floor(a / b);
  }),
  floor_divide: arithmetic(floorDivide, (a, b) => Math.floor(a / b)),
  remainder: arithmetic(
    (a, b) => a - floorDivide(a, b) * b,
    (a, b) => a - Math.floor(a / b) * b,
  ),
  fmod: (call) => number(call, 0) % number(call, 1),
  pow: (call) => number(call, 0) ** number(call, 1),
  neg: (call) => (isWhole(argument(call, 0)) ? wrap(-int(call, 0)) : -number(call, 0)),
  abs: (call) => (isWhole(argument(call, 0)) ? wrap(absolute(int(call, 0))) : Math.abs(number(call, 0))),
  min: extreme((a, b) => (a as number) < (b as number)),
  max: extreme((a, b) => (a as number) > (b as number)),
  floor: whole(Math.floor),
  ceil: whole(Math.ceil),
  trunc: whole(Math.trunc),
  round: (call) => (typeof argument(call, 0) === 'bigint' ? int(call, 0) : roundHalfEven(number(call, 0))),
  sqrt: real(Math.sqrt),
  exp: real(Math.exp),
  log: real(Math.log),
  log2: real(Math.log2),
  log10: real(Math.log10),
  sin: real(Math.sin),
  cos: real(Math.cos),
  tan: real(Math.tan),
  tanh: real(Math.tanh),
  isnan: (call) => Number.isNaN(number(call, 0)),
  isinf: (call) => Math.abs(number(call, 0)) === Number.POSITIVE_INFINITY,
  __lshift__: (call) => wrap(int(call, 0) << BigInt.asUintN(6, int(call, 1))),
  __rshift__: (call) => wrap(int(call, 0) >> BigInt.asUintN(6, int(call, 1))),
  __range_length: (call) => rangeLength(int(call, 0), int(call, 1), int(call, 2)),
  __derive_index: (call) => wrap(int(call, 1) + int(call, 0) * int(call, 2)),
  sum: (call) => list(call, 0).items.reduce<Value>((total, item) => PLUS({ ...call, args: [total, item] }), 0n),
  prod: (call) => list(call, 0).items.reduce<Value>((total, item) => TIMES({ ...call, args: [total, item] }), 1n),
  gcd: (call) => greatestDivisor(absolute(int(call, 0)), absolute(int(call, 1))),
  divmod: (call) => {
    const [a, b] = [int(call, 0), int(call, 1)];
    const quotient = floorDivide(a, b);
    return { kind: 'tuple', items: [quotient, a - quotient * b] };
  },
  int: toIntValue,
  float: (call) => {
    const value = argument(call, 0);
    return typeof value === 'string' ? parseFloatText(value) : number(call, 0);
  },
  range: (call) => {
    const [first = 0n, second, third] = call.args.map((_, index) => int(call, index));
    const [start, stop, step] = second === undefined ? [0n, first, 1n] : [first, second, third ?? 1n];
    const count = Number(rangeLength(start, stop, step));
    call.budget.allocate(count);
    return listOf(Array.from({ length: count }, (_, index) => start + BigInt(index) * step));
  },
};

function isWhole(value: Value): value is bigint | boolean {
  return typeof value === 'bigint' || typeof value === 'boolean';
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw raised('ZeroDivisionError: integer division by zero.');
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function divide(call: BuiltinCall, a: number, b: number): Value {
  const mode = call.kwargs.get('rounding_mode');
  if (b === 0) throw raised('ZeroDivisionError: division by zero.');
  if (mode === 'floor') return Math.floor(a / b);
  return mode === 'trunc' ? Math.trunc(a / b) : a / b;
}

function rangeLength(start: bigint, stop: bigint, step: bigint): bigint {
  if (step === 0n) throw raised('range() with a step of zero.');
  if (step > 0n) return start < stop ? 1n + (stop - 1n - start) / step : 0n;
  return start > stop ? 1n + (start - 1n - stop) / -step : 0n;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a, b];
  while (small !== 0n) [large, small] = [small, large % small];
  return large;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function toIntValue(call: BuiltinCall): Value {
  const value = argument(call, 0);
  if (isWhole(value)) return BigInt(value);
  if (typeof value !== 'string') return toInt(Math.trunc(number(call, 0)));
  if (!/^\s*[+-]?\d{1,18}\s*$/.test(value)) throw raised('ValueError: invalid literal for int().');
  return BigInt(value.trim());
}

function toInt(value: number): bigint {
  if (!Number.isFinite(value)) throw raised(`a float of ${value} has no int.`);
  return wrap(BigInt(value));
}

function parseFloatText(value: string): number {
  const word = value.trim().toLowerCase();
  const named = new Map([
    ['inf', Number.POSITIVE_INFINITY],
    ['infinity', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['nan', Number.NaN],
  ]).get(word);
  const found = named ?? (word === '' ? undefined : Number(word));
  if (found === undefined || (named === undefined && Number.isNaN(found))) {
    throw raised('ValueError: invalid literal for float().');
  }
  return found;
}
