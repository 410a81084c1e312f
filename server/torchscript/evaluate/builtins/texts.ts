// Texts: mostly what networks say when they refuse an input.
import { isTensor, listOf, type Value } from '../../values.js';
import { argument, type BuiltinCall, type BuiltinTable, list, text } from './builtin.js';

/** Characters of one formatted text. */
const MAX_TEXT = 4_000;

export const TEXTS: BuiltinTable = {
  upper: (call) => text(call, 0).toUpperCase(),
  lower: (call) => text(call, 0).toLowerCase(),
  strip: (call) => text(call, 0).trim(),
  startswith: (call) => text(call, 0).startsWith(text(call, 1)),
  endswith: (call) => text(call, 0).endsWith(text(call, 1)),
  find: (call) => BigInt(text(call, 0).indexOf(text(call, 1))),
  split: (call) => {
    const parts = call.args[1] === undefined ? text(call, 0).trim().split(/\s+/) : text(call, 0).split(text(call, 1));
    call.budget.allocate(parts.length);
    return listOf(parts);
  },
  join: (call) => {
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

/** These show any value, tensors by their shapes. */
export const SHOWN: BuiltinTable = {
  format: (call) => {
    let next = 1;
    const made = text(call, 0).replace(/\{[^{}]*\}/g, () => show(call.args[next++] ?? null));
    return finish(call, made);
  },
  percentFormat: (call) => {
    const [, only] = call.args;
    const isTuple = call.args.length === 2 && typeof only === 'object' && only?.kind === 'tuple';
    const values = isTuple ? only.items : call.args.slice(1);
    let next = 0;
    const made = text(call, 0).replace(/%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]/g, () => show(values[next++] ?? null));
    return finish(call, made);
  },
  str: (call) => finish(call, show(argument(call, 0))),
};

function finish(call: BuiltinCall, made: string): string {
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
