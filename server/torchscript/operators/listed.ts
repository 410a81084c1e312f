// Numbers that an operator writes out one by one: places, weights of windows, rows of a table.
import { TorchScriptError } from '../error.js';
import type { Graph } from '../graph/graph.js';

/** A little more than the places of a grid with 160 cells a side have numbers. */
const MAX_LISTED = 2 ** 24;

/** What one costs until it is a constant. */
const BYTES_EACH = 16;

/**
 * `make(0)` to `make(count - 1)`. They count as numbers that the evaluation computes.
 * @throws TorchScriptError limit, before any is made
 */
export function listed<T>(graph: Graph, count: number, make: (index: number) => T): T[] {
  if (!(count <= MAX_LISTED)) {
    throw new TorchScriptError('limit', '', `${count} numbers are written out, more than ${MAX_LISTED}.`);
  }
  graph.meter.compute(Math.max(count, 0), BYTES_EACH);
  return Array.from({ length: count }, (_, index) => make(index));
}
