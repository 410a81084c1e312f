// What every part of the evaluator shares: where it is, how much it may still do, and how it refuses.
import { InvalidBundle, Unsupported } from '../errors.js';
import type { Place } from '../workflows/plan.js';
import { describeValue, isDict, isList, type Value } from './values.js';

/** Elements and characters that the expressions of one bundle may make, all together. */
export const MAX_EVALUATION_SIZE = 1_000_000;

/** Levels of expressions and of the values they compare, all that are open at once. */
const MAX_EVALUATION_DEPTH = 400;

/** Counts what may still be made and how deep it is; shared by all expressions of a bundle. */
export interface Budget {
  left: number;
  depth: number;
}

export class Evaluation {
  constructor(
    readonly place: Place,
    /** Resolves `@id`. */
    readonly resolve: (id: string) => Value,
    readonly budget: Budget,
  ) {}

  /** Pays for `size` elements or characters. @throws InvalidBundle when there is no more to spend. */
  spend(size: number): void {
    this.budget.left -= size;
    if (!(this.budget.left >= 0)) {
      throw new InvalidBundle(this.place, `the expressions make more than ${MAX_EVALUATION_SIZE} elements.`);
    }
  }

  /** Goes one level deeper. Keeps the stack bounded whatever refers to whatever. @throws InvalidBundle */
  deeper<T>(evaluate: () => T): T {
    if (this.budget.depth >= MAX_EVALUATION_DEPTH) {
      throw new InvalidBundle(this.place, `expressions of more than ${MAX_EVALUATION_DEPTH} levels.`);
    }
    this.budget.depth += 1;
    try {
      return evaluate();
    } finally {
      this.budget.depth -= 1;
    }
  }

  /** What Python would raise too. */
  fail(at: number, message: string): never {
    throw new InvalidBundle(this.place, `column ${at} of the expression: ${message}.`);
  }

  /** What this language leaves out. */
  unsupported(at: number, what: string): never {
    throw new Unsupported(
      `${what} at column ${at} of the expression is not read here`,
      this.place,
      'Write the value itself.',
    );
  }

  /** A number; True and False count as 1 and 0. */
  number(value: Value, at: number): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    return this.fail(at, `${describeValue(value)} is not a number`);
  }

  integer(value: Value, at: number): number {
    const number = this.number(value, at);
    return Number.isSafeInteger(number) ? number : this.fail(at, `${number} is not an integer`);
  }

  /** Refuses an integer that a JavaScript number cannot hold exactly, made of integers that it can. */
  exact(result: number, operands: readonly number[], at: number): number {
    if (Number.isInteger(result) && !Number.isSafeInteger(result) && operands.every(Number.isSafeInteger)) {
      this.unsupported(at, 'an integer beyond 2⁵³');
    }
    return result;
  }
}

/** As Python's `bool`. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return Boolean(value) || Number.isNaN(value);
}

/** As Python's `==`. */
export function isEqual(left: Value, right: Value, evaluation: Evaluation): boolean {
  evaluation.spend(1);
  return evaluation.deeper(() => isEqualHere(left, right, evaluation));
}

function isEqualHere(left: Value, right: Value, evaluation: Evaluation): boolean {
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index] ?? null, evaluation));
  }
  if (isDict(left) && isDict(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key] ?? null, right[key] ?? null, evaluation))
    );
  }
  const plain = (value: Value) => (typeof value === 'boolean' ? Number(value) : value);
  return plain(left) === plain(right);
}

/** Negative, zero or positive, as Python orders numbers, strings and lists. */
export function compareValues(left: Value, right: Value, evaluation: Evaluation, at: number): number {
  evaluation.spend(1);
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right);
  if (isList(left) && isList(right)) {
    const index = left.findIndex((item, i) => i >= right.length || !isEqual(item, right[i] ?? null, evaluation));
    if (index < 0 || index >= right.length) return left.length - right.length;
    return evaluation.deeper(() => compareValues(left[index] ?? null, right[index] ?? null, evaluation, at));
  }
  const numeric = (value: Value) => typeof value === 'number' || typeof value === 'boolean';
  if (!numeric(left) || !numeric(right)) {
    evaluation.fail(at, `${describeValue(left)} and ${describeValue(right)} have no order`);
  }
  return evaluation.number(left, at) - evaluation.number(right, at);
}

/** By code points. */
function compareStrings(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
