// What references and expressions of a configuration give: plain values, names of Python things, components.
import { InvalidBundle } from '../errors.js';
import type { Place, PlainValue } from '../workflows/plan.js';

/** Levels of lists and dictionaries in an argument. */
const MAX_PLAIN_DEPTH = 50;

/** A resolved value. A tuple is a list. Keys of a dictionary are strings. */
export type Value = null | boolean | number | string | readonly Value[] | ValueDict | PythonName | Component;

export interface ValueDict {
  readonly [key: string]: Value;
}

/** Something of Python's that an expression may name but not look into: a data type, a class of MONAI's. */
export class PythonName {
  /**
   * @param kind what it is, for messages: `data type`, `class`, `function`.
   * @param name as written: `torch.float32`.
   * @param plain what a plan keeps of it: `float32`.
   */
  constructor(
    readonly kind: string,
    readonly name: string,
    readonly plain: string,
  ) {}
}

/** A dictionary with `_target_`: something that MONAI would make an object of. Its arguments wait until asked for. */
export class Component {
  /**
   * @param target its `_target_`, as written.
   * @param place where it stands.
   * @param argumentNames its arguments, without the keys that the language itself reads.
   * @param argument resolves one of them. @throws InvalidBundle; Unsupported
   * @param mode resolves its `_mode_`; `null` when it has none. @throws InvalidBundle; Unsupported
   */
  constructor(
    readonly target: string,
    readonly place: Place,
    readonly argumentNames: readonly string[],
    readonly argument: (name: string) => Value,
    readonly mode: () => Value,
  ) {}

  /** Where one of its arguments stands. */
  placeOf(argument: string): Place {
    return { file: this.place.file, key: joinId(this.place.key, argument) };
  }
}

/** Whether a value is a dictionary. */
export function isDict(value: Value): value is ValueDict {
  return isObject(value) && !Array.isArray(value) && !(value instanceof PythonName) && !(value instanceof Component);
}

/** Whether a value is a list. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** What a value is, for messages. */
export function describeValue(value: Value): string {
  if (value === null) return 'None';
  if (isList(value)) return 'a list';
  if (value instanceof PythonName) return `the ${value.kind} ${value.name}`;
  if (value instanceof Component) return `a ${value.target} object`;
  if (typeof value === 'object') return 'a dictionary';
  if (typeof value === 'string') return value.length > 40 ? `"${value.slice(0, 37)}…"` : `"${value}"`;
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/**
 * A value as a plan keeps it.
 * @throws InvalidBundle when an object of Python's is in it, or when it is larger than `maxElements`.
 */
export function toPlainValue(value: Value, place: Place, maxElements = 10_000): PlainValue {
  let left = maxElements;
  const convert = (item: Value, key: string, depth: number): PlainValue => {
    if (depth > MAX_PLAIN_DEPTH) throw new InvalidBundle(place, `more than ${MAX_PLAIN_DEPTH} levels.`);
    left -= 1;
    if (left < 0) throw new InvalidBundle(place, `more than ${maxElements} elements.`);
    if (item instanceof PythonName) return item.plain;
    if (item instanceof Component) {
      throw new InvalidBundle({ file: place.file, key }, `${describeValue(item)}, expected a plain value.`);
    }
    if (isList(item)) return item.map((element, index) => convert(element, joinId(key, String(index)), depth + 1));
    if (!isDict(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([name, one]) => [name, convert(one, joinId(key, name), depth + 1)]),
    );
  };
  return convert(value, place.key, 0);
}

/** An id below another: `a::b`. */
export function joinId(parent: string, key: string): string {
  return parent === '' ? key : `${parent}::${key}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
