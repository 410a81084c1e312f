// What a TorchScript program computes with, as the evaluator and the operators see it.
import type { Tensor } from './graph/tensor.js';

/**
 * A value of TorchScript. Plain JavaScript where that tells the types apart: `null` is None, a `bigint` is an int, a
 * `number` is a float, booleans and strings are themselves. Everything else is an object with a `kind`.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | ListValue
  | TupleValue
  | DictValue
  | DeviceValue
  | ObjectValue
  | FunctionValue
  | Tensor;

/** A list. Mutable and shared, as Python's are: two names may hold the same one. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: Value[];
}

/** A tuple, or a named tuple with its fields' names. */
export interface TupleValue {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
  /** The qualified name of a named tuple's class. */
  readonly typeName?: string;
  readonly fieldNames?: readonly string[];
}

export type DictKey = string | bigint | number | boolean;

/** A dictionary, in the order of insertion. Mutable and shared. */
export interface DictValue {
  readonly kind: 'dict';
  readonly entries: Map<DictKey, Value>;
}

/** A device: where the author's tensors were. Kept for comparisons; it changes nothing here. */
export interface DeviceValue {
  readonly kind: 'device';
  /** Such as `cpu` or `cuda:0`. */
  readonly name: string;
}

/** A module or another instance of a class of the archive. Mutable and shared. */
export interface ObjectValue {
  readonly kind: 'object';
  /** The qualified name of its class, such as `__torch__.monai.networks.nets.unet.UNet`. */
  readonly typeName: string;
  readonly attributes: Map<string, Value>;
}

/** A function of the archive, a method bound to its object, or another thing that can only be called or named. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly name: string;
  readonly self?: Value;
}

export function listOf(items: Value[]): ListValue {
  return { kind: 'list', items };
}

export function tupleOf(items: readonly Value[]): TupleValue {
  return { kind: 'tuple', items };
}

export function isTensor(value: Value | undefined): value is Tensor {
  return typeof value === 'object' && value !== null && value.kind === 'tensor';
}

export function isList(value: Value | undefined): value is ListValue {
  return typeof value === 'object' && value !== null && value.kind === 'list';
}

/** Types inside types, and types of one tuple, that are written out: a list may hold itself. */
const MAX_NAMED_DEPTH = 3;
const MAX_NAMED = 12;

/** A value's type as TorchScript writes it: `int`, `List[int]`, `Tensor`, shortened. For messages. */
export function typeName(value: Value, depth = 0): string {
  if (value === null) return 'None';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  const name = (item: Value) => (depth < MAX_NAMED_DEPTH ? typeName(item, depth + 1) : '…');
  switch (value.kind) {
    case 'tensor':
      return 'Tensor';
    case 'list':
      return `List[${value.items[0] === undefined ? '?' : name(value.items[0])}]`;
    case 'tuple': {
      const names = value.items.slice(0, MAX_NAMED).map(name);
      if (value.items.length > MAX_NAMED) names.push('…');
      return `Tuple[${names.join(', ')}]`;
    }
    case 'dict':
      return 'Dict';
    case 'device':
      return 'Device';
    case 'function':
      return 'Function';
    case 'object':
      return value.typeName;
  }
}
