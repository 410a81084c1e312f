// The table: every operator that can be translated, by its name, with its overloads in the order they are tried.
import { ACTIVATIONS } from './activations.js';
import { ARITHMETIC } from './arithmetic.js';
import { CONVOLUTION } from './convolution.js';
import { CREATION } from './creation.js';
import type { Operator } from './define.js';
import { ELEMENTWISE } from './elementwise.js';
import { INDEXING } from './indexing.js';
import { MATRICES } from './matrices.js';
import { MUTATION } from './mutation.js';
import { NORMALIZATION } from './normalization.js';
import { PADDING } from './padding.js';
import { POOLING } from './pooling.js';
import { QUERIES } from './queries.js';
import { REDUCTIONS } from './reductions.js';
import { RESIZE } from './resize.js';
import { SAMPLING } from './sampling.js';
import { SHAPES } from './shapes.js';

/** The operators by what they are about: the chapters of docs/torchscript-operators.md. */
export const CHAPTERS: Readonly<Record<string, readonly Operator[]>> = {
  Convolution: CONVOLUTION,
  Normalization: NORMALIZATION,
  Activations: ACTIVATIONS,
  Pooling: POOLING,
  Interpolation: RESIZE,
  Padding: PADDING,
  Sampling: SAMPLING,
  'Matrices and attention': MATRICES,
  Arithmetic: ARITHMETIC,
  'Functions, comparisons and choices': ELEMENTWISE,
  Reductions: REDUCTIONS,
  Shapes: SHAPES,
  Indexing: INDEXING,
  'Creation and conversion': CREATION,
  'Writing and no-ops': MUTATION,
  Questions: QUERIES,
};

export const CATALOG: ReadonlyMap<string, readonly Operator[]> = byName(Object.values(CHAPTERS).flat());

function byName(operators: readonly Operator[]): ReadonlyMap<string, readonly Operator[]> {
  const table = new Map<string, Operator[]>();
  for (const operator of operators) {
    table.set(operator.schema.name, [...(table.get(operator.schema.name) ?? []), operator]);
  }
  return table;
}
