// A call's values, matched with the overloads of its operator as torch matches them.
import { isTensor, listOf, typeName, type Value } from '../values.js';
import { Arguments } from './arguments.js';
import type { Operator } from './define.js';
import { OperatorError } from './operator-error.js';
import type { Schema, SchemaArgument } from './schema.js';

/** @throws OperatorError when no overload takes the values, with all overloads in the message. */
export function bindArguments(
  name: string,
  overloads: readonly Operator[],
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
): { operator: Operator; bound: Arguments } {
  for (const operator of overloads) {
    const values = bindSchema(operator.schema, args, kwargs);
    if (values) return { operator, bound: new Arguments(name, values) };
  }
  const came = [
    ...args.map((value) => typeName(value)),
    ...[...kwargs].map(([key, value]) => `${key}: ${typeName(value)}`),
  ].join(', ');
  const known = overloads.map((operator) => operator.schema.text).join('; ');
  throw new OperatorError(name, `No overload takes (${came}). Known: ${known}.`);
}

function bindSchema(
  schema: Schema,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
): Map<string, Value> | undefined {
  const positional = schema.arguments.filter((argument) => !argument.keywordOnly);
  if (args.length > positional.length) return undefined;
  const bound = new Map<string, Value>();
  let used = 0;
  for (const argument of schema.arguments) {
    const position = argument.keywordOnly ? -1 : positional.indexOf(argument);
    const isPlaced = position >= 0 && position < args.length;
    const isNamed = kwargs.has(argument.name);
    if (isPlaced && isNamed) return undefined;
    if (isNamed) used += 1;
    const value = isPlaced ? args[position] : isNamed ? kwargs.get(argument.name) : argument.defaultValue;
    if (value === undefined) return undefined;
    const coerced = coerce(argument, value);
    if (coerced === undefined) return undefined;
    bound.set(argument.name, coerced);
  }
  return used === kwargs.size ? bound : undefined;
}

/** The value as the argument takes it, or undefined when it does not. */
function coerce(argument: SchemaArgument, value: Value): Value | undefined {
  if (value === null) return argument.optional ? null : undefined;
  if (!argument.list) return coerceOne(argument.type, value);
  if (typeof value === 'object' && (value.kind === 'list' || value.kind === 'tuple')) {
    const items = value.items.map((item) =>
      item === null ? (argument.optionalItems ? null : undefined) : coerceOne(argument.type, item),
    );
    return items.some((item) => item === undefined) ? undefined : listOf(items as Value[]);
  }
  const single = argument.listSize === undefined ? undefined : coerceOne(argument.type, value);
  return single === undefined ? undefined : listOf(new Array<Value>(argument.listSize!).fill(single));
}

function coerceOne(type: string, value: Value): Value | undefined {
  switch (type) {
    case 'Tensor':
      return isTensor(value) ? value : undefined;
    case 'int':
    case 'ScalarType':
    case 'Layout':
    case 'MemoryFormat':
      return typeof value === 'bigint' ? value : undefined;
    case 'float':
      return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'Scalar':
      return ['number', 'bigint', 'boolean'].includes(typeof value) ? value : undefined;
    case 'str':
      return typeof value === 'string' ? value : undefined;
    case 'Device':
      return typeof value === 'object' && value?.kind === 'device' ? value : undefined;
    default:
      return value;
  }
}
