// What a function on plain values is: its scope, its computation, and how it gets at its arguments.
import { TorchScriptError } from '../../error.js';
import type { Value } from '../../values.js';
import { type DictValue, type ListValue, typeName } from '../../values.js';
import type { Budget } from '../budget.js';

export interface BuiltinCall {
  /** As the program wrote it, such as `torch.append`. */
  readonly name: string;
  readonly args: readonly Value[];
  readonly kwargs: ReadonlyMap<string, Value>;
  readonly budget: Budget;
}

/**
 * Which calls it computes: `plain` those without a tensor among the arguments, `container` those whose first argument is
 * no tensor, `any` all of them.
 */
export interface Builtin {
  readonly scope: 'plain' | 'container' | 'any';
  readonly run: (call: BuiltinCall) => Value;
}

export type BuiltinTable = Readonly<Record<string, (call: BuiltinCall) => Value>>;

export function argument({ args, name }: BuiltinCall, index: number): Value {
  const value = args[index];
  if (value === undefined) throw new TorchScriptError('damaged', '', `${name} has too few arguments.`);
  return value;
}

/** An argument that may be left out, which then is None. */
export function optional(call: BuiltinCall, index: number, name: string): Value {
  return call.args[index] ?? call.kwargs.get(name) ?? null;
}

export function int(call: BuiltinCall, index: number): bigint {
  const value = argument(call, index);
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  throw wrong(call, index, 'an int');
}

/** An int, a float or a bool as a number. */
export function number(call: BuiltinCall, index: number): number {
  const value = argument(call, index);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw wrong(call, index, 'a number');
}

export function text(call: BuiltinCall, index: number): string {
  const value = argument(call, index);
  if (typeof value !== 'string') throw wrong(call, index, 'a text');
  return value;
}

export function list(call: BuiltinCall, index: number): ListValue {
  const value = argument(call, index);
  if (typeof value !== 'object' || value?.kind !== 'list') throw wrong(call, index, 'a list');
  return value;
}

export function dict(call: BuiltinCall, index: number): DictValue {
  const value = argument(call, index);
  if (typeof value !== 'object' || value?.kind !== 'dict') throw wrong(call, index, 'a dictionary');
  return value;
}

export function wrong(call: BuiltinCall, index: number, expected: string): TorchScriptError {
  const came = call.args[index] === undefined ? 'nothing' : typeName(call.args[index]);
  return new TorchScriptError('unsupported', '', `${call.name}: argument ${index} is ${came}, expected ${expected}.`);
}

export function raised(message: string): TorchScriptError {
  return new TorchScriptError('raised', '', message);
}
