// One entry of the table: an overload of torch and its translation.
import type { Value } from '../values.js';
import type { Arguments } from './arguments.js';
import type { OperatorContext } from './operator.js';
import { parseSchema, type Schema } from './schema.js';
import { SCHEMAS } from './schemas.js';

export type Translate = (args: Arguments, context: OperatorContext) => Value;

export interface Operator {
  /** As torch names it: `conv3d`, `add.Tensor`. */
  readonly overload: string;
  readonly schema: Schema;
  readonly translate: Translate;
}

/** @param overloads One or more overloads with the same translation, by their names in `schemas.ts`. */
export function define(overloads: string | readonly string[], translate: Translate): readonly Operator[] {
  return [overloads].flat().map((overload) => {
    const text = SCHEMAS[overload];
    if (text === undefined) throw new Error(`schemas.ts lacks ${overload}: run test/golden/torchscript/schemas.py.`);
    return { overload, schema: parseSchema(text), translate };
  });
}
