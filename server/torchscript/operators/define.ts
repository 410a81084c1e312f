// One entry of the table: a schema of torch and its translation.
import type { Value } from '../values.js';
import type { Arguments } from './arguments.js';
import type { OperatorContext } from './operator.js';
import { parseSchema, type Schema } from './schema.js';

export type Translate = (args: Arguments, context: OperatorContext) => Value;

export interface Operator {
  readonly schema: Schema;
  readonly translate: Translate;
}

/** @param schemas One or more texts of overloads with the same translation. */
export function define(schemas: string | readonly string[], translate: Translate): readonly Operator[] {
  return [schemas].flat().map((text) => ({ schema: parseSchema(text), translate }));
}
