// What a pickle of TorchScript holds, as plain data: nothing in it is ever called.
import type { DType } from '../dtypes.js';

/**
 * A value. Plain JavaScript as in `values.ts`: `null` is None, a `bigint` an int, a `number` a float. Lists,
 * dictionaries and objects may be shared and may hold themselves.
 */
export type Pickled =
  | null
  | boolean
  | bigint
  | number
  | string
  | PickledList
  | PickledTuple
  | PickledDict
  | PickledObject
  | PickledTensor
  | PickledDevice;

export interface PickledList {
  readonly kind: 'list';
  readonly items: Pickled[];
}

export interface PickledTuple {
  readonly kind: 'tuple';
  readonly items: readonly Pickled[];
}

/** Entries in their order. */
export interface PickledDict {
  readonly kind: 'dict';
  readonly entries: [Pickled, Pickled][];
}

/** An instance of a class of the archive. `state` is what `BUILD` gave it: a dictionary of its attributes. */
export interface PickledObject {
  readonly kind: 'object';
  readonly typeName: string;
  /** What it was made from: the value of an enum, the fields of a named tuple; empty for a module. */
  readonly args: readonly Pickled[];
  state: Pickled | undefined;
}

export interface PickledDevice {
  readonly kind: 'device';
  readonly name: string;
}

/** The numbers of a record, seen as one type. */
export interface Storage {
  /** The record they lie in, such as `data/0`. */
  readonly record: string;
  readonly dtype: DType;
  /** The record's bytes, a view of the file. */
  readonly bytes: Uint8Array;
}

/** A view of a storage, in elements. Every element that it can reach lies in the storage. */
export interface PickledTensor {
  readonly kind: 'stored-tensor';
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}
