// Evaluates an expression's tree over plain data. No Python, no JavaScript of the bundle's is ever run.
import type { Place } from '../workflows/plan.js';
import { type Budget, compareValues, Evaluation, isEqual, isTrue } from './evaluation.js';
import { findFunction } from './functions.js';
import { findName } from './names.js';
import { parseExpression } from './parse-expression.js';
import type { BinaryOperator, Comparison, Expression } from './tree.js';
import { Component, describeValue, isDict, isList, PythonName, type Value, type ValueDict } from './values.js';

/**
 * The value of `source`, an expression without its `$`. A lambda is a name for its own text: the operator that takes it
 * reads it (operators/lambda-expression.ts).
 * @param resolve gives the value of `@id`.
 * @throws Unsupported for what this language leaves out, naming it and its column; InvalidBundle for what fails in
 *   Python too, or is too large.
 */
export function evaluateExpression(
  source: string,
  place: Place,
  resolve: (id: string) => Value,
  budget: Budget,
): Value {
  if (/^\s*lambda\b/.test(source)) return new PythonName('function', 'lambda', source.trim());
  return evaluate(parseExpression(source, place), new Evaluation(place, resolve, budget));
}

function evaluate(tree: Expression, e: Evaluation): Value {
  e.spend(1);
  return e.deeper(() => evaluateHere(tree, e));
}

function evaluateHere(tree: Expression, e: Evaluation): Value {
  switch (tree.kind) {
    case 'literal':
      return tree.value;
    case 'reference':
      return e.resolve(tree.id);
    case 'name':
      return findName(tree.name) ?? e.unsupported(tree.at, `"${tree.name}"`);
    case 'list':
      return tree.items.map((item) => evaluate(item, e));
    case 'dict':
      return Object.fromEntries(tree.entries.map(([key, value]) => [dictKey(key, e), evaluate(value, e)]));
    case 'unary':
      return unary(tree.operator, evaluate(tree.operand, e), tree.at, e);
    case 'binary':
      return binary(tree.operator, evaluate(tree.left, e), evaluate(tree.right, e), tree.at, e);
    case 'compare':
      return compareChain(tree, e);
    case 'logical': {
      const left = evaluate(tree.left, e);
      return isTrue(left) === (tree.operator === 'and') ? evaluate(tree.right, e) : left;
    }
    case 'conditional':
      return evaluate(isTrue(evaluate(tree.condition, e)) ? tree.whenTrue : tree.whenFalse, e);
    case 'index':
      return pick(evaluate(tree.subject, e), evaluate(tree.index, e), tree.at, e);
    case 'slice': {
      const bound = (one: Expression | undefined) => (one === undefined ? null : evaluate(one, e));
      return slice(evaluate(tree.subject, e), bound(tree.start), bound(tree.stop), bound(tree.step), tree.at, e);
    }
    case 'method':
      return e.unsupported(tree.at, `the method ".${tree.name}"`);
    case 'call': {
      const apply = findFunction(tree.name) ?? e.unsupported(tree.at, `calling "${tree.name}"`);
      const [keyword] = tree.keywords;
      if (keyword) e.unsupported(keyword[1].at, `the keyword argument "${keyword[0]}="`);
      return apply(
        tree.arguments.map((one) => evaluate(one, e)),
        e,
        tree.at,
      );
    }
  }
}

function dictKey(tree: Expression, e: Evaluation): string {
  const key = evaluate(tree, e);
  if (typeof key === 'string') return key;
  return String(Number.isSafeInteger(key) ? key : e.unsupported(tree.at, `the key ${describeValue(key)}`));
}

function unary(operator: '+' | '-' | 'not' | '~', value: Value, at: number, e: Evaluation): Value {
  if (operator === 'not') return !isTrue(value);
  if (operator === '~') return e.unsupported(at, 'the operator "~"');
  const number = e.number(value, at);
  // An integer 0 has no sign in Python; a float 0.0 has, but no plan tells the two apart.
  return operator === '-' && number !== 0 ? -number : number;
}

function binary(operator: BinaryOperator, left: Value, right: Value, at: number, e: Evaluation): Value {
  if (operator === '+' && (isList(left) || typeof left === 'string')) return concatenate(left, right, at, e);
  if (operator === '*' && (isList(left) || typeof left === 'string')) return repeat(left, right, at, e);
  if (operator === '*' && (isList(right) || typeof right === 'string')) return repeat(right, left, at, e);
  if (operator === '%' && typeof left === 'string') e.unsupported(at, 'formatting with "%"');
  const a = e.number(left, at);
  const b = e.number(right, at);
  return e.exact(arithmetic(operator, a, b, at, e), [a, b], at);
}

function arithmetic(operator: BinaryOperator, a: number, b: number, at: number, e: Evaluation): number {
  switch (operator) {
    case '&':
    case '|':
      return e.unsupported(at, `the operator "${operator}"`);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '**': {
      if (a === 0 && b < 0) e.fail(at, '0 to a negative power');
      if (a < 0 && !Number.isInteger(b)) e.unsupported(at, 'a complex number');
      const power = a ** b;
      return Number.isFinite(power) || !Number.isFinite(a) || !Number.isFinite(b) ? power : e.fail(at, 'overflow');
    }
    default:
      if (b === 0) return e.fail(at, 'division by 0');
      return operator === '/' ? a / b : floorDivide(a, b)[operator === '//' ? 'quotient' : 'remainder'];
  }
}

/** As CPython: the remainder has the divisor's sign, and the quotient follows from it (`1.0 // 0.1` is 9). */
function floorDivide(a: number, b: number): { quotient: number; remainder: number } {
  const sameSign = a % b;
  const remainder = sameSign !== 0 && sameSign < 0 !== b < 0 ? sameSign + b : sameSign + 0;
  return { quotient: Math.round((a - remainder) / b) + 0, remainder };
}

function concatenate(left: readonly Value[] | string, right: Value, at: number, e: Evaluation): Value {
  if (typeof left === 'string' && typeof right === 'string') {
    e.spend(left.length + right.length);
    return left + right;
  }
  if (isList(left) && isList(right)) {
    e.spend(left.length + right.length);
    return [...left, ...right];
  }
  return e.fail(at, `${describeValue(left)} and ${describeValue(right)} cannot be joined`);
}

function repeat(subject: readonly Value[] | string, times: Value, at: number, e: Evaluation): Value {
  if (typeof times !== 'number' && typeof times !== 'boolean') {
    return e.fail(at, `${describeValue(subject)} cannot be repeated ${describeValue(times)} times`);
  }
  const count = Math.max(0, e.integer(times, at));
  e.spend(Math.max(count, subject.length * count));
  if (typeof subject === 'string') return subject.repeat(count);
  return Array.from({ length: subject.length * count }, (_, index) => subject[index % subject.length] ?? null);
}

function compareChain(tree: Expression & { kind: 'compare' }, e: Evaluation): boolean {
  let left = evaluate(tree.first, e);
  for (const { operator, operand } of tree.rest) {
    const right = evaluate(operand, e);
    if (!compare(operator, left, right, tree.at, e)) return false;
    left = right;
  }
  return true;
}

function compare(operator: Comparison, left: Value, right: Value, at: number, e: Evaluation): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right, e);
    case '!=':
      return !isEqual(left, right, e);
    case 'is':
    case 'is not': {
      const identical = left === right;
      const single = (value: Value) => value === null || typeof value === 'boolean';
      if (!single(left) && !single(right)) e.unsupported(at, '"is" with anything but None, True and False');
      return identical === (operator === 'is');
    }
    case 'in':
      return contains(right, left, at, e);
    case 'not in':
      return !contains(right, left, at, e);
    case '<':
      return compareValues(left, right, e, at) < 0;
    case '<=':
      return compareValues(left, right, e, at) <= 0;
    case '>':
      return compareValues(left, right, e, at) > 0;
    case '>=':
      return compareValues(left, right, e, at) >= 0;
  }
}

function contains(container: Value, item: Value, at: number, e: Evaluation): boolean {
  if (isList(container)) return container.some((one) => isEqual(one, item, e));
  if (isDict(container)) {
    return (typeof item === 'string' || typeof item === 'number') && Object.hasOwn(container, String(item));
  }
  if (typeof container === 'string' && typeof item === 'string') return container.includes(item);
  return e.fail(at, `"in" does not look into ${describeValue(container)}`);
}

function pick(subject: Value, index: Value, at: number, e: Evaluation): Value {
  if (isDict(subject)) return pickFromDict(subject, index, at, e);
  if (!isList(subject) && typeof subject !== 'string') return refuseIndex(subject, at, e);
  const list = typeof subject === 'string' ? [...subject] : subject;
  const position = e.integer(index, at);
  const found = list[position < 0 ? position + list.length : position];
  return found === undefined ? e.fail(at, `there is no element ${position} among ${list.length}`) : found;
}

function pickFromDict(subject: ValueDict, index: Value, at: number, e: Evaluation): Value {
  const key = typeof index === 'number' ? String(index) : index;
  if (typeof key !== 'string' || !Object.hasOwn(subject, key)) {
    return e.fail(at, `there is no key ${describeValue(index)}`);
  }
  return subject[key] ?? null;
}

function refuseIndex(subject: Value, at: number, e: Evaluation): never {
  if (subject instanceof Component || subject instanceof PythonName) {
    e.unsupported(at, `looking into ${describeValue(subject)}`);
  }
  return e.fail(at, `${describeValue(subject)} has no elements`);
}

function slice(subject: Value, start: Value, stop: Value, step: Value, at: number, e: Evaluation): Value {
  if (!isList(subject) && typeof subject !== 'string') return refuseIndex(subject, at, e);
  const list = typeof subject === 'string' ? [...subject] : subject;
  e.spend(list.length);
  const stride = step === null ? 1 : e.integer(step, at);
  if (stride === 0) e.fail(at, 'a slice with a step of 0');
  const lowest = stride > 0 ? 0 : -1;
  const highest = stride > 0 ? list.length : list.length - 1;
  const bound = (value: Value, missing: number): number => {
    if (value === null) return missing;
    const position = e.integer(value, at);
    return Math.min(highest, Math.max(lowest, position < 0 ? position + list.length : position));
  };
  const from = bound(start, stride > 0 ? 0 : list.length - 1);
  const to = bound(stop, stride > 0 ? list.length : -1);
  const picked: Value[] = [];
  for (let index = from; stride > 0 ? index < to : index > to; index += stride) picked.push(list[index] ?? null);
  return typeof subject === 'string' ? picked.join('') : picked;
}
