// The door to the operators: a call of the program, by its serialised name, becomes nodes of the graph or plain values.
import type { Graph } from '../graph/graph.js';
import { isTensor, type Value } from '../values.js';
import type { Arguments } from './arguments.js';
import { bindArguments } from './bind.js';
import { CATALOG } from './catalog.js';
import type { Operator } from './define.js';
import { writeTo } from './mutation.js';
import { OperatorError } from './operator-error.js';
import { SCHEMAS } from './schemas.js';

export { OperatorError } from './operator-error.js';

/** What an operator may use beside its arguments. */
export interface OperatorContext {
  readonly graph: Graph;
}

/** True when a call of that name (`torch.conv3d`, `ops.prim.NumToTensor`) is one of ours: it has a tensor in or out. */
export function hasOperator(name: string): boolean {
  const bare = bareName(name);
  return CATALOG.has(bare) || writtenName(bare) !== undefined;
}

/**
 * Computes one call. Shape queries give ints and lists; everything else records nodes in `context.graph`.
 * @throws OperatorError when the operator is unknown, no overload takes these arguments, or the graph cannot hold it.
 */
export function callOperator(
  name: string,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
  context: OperatorContext,
): Value {
  const bare = bareName(name);
  const direct = CATALOG.get(bare);
  if (direct) return call(name, direct, args, kwargs, context).result;
  const written = writtenName(bare);
  if (written === undefined) {
    throw new OperatorError(name, 'This operator is not in the table of those that can be translated.');
  }
  const { bound, result } = call(name, CATALOG.get(written)!, args, kwargs, context);
  const [self] = args;
  if (!isTensor(self) || !isTensor(result)) throw bound.error('It writes to no tensor.');
  return writeTo(bound, context.graph, self, result.ref(context.graph));
}

function call(
  name: string,
  overloads: readonly Operator[],
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value>,
  context: OperatorContext,
): { bound: Arguments; result: Value } {
  const { operator, bound } = bindArguments(name, overloads, args, kwargs);
  return { bound, result: operator.translate(bound, context) };
}

/** Operators whose writing form changes the tensor's shape: no handle of ours can follow. */
const RESHAPING = new Set(['squeeze', 'unsqueeze', 'transpose', 't', 'swapaxes', 'swapdims']);

/** `relu_` → `relu`, where torch has both and we have the second: the answer is written into the first argument. */
function writtenName(bare: string): string | undefined {
  const stem = bare.endsWith('_') ? bare.slice(0, -1) : '';
  const exists = CATALOG.has(stem) && !RESHAPING.has(stem);
  return exists && CATALOG.get(stem)!.some(({ overload }) => SCHEMAS[writingOverload(overload)]) ? stem : undefined;
}

/** `add.Tensor` → `add_.Tensor`. */
export function writingOverload(overload: string): string {
  const [stem, ...rest] = overload.split('.');
  return [`${stem}_`, ...rest].join('.');
}

/** `torch.add` and `ops.aten.add` → `add`; `ops.prim.dtype` → `dtype`. Names of other libraries stay whole. */
function bareName(name: string): string {
  return name.replace(/^(?:torch|ops\.(?:aten|prim)|aten|prim)[.:]+/, '');
}
