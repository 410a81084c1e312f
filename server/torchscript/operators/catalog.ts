// The table: every operator that can be translated, by its name, with its overloads in the order they are tried.
import type { Operator } from './define.js';
import { QUERIES } from './queries.js';

export const CATALOG: ReadonlyMap<string, readonly Operator[]> = byName([QUERIES]);

function byName(rooms: readonly (readonly Operator[])[]): ReadonlyMap<string, readonly Operator[]> {
  const table = new Map<string, Operator[]>();
  for (const operator of rooms.flat()) {
    table.set(operator.schema.name, [...(table.get(operator.schema.name) ?? []), operator]);
  }
  return table;
}
