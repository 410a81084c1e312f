// Types as the source writes them, asked of values: what `isinstance` does.
import { TorchScriptError } from '../error.js';
import type { Expression } from '../source/ast.js';
import { isTensor, type Value } from '../values.js';

/** Whether a value is of a type, or of one of a tuple of types. Lists and dictionaries match by their first item. */
export function matchesType(value: Value, type: Expression | undefined): boolean {
  if (type === undefined) throw new TorchScriptError('damaged', '', 'isinstance without a type.');
  switch (type.is) {
    case 'tuple':
      return type.items.some((one) => matchesType(value, one));
    case 'constant':
      return type.value === null && value === null;
    case 'name':
      return matchesPlain(value, type.name);
    case 'attribute':
      return typeof value === 'object' && value !== null && 'typeName' in value && value.typeName === dotted(type);
    case 'subscript':
      return type.object.is === 'name' && matchesGeneric(value, type.object.name, type.index);
    default:
      throw new TorchScriptError('damaged', '', 'isinstance with what is no type.');
  }
}

function matchesPlain(value: Value, name: string): boolean {
  switch (name) {
    case 'int':
      return typeof value === 'bigint';
    case 'float':
      return typeof value === 'number';
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'str':
      return typeof value === 'string';
    case 'NoneType':
      return value === null;
    case 'Tensor':
      return isTensor(value);
    case 'list':
    case 'tuple':
    case 'dict':
      return typeof value === 'object' && value?.kind === name;
    case 'Any':
      return true;
    default:
      throw new TorchScriptError('unsupported', '', `isinstance with the type ${name}.`);
  }
}

function matchesGeneric(value: Value, name: string, inner: Expression | undefined): boolean {
  if (name === 'Optional') return value === null || matchesType(value, inner);
  if (name === 'Union') return matchesType(value, inner);
  if (typeof value !== 'object' || value === null) return false;
  if (name === 'List')
    return value.kind === 'list' && (value.items[0] === undefined || matchesType(value.items[0], inner));
  if (name === 'Tuple') {
    const types = inner?.is === 'tuple' ? inner.items : inner === undefined ? [] : [inner];
    const isTuple = value.kind === 'tuple' && value.items.length === types.length;
    return isTuple && types.every((type, index) => matchesType(value.items[index]!, type));
  }
  if (name !== 'Dict' || value.kind !== 'dict') return false;
  const [first] = value.entries;
  const [keyType, valueType] = inner?.is === 'tuple' ? inner.items : [];
  return first === undefined || (matchesType(first[0], keyType) && matchesType(first[1], valueType));
}

function dotted(type: Expression): string {
  if (type.is === 'attribute') return `${dotted(type.object)}.${type.name}`;
  return type.is === 'name' ? type.name : '';
}
