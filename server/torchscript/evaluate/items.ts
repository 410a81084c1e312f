// Subscripts: items and slices of lists, tuples, texts and dictionaries, counted as Python counts.
import { TorchScriptError } from '../error.js';
import { type DictKey, listOf, typeName, type Value } from '../values.js';
import type { Budget } from './budget.js';

export function getItem(object: Value, index: Value): Value {
  if (typeof object === 'string') return object[position(index, object.length)]!;
  if (typeof object === 'object' && object !== null) {
    if (object.kind === 'list' || object.kind === 'tuple') return object.items[position(index, object.items.length)]!;
    if (object.kind === 'dict') {
      const value = object.entries.get(dictKey(index));
      if (value !== undefined) return value;
      throw new TorchScriptError('raised', '', `KeyError: ${show(index)}.`);
    }
  }
  throw new TorchScriptError('unsupported', '', `an item of a ${typeName(object)}.`);
}

export function setItem(object: Value, index: Value, value: Value, budget: Budget): void {
  if (typeof object === 'object' && object?.kind === 'list') {
    object.items[position(index, object.items.length)] = value;
  } else if (typeof object === 'object' && object?.kind === 'dict') {
    budget.allocate(1);
    object.entries.set(dictKey(index), value);
  } else {
    throw new TorchScriptError('unsupported', '', `an item of a ${typeName(object)} is set.`);
  }
}

/** `object[start:stop:step]`; None leaves a bound out. */
export function getSlice(object: Value, start: Value, stop: Value, step: Value, budget: Budget): Value {
  if (typeof object === 'string') budget.allocate(object.length);
  const items = typeof object === 'string' ? [...object] : itemsOf(object);
  const by = step === null ? 1 : Number(step);
  if (!Number.isInteger(by) || by === 0) throw new TorchScriptError('raised', '', 'a slice has a step of zero.');
  const [first, end] = by > 0 ? [0, items.length] : [items.length - 1, -1];
  const from = bound(start, items.length, first, by);
  const to = bound(stop, items.length, end, by);
  const count = Math.max(0, Math.ceil((to - from) / by));
  budget.allocate(count);
  const taken = Array.from({ length: count }, (_, index) => items[from + index * by]!);
  if (typeof object === 'string') return taken.join('');
  return typeof object === 'object' && object?.kind === 'tuple' ? { kind: 'tuple', items: taken } : listOf(taken);
}

export function dictKey(key: Value): DictKey {
  if (key !== null && typeof key !== 'object') return key;
  throw new TorchScriptError('unsupported', '', `a key of a dictionary is a ${typeName(key)}.`);
}

function itemsOf(object: Value): readonly Value[] {
  if (typeof object === 'object' && (object?.kind === 'list' || object?.kind === 'tuple')) return object.items;
  throw new TorchScriptError('unsupported', '', `a slice of a ${typeName(object)}.`);
}

function position(index: Value, length: number): number {
  if (typeof index !== 'bigint') throw new TorchScriptError('damaged', '', `an index is a ${typeName(index)}.`);
  const at = Number(index < 0n ? index + BigInt(length) : index);
  if (at < 0 || at >= length) throw new TorchScriptError('raised', '', `IndexError: ${index} of ${length} items.`);
  return at;
}

/** A bound as an index, cut to where the slice may begin and end. */
function bound(value: Value, length: number, otherwise: number, step: number): number {
  if (value === null) return otherwise;
  if (typeof value !== 'bigint')
    throw new TorchScriptError('damaged', '', `a bound of a slice is a ${typeName(value)}.`);
  const at = value < 0n ? value + BigInt(length) : value;
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  return at < BigInt(low) ? low : at > BigInt(high) ? high : Number(at);
}

function show(value: Value): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}
