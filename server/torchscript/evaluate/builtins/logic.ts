// Comparisons, identity and truth.
import { TorchScriptError } from '../../error.js';
import { isTensor, type Value } from '../../values.js';
import { truth } from '../assume.js';
import { argument, type BuiltinCall, type BuiltinTable, int, list, raised, text, wrong } from './builtin.js';

function ordered(holds: (a: number | string, b: number | string) => boolean): (call: BuiltinCall) => Value {
  return (call) => {
    const [a, b] = [argument(call, 0), argument(call, 1)];
    if (typeof a === 'string' && typeof b === 'string') return holds(a, b);
    [a, b].forEach((one, index) => {
      if (!isNumber(one)) throw wrong(call, index, 'a number');
    });
    return holds(a as number, b as number); // JavaScript compares bigints with numbers by their value.
  };
}

function bits(
  bools: (a: boolean, b: boolean) => boolean,
  ints: (a: bigint, b: bigint) => bigint,
): (call: BuiltinCall) => Value {
  return (call) => {
    const [a, b] = [argument(call, 0), argument(call, 1)];
    return typeof a === 'boolean' && typeof b === 'boolean' ? bools(a, b) : ints(int(call, 0), int(call, 1));
  };
}

export const LOGIC: BuiltinTable = {
  eq: (call) => areEqual(argument(call, 0), argument(call, 1), call),
  ne: (call) => !areEqual(argument(call, 0), argument(call, 1), call),
  lt: ordered((a, b) => a < b),
  le: ordered((a, b) => a <= b),
  gt: ordered((a, b) => a > b),
  ge: ordered((a, b) => a >= b),
  __not__: (call) => !truth(argument(call, 0)),
  __and__: bits(
    (a, b) => a && b,
    (a, b) => a & b,
  ),
  __or__: bits(
    (a, b) => a || b,
    (a, b) => a | b,
  ),
  __xor__: bits(
    (a, b) => a !== b,
    (a, b) => a ^ b,
  ),
  bool: (call) => {
    const value = argument(call, 0);
    return typeof value === 'string' ? value !== '' : truth(value);
  },
  all: (call) => counted(call).every((item) => truth(item)),
  any: (call) => counted(call).some((item) => truth(item)),
};

/** The items of a list that are all looked at. */
function counted(call: BuiltinCall): readonly Value[] {
  const { items } = list(call, 0);
  call.budget.step(items.length);
  return items;
}

/** These look at which value it is, and never at a tensor's numbers. */
export const IDENTITY: BuiltinTable = {
  __is__: (call) => isSame(argument(call, 0), argument(call, 1)),
  __isnot__: (call) => !isSame(argument(call, 0), argument(call, 1)),
  RaiseException: (call) => {
    throw raised(`the network refuses this input: ${text(call, 0).slice(0, 600)}`);
  },
  warn: () => null,
  print: () => null,
  Print: () => null,
  manual_seed: () => null,
  set_grad_enabled: () => null,
  is_grad_enabled: () => false,
  is_autocast_enabled: () => false,
  is_autocast_cpu_enabled: () => false,
  device: (call) => {
    const name = argument(call, 0);
    if (isTensor(name)) return { kind: 'device', name: 'cpu' };
    if (typeof name !== 'string') return name;
    const index = call.args[1];
    return { kind: 'device', name: typeof index === 'bigint' ? `${name}:${index}` : name };
  },
};

function isSame(a: Value, b: Value): boolean {
  if (typeof a === 'object' || typeof b === 'object') return a === b;
  return typeof a === typeof b && Object.is(a, b);
}

/** Equal as Python means it. @throws TorchScriptError unsupported when it would depend on a tensor's numbers */
export function areEqual(a: Value, b: Value, call: BuiltinCall, depth = 0): boolean {
  call.budget.step();
  if (isNumber(a) && isNumber(b)) {
    const [left, right] = [toComparable(a), toComparable(b)];
    return left <= right && left >= right; // Compares 1n with 1.0 by value; NaN equals nothing.
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (isTensor(a) || isTensor(b) || depth > 50) {
    throw new TorchScriptError('unsupported', '', `${call.name} compares the numbers of tensors in a list.`);
  }
  if (a === b) return true;
  if ((a.kind === 'list' || a.kind === 'tuple') && b.kind === a.kind) {
    const others = b.items;
    return a.items.length === others.length && a.items.every((one, at) => areEqual(one, others[at]!, call, depth + 1));
  }
  if (a.kind === 'device' && b.kind === 'device') return a.name === b.name;
  if (a.kind === 'dict' && b.kind === 'dict') {
    if (a.entries.size !== b.entries.size) return false;
    const others = b.entries;
    return [...a.entries].every(
      ([key, one]) => others.has(key) && areEqual(one, others.get(key) ?? null, call, depth + 1),
    );
  }
  if (a.kind === 'object' && b.kind === 'object' && a.typeName === b.typeName && a.attributes.has('value')) {
    return areEqual(a.attributes.get('value') ?? null, b.attributes.get('value') ?? null, call, depth + 1);
  }
  return false;
}

function isNumber(value: Value): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function toComparable(value: number | bigint | boolean): number | bigint {
  return typeof value === 'boolean' ? Number(value) : value;
}
