// Lists, tuples and dictionaries: what is put in is counted, whoever puts it there.
import { type DictKey, type ListValue, listOf, type TupleValue, tupleOf, type Value } from '../../values.js';
import { iterate } from '../assume.js';
import { dictKey, getItem, getSlice, setItem } from '../items.js';
import { argument, type BuiltinCall, type BuiltinTable, dict, int, list, optional, raised, wrong } from './builtin.js';
import { areEqual } from './logic.js';
import { PLUS, TIMES } from './numbers.js';

export const CONTAINERS: BuiltinTable = {
  add: (call) => add(call),
  mul: (call) => multiply(call),
  add_: (call) => {
    if (!isList(argument(call, 0))) return PLUS(call);
    return extend(call);
  },
  len: (call) => {
    const value = argument(call, 0);
    if (typeof value === 'string') return BigInt(value.length);
    if (typeof value !== 'object' || value === null) throw wrong(call, 0, 'a list');
    if (value.kind === 'list' || value.kind === 'tuple') return BigInt(value.items.length);
    if (value.kind === 'dict') return BigInt(value.entries.size);
    throw wrong(call, 0, 'a list');
  },
  append: (call) => {
    call.budget.allocate(1);
    const target = list(call, 0);
    target.items.push(argument(call, 1));
    return target;
  },
  extend: (call) => extend(call),
  insert: (call) => {
    const { items } = list(call, 0);
    shift(call, items.length);
    items.splice(Number(int(call, 1)), 0, argument(call, 2));
    return null;
  },
  pop: (call) => {
    const target = argument(call, 0);
    if (!isList(target)) return popKey(call);
    const index = call.args[1] === undefined ? BigInt(target.items.length - 1) : int(call, 1);
    const value = getItem(target, index);
    call.budget.step(target.items.length);
    target.items.splice(Number(index < 0n ? index + BigInt(target.items.length) : index), 1);
    return value;
  },
  remove: (call) => {
    const { items } = list(call, 0);
    const at = find(call, items);
    if (at < 0) throw raised('ValueError: the item is not in the list.');
    call.budget.step(items.length);
    items.splice(at, 1);
    return null;
  },
  reverse: (call) => {
    const { items } = list(call, 0);
    call.budget.step(items.length);
    items.reverse();
    return null;
  },
  clear: (call) => {
    const target = argument(call, 0);
    if (isList(target)) target.items.length = 0;
    else dict(call, 0).entries.clear();
    return null;
  },
  copy: (call) => {
    const target = argument(call, 0);
    if (!isList(target)) return copyDict(call);
    call.budget.allocate(target.items.length);
    return listOf([...target.items]);
  },
  list: (call) => {
    const value = call.args.length === 0 ? listOf([]) : argument(call, 0);
    call.budget.allocate(lengthOf(value));
    return listOf([...iterate(value)]);
  },
  slice: (call) =>
    getSlice(
      argument(call, 0),
      optional(call, 1, 'start'),
      optional(call, 2, 'end'),
      optional(call, 3, 'step'),
      call.budget,
    ),
  index: (call) => {
    const at = find(call, list(call, 0).items);
    if (at < 0) throw raised('ValueError: the item is not in the list.');
    return BigInt(at);
  },
  count: (call) => BigInt(list(call, 0).items.filter((item) => areEqual(item, argument(call, 1), call)).length),
  sort: (call) => {
    const target = list(call, 0);
    const sorted = sort(call, target.items);
    target.items.splice(0, sorted.length, ...sorted);
    return null;
  },
  sorted: (call) => {
    const { items } = list(call, 0);
    call.budget.allocate(items.length);
    return listOf(sort(call, items));
  },
  __contains__: (call) => contains(call),
  __getitem__: (call) => getItem(argument(call, 0), argument(call, 1)),
  _set_item: (call) => set(call),
  Delete: (call) => remove(call),
  __delitem__: (call) => remove(call),
  keys: (call) => itemsOf(call, [...dict(call, 0).entries.keys()]),
  values: (call) => itemsOf(call, [...dict(call, 0).entries.values()]),
  items: (call) =>
    itemsOf(
      call,
      [...dict(call, 0).entries].map((pair) => tupleOf(pair)),
    ),
  get: (call) => {
    const found = dict(call, 0).entries.get(dictKey(argument(call, 1)));
    return found === undefined ? optional(call, 2, 'default_value') : found;
  },
  setdefault: (call) => {
    const { entries } = dict(call, 0);
    const key = dictKey(argument(call, 1));
    if (!entries.has(key)) set(call);
    return entries.get(key) ?? null;
  },
  update: (call) => {
    const others = dict(call, 1).entries;
    call.budget.allocate(others.size);
    for (const [key, value] of others) dict(call, 0).entries.set(key, value);
    return null;
  },
  dict: (call) => {
    const entries = new Map<DictKey, Value>();
    const pairs = call.args.length === 0 ? [] : [...iterate(argument(call, 0))];
    call.budget.allocate(pairs.length);
    for (const pair of pairs) entries.set(dictKey(getItem(pair, 0n)), getItem(pair, 1n));
    return { kind: 'dict', entries };
  },
};

function add(call: BuiltinCall): Value {
  const [a, b] = [argument(call, 0), argument(call, 1)];
  if (typeof a === 'string' && typeof b === 'string') {
    call.budget.allocate(a.length + b.length);
    return a + b;
  }
  if (!isSequence(a) || !isSequence(b) || a.kind !== b.kind) return PLUS(call);
  call.budget.allocate(a.items.length + b.items.length);
  return { kind: a.kind, items: [...a.items, ...b.items] } as Value;
}

function multiply(call: BuiltinCall): Value {
  const [a, b] = [argument(call, 0), argument(call, 1)];
  const [repeated, count] = isList(a) || typeof a === 'string' ? [a, b] : [b, a];
  if (!isList(repeated) && typeof repeated !== 'string') return TIMES(call);
  if (typeof count !== 'bigint') throw wrong(call, 1, 'an int');
  const times = count < 0n ? 0 : Number(count);
  const length = typeof repeated === 'string' ? repeated.length : repeated.items.length;
  call.budget.allocate(length * times);
  if (typeof repeated === 'string') return repeated.repeat(length === 0 ? 0 : times);
  const items: Value[] = [];
  for (let time = 0; time < (length === 0 ? 0 : times); time += 1) for (const item of repeated.items) items.push(item);
  return listOf(items);
}

function extend(call: BuiltinCall): Value {
  const target = list(call, 0);
  call.budget.allocate(lengthOf(argument(call, 1)));
  const added = [...iterate(argument(call, 1))];
  for (const item of added) target.items.push(item);
  return target;
}

function set(call: BuiltinCall): Value {
  setItem(argument(call, 0), argument(call, 1), call.args[2] ?? null, call.budget);
  return argument(call, 0);
}

function remove(call: BuiltinCall): Value {
  const target = argument(call, 0);
  if (isList(target)) {
    getItem(target, argument(call, 1));
    call.budget.step(target.items.length);
    target.items.splice(Number(int(call, 1)), 1);
  } else if (!dict(call, 0).entries.delete(dictKey(argument(call, 1)))) {
    throw raised('KeyError: there is nothing to delete.');
  }
  return null;
}

function popKey(call: BuiltinCall): Value {
  const { entries } = dict(call, 0);
  const key = dictKey(argument(call, 1));
  const value = entries.get(key);
  if (value === undefined && call.args[2] === undefined) throw raised('KeyError: there is nothing to pop.');
  entries.delete(key);
  return value === undefined ? call.args[2]! : value;
}

function contains(call: BuiltinCall): Value {
  const [target, item] = [argument(call, 0), argument(call, 1)];
  call.budget.step(lengthOf(target));
  if (typeof target === 'string') return typeof item === 'string' && target.includes(item);
  if (typeof target === 'object' && target?.kind === 'dict') return target.entries.has(dictKey(item));
  return find(call, [...iterate(target)]) >= 0;
}

function find(call: BuiltinCall, items: readonly Value[]): number {
  return items.findIndex((item) => areEqual(item, argument(call, 1), call));
}

function sort(call: BuiltinCall, items: readonly Value[]): Value[] {
  call.budget.step(items.length * 20);
  items.forEach((item) => {
    if (!['bigint', 'number', 'string'].includes(typeof item)) throw wrong(call, 0, 'a list of numbers or texts');
  });
  const down = optional(call, 1, 'reverse') === true ? -1 : 1;
  return [...items].sort((a, b) => ((a as number) < (b as number) ? -down : (a as number) > (b as number) ? down : 0));
}

function copyDict(call: BuiltinCall): Value {
  const { entries } = dict(call, 0);
  call.budget.allocate(entries.size);
  return { kind: 'dict', entries: new Map(entries) };
}

function itemsOf(call: BuiltinCall, items: Value[]): Value {
  call.budget.allocate(items.length);
  return listOf(items);
}

/** One more item in a list whose others move. */
function shift(call: BuiltinCall, count: number): void {
  call.budget.allocate(1);
  call.budget.step(count);
}

/** What going over a value costs; a dictionary is looked up, not gone over. */
function lengthOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  return isSequence(value) ? value.items.length : 0;
}

function isList(value: Value): value is ListValue {
  return typeof value === 'object' && value?.kind === 'list';
}

function isSequence(value: Value): value is ListValue | TupleValue {
  return typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple');
}
