// A call by its serialised name: computed here when it is about plain values, recorded by the operators when about tensors.
import { TorchScriptError } from '../error.js';
import type { Tensor } from '../graph/tensor.js';
import { isTensor, type Value } from '../values.js';
import type { Budget } from './budget.js';
import { findBuiltin } from './builtins/catalog.js';

/** The operators on tensors, as the evaluation sees them. `origin` is where in the source the call stands. */
export interface Operators {
  /** @throws TorchScriptError; OperatorError */
  call(name: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value>, origin: string): Value;
  /** The number of a tensor of one element; undefined when it depends on the network's input. */
  read(tensor: Tensor): number | undefined;
}

/** What a call by name needs beside its arguments. */
export interface NamedCallContext {
  readonly operators: Operators;
  readonly budget: Budget;
  /** Where the call stands; asked for calls of operators only. */
  place(): string;
}

/** @throws TorchScriptError; errors of the operators */
export function callNamed(
  name: string,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
  context: NamedCallContext,
): Value {
  const builtin = findBuiltin(name.replace(/^(?:torch|math|ops\.(?:aten|prim))\./, ''));
  const isOurs = { any: true, container: !isTensor(args[0]), plain: !args.some(isTensor) };
  if (builtin !== undefined && isOurs[builtin.scope]) {
    return builtin.run({ name, args, kwargs, budget: context.budget });
  }
  const [first] = args;
  if (CONVERSIONS.has(name) && isTensor(first)) return toNumber(name, first, context.operators);
  return context.operators.call(name, args, kwargs, context.place());
}

const CONVERSIONS: ReadonlySet<string> = new Set(['int', 'float', 'bool', 'torch.item']);

/** The number of a tensor, for the program to count or branch with. */
function toNumber(name: string, tensor: Tensor, operators: Operators): Value {
  const number = operators.read(tensor);
  if (number === undefined) {
    const message = `${name}() of a tensor whose numbers differ from image to image: the network branches or counts by them.`;
    throw new TorchScriptError('unsupported', '', message);
  }
  const isInt = name === 'int' || (name === 'torch.item' && /^u?int/.test(tensor.dtype));
  if (isInt) return BigInt(Math.trunc(number));
  return name === 'bool' || (name === 'torch.item' && tensor.dtype === 'bool') ? number !== 0 : number;
}
