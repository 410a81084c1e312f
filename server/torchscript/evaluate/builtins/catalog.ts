// All functions on plain values, by the last part of their serialised name.
import type { Builtin, BuiltinTable } from './builtin.js';
import { CONTAINERS } from './containers.js';
import { IDENTITY, LOGIC } from './logic.js';
import { NUMBERS } from './numbers.js';
import { SHOWN, TEXTS } from './texts.js';

const CATALOG: ReadonlyMap<string, Builtin> = new Map([
  ...entries(NUMBERS, 'plain'),
  ...entries(LOGIC, 'plain'),
  ...entries(TEXTS, 'plain'),
  ...entries(CONTAINERS, 'container'),
  // A number beside a tensor is the operators' affair.
  ...entries({ add: CONTAINERS['add']!, mul: CONTAINERS['mul']!, add_: CONTAINERS['add_']! }, 'plain'),
  ...entries(SHOWN, 'any'),
  ...entries(IDENTITY, 'any'),
]);

function entries(table: BuiltinTable, scope: Builtin['scope']): [string, Builtin][] {
  return Object.entries(table).map(([name, run]) => [name, { scope, run }]);
}

export function findBuiltin(name: string): Builtin | undefined {
  return CATALOG.get(name);
}
