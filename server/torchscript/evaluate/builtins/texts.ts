// Texts: mostly what networks say when they refuse an input.
import { isTensor, listOf, type Value } from '../../values.js';
import { argument, type BuiltinCall, type BuiltinTable, list, text } from './builtin.js';

/** Characters of one formatted text. */
const MAX_TEXT = 4_000;

export const TEXTS: BuiltinTable = {
  upper: (call) => counted(call).toUpperCase(),
  lower: (call) => counted(call).toLowerCase(),
  strip: (call) => counted(call).trim(),
  startswith: (call) => text(call, 0).startsWith(text(call, 1)),
  endswith: (call) => text(call, 0).endsWith(text(call, 1)),
  find: (call) => BigInt(counted(call).indexOf(text(call, 1))),
  split: (call) => {
    const whole = counted(call);
    const parts = call.args[1] === undefined ? whole.trim().split(/\s+/) : whole.split(text(call, 1));
    call.budget.allocate(parts.length);
    return listOf(parts);
  },
  join: (call) => {
    call.budget.step(list(call, 1).items.length);
    const parts = list(call, 1).items.map(String);
    call.budget.allocate(parts.reduce((sum, part) => sum + part.length + text(call, 0).length, 0));
    return parts.join(text(call, 0));
  },
  replace: (call) => {
    const [whole, from, to] = [text(call, 0), text(call, 1), text(call, 2)];
    call.budget.allocate(whole.length * (1 + to.length));
    return from === '' ? whole : whole.replaceAll(from, () => to);
  },
};

/** A text that is gone over, or written anew. */
function counted(call: BuiltinCall): string {
  const whole = text(call, 0);
  call.budget.allocate(whole.length);
  return whole;
}

/** These show any value, tensors by their shapes. */
export const SHOWN: BuiltinTable = {
  format: (call) => {
    let next = 1;
    const made = counted(call).replace(/\{[^{}]*\}/g, () => show(call.args[next++] ?? null));
    return finish(call, made);
  },
  percentFormat: (call) => {
    const [, only] = call.args;
    const isTuple = call.args.length === 2 && typeof only === 'object' && only?.kind === 'tuple';
    const values = isTuple ? only.items : call.args.slice(1);
    let next = 0;
    const made = counted(call).replace(/%[-+ #0]*(?:[1-9]\d*)?(?:\.\d+)?[a-zA-Z]/g, () => show(values[next++] ?? null));
    return finish(call, made);
  },
  str: (call) => finish(call, show(argument(call, 0))),
};

function finish(call: BuiltinCall, made: string): string {
  call.budget.step(made.length);
  const cut = made.slice(0, MAX_TEXT);
  call.budget.allocate(cut.length);
  return cut;
}

/** A value as Python would print it, shortened. */
export function show(value: Value, depth = 0): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value.slice(0, 100));
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}.` : String(value);
  if (typeof value === 'bigint') return String(value);
  if (isTensor(value)) return `a tensor of [${value.shape.join(', ')}]`;
  if (value.kind === 'list' || value.kind === 'tuple') {
    const items = depth > 3 ? ['…'] : value.items.slice(0, 20).map((item) => show(item, depth + 1));
    if (value.items.length > 20) items.push('…');
    return value.kind === 'list' ? `[${items.join(', ')}]` : `(${items.join(', ')})`;
  }
  return value.kind === 'device' ? value.name : `<${value.kind}>`;
}
