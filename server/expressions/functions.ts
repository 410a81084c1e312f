// The functions that an expression may call: a few of Python's own, pure, on plain values.

import { compareValues, type Evaluation, isTrue } from './evaluation.js';
import { describeValue, isDict, isList, type Value } from './values.js';

/** One function. `at` is the column of the call. */
export type ExpressionFunction = (args: readonly Value[], evaluation: Evaluation, at: number) => Value;

interface FunctionEntry {
  readonly least: number;
  readonly most: number;
  readonly apply: ExpressionFunction;
}

/** Finds a function by name; `undefined` when this language does not have it. */
export function findFunction(name: string): ExpressionFunction | undefined {
  const entry = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (entry === undefined) return undefined;
  return (args, evaluation, at) => {
    if (args.length < entry.least || args.length > entry.most) {
      const count = entry.least === entry.most ? entry.least : `${entry.least} to ${entry.most}`;
      evaluation.fail(at, `${name}() takes ${count} arguments, not ${args.length}`);
    }
    return entry.apply(args, evaluation, at);
  };
}

/** The names of all functions, for messages and the documentation's test. */
export function functionNames(): readonly string[] {
  return Object.keys(FUNCTIONS);
}

const FUNCTIONS: Readonly<Record<string, FunctionEntry>> = {
  int: { least: 0, most: 1, apply: ([value = 0], evaluation, at) => toInteger(value, evaluation, at) },
  float: { least: 0, most: 1, apply: ([value = 0], evaluation, at) => toFloat(value, evaluation, at) },
  bool: { least: 0, most: 1, apply: ([value = false]) => isTrue(value) },
  str: { least: 0, most: 1, apply: ([value = ''], evaluation, at) => toText(value, evaluation, at) },
  len: {
    least: 1,
    most: 1,
    apply: ([value = null], evaluation, at) => items(value, evaluation, at).length,
  },
  list: { least: 0, most: 1, apply: ([value = []], evaluation, at) => items(value, evaluation, at) },
  tuple: { least: 0, most: 1, apply: ([value = []], evaluation, at) => items(value, evaluation, at) },
  min: { least: 1, most: 255, apply: (args, evaluation, at) => extreme(args, -1, evaluation, at) },
  max: { least: 1, most: 255, apply: (args, evaluation, at) => extreme(args, 1, evaluation, at) },
  abs: { least: 1, most: 1, apply: ([value = null], evaluation, at) => Math.abs(evaluation.number(value, at)) },
  round: {
    least: 1,
    most: 2,
    apply: ([value = null, digits = null], evaluation, at) => roundHalfEven(value, digits, evaluation, at),
  },
  sum: { least: 1, most: 1, apply: ([value = null], evaluation, at) => sum(value, evaluation, at) },
  sorted: {
    least: 1,
    most: 1,
    apply: ([value = null], evaluation, at) =>
      [...items(value, evaluation, at)].sort((a, b) => compareValues(a, b, evaluation, at)),
  },
  range: { least: 1, most: 3, apply: range },
  'copy.copy': { least: 1, most: 1, apply: ([value = null]) => value },
  'copy.deepcopy': { least: 1, most: 1, apply: ([value = null]) => value },
};

/** The elements of a list, the keys of a dictionary, the characters of a string. */
function items(value: Value, evaluation: Evaluation, at: number): readonly Value[] {
  if (isList(value)) {
    evaluation.spend(value.length);
    return value;
  }
  const found = typeof value === 'string' ? [...value] : isDict(value) ? Object.keys(value) : undefined;
  if (found === undefined) return evaluation.fail(at, `${describeValue(value)} has no elements`);
  evaluation.spend(found.length);
  return found;
}

function toInteger(value: Value, evaluation: Evaluation, at: number): Value {
  if (typeof value === 'string') {
    const text = value.trim();
    if (!/^[+-]?[0-9]+(?:_[0-9]+)*$/.test(text)) evaluation.fail(at, `int() cannot read ${describeValue(value)}`);
    return evaluation.integer(Number(text.replaceAll('_', '')), at);
  }
  const number = evaluation.number(value, at);
  if (!Number.isFinite(number)) evaluation.fail(at, `int() cannot take ${number}`);
  return Math.trunc(number) + 0;
}

function toFloat(value: Value, evaluation: Evaluation, at: number): Value {
  if (typeof value !== 'string') return evaluation.number(value, at);
  const text = value.trim().toLowerCase();
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/.exec(text);
  if (special) return special[2] ? (special[1] === '-' ? -1 : 1) * Number.POSITIVE_INFINITY : Number.NaN;
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/.test(text)) {
    evaluation.fail(at, `float() cannot read ${describeValue(value)}`);
  }
  return Number(text);
}

/** Python writes other numbers and containers in ways that JavaScript does not. */
function toText(value: Value, evaluation: Evaluation, at: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || value === null || Number.isSafeInteger(value)) return describeValue(value);
  return evaluation.unsupported(at, `str() of ${describeValue(value)}`);
}

function extreme(args: readonly Value[], sign: number, evaluation: Evaluation, at: number): Value {
  const values = args.length === 1 ? items(args[0] ?? null, evaluation, at) : args;
  if (values.length === 0) evaluation.fail(at, 'the smallest or largest of nothing');
  return values.reduce((best, one) => (sign * compareValues(one, best, evaluation, at) > 0 ? one : best));
}

function sum(value: Value, evaluation: Evaluation, at: number): number {
  return items(value, evaluation, at).reduce<number>((total, item) => {
    const number = evaluation.number(item, at);
    return evaluation.exact(total + number, [total, number], at);
  }, 0);
}

function roundHalfEven(value: Value, digits: Value, evaluation: Evaluation, at: number): number {
  if (digits !== null) evaluation.unsupported(at, 'round() to digits');
  const number = evaluation.number(value, at);
  if (!Number.isFinite(number)) evaluation.fail(at, `round() cannot take ${number}`);
  const floor = Math.floor(number);
  const rest = number - floor;
  return (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) + 0;
}

function range(args: readonly Value[], evaluation: Evaluation, at: number): Value {
  const numbers = args.map((arg) => evaluation.integer(arg, at));
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  if (step === 0) evaluation.fail(at, 'range() with a step of 0');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  evaluation.spend(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}
