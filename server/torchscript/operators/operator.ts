// The door to the operators: a call of the program, by its serialised name, becomes nodes of the graph or plain values.
import type { Graph } from '../graph/graph.js';
import type { Value } from '../values.js';
import { bindArguments } from './bind.js';
import { CATALOG } from './catalog.js';
import { OperatorError } from './operator-error.js';

export { OperatorError } from './operator-error.js';

/** What an operator may use beside its arguments. */
export interface OperatorContext {
  readonly graph: Graph;
}

/** True when a call of that name (`torch.conv3d`, `ops.prim.NumToTensor`) is one of ours: it has a tensor in or out. */
export function hasOperator(name: string): boolean {
  return CATALOG.has(bareName(name));
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
  const overloads = CATALOG.get(bare);
  if (!overloads) throw new OperatorError(name, 'This operator is not in the table of those that can be translated.');
  const { operator, bound } = bindArguments(name, overloads, args, kwargs);
  return operator.translate(bound, context);
}

/** `torch.add` and `ops.aten.add` → `add`; `ops.prim.dtype` → `dtype`. Names of other libraries stay whole. */
function bareName(name: string): string {
  return name.replace(/^(?:torch|ops\.(?:aten|prim)|aten|prim)[.:]+/, '');
}
