// The operators for one evaluation: their calls go into a graph, and what they fold is counted.
import { TorchScriptError } from '../error.js';
import { elementCount, readNumbers } from '../graph/constant.js';
import type { Graph } from '../graph/graph.js';
import { callOperator, OperatorError } from '../operators/operator.js';
import { isTensor, type Value } from '../values.js';
import type { Budget } from './budget.js';
import type { Operators } from './call-named.js';

/** What a call costs beside an expression. */
const STEPS_OF_A_CALL = 40;
/** Elements of one tensor, more than any machine holds. */
const MAX_ELEMENTS = 2 ** 40;

/** `called` counts the calls of each operator. */
export function recordCalls(graph: Graph, budget: Budget, called: Map<string, number>): Operators {
  return {
    call(name, args, kwargs, origin) {
      called.set(name, (called.get(name) ?? 0) + 1);
      graph.origin = origin;
      budget.step(STEPS_OF_A_CALL);
      for (const value of [...args, ...kwargs.values()]) budget.step(lengthOf(value));
      try {
        const result = callOperator(name, args, kwargs, { graph });
        budget.step(lengthOf(result));
        checkSizes(graph, result);
        return result;
      } catch (cause) {
        if (cause instanceof TorchScriptError) throw cause;
        // Arguments that no network has (a negative size) may break what is written for those of networks.
        const why = cause instanceof OperatorError ? cause.message : `${name} of these arguments: ${String(cause)}`;
        throw new TorchScriptError('unsupported', origin, why, { cause });
      }
    },
    read(tensor) {
      const constant = graph.constantOf(tensor.ref(graph));
      return constant === undefined || elementCount(constant.shape) !== 1 ? undefined : readNumbers(constant)[0];
    },
  };
}

function lengthOf(value: Value): number {
  return typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple') ? value.items.length : 0;
}

function checkSizes(graph: Graph, result: Value): void {
  if (isTensor(result)) {
    if (elementCount(result.shape) <= MAX_ELEMENTS) return;
    const message = `a tensor of [${result.shape.join(', ')}] is made, more than any machine holds.`;
    throw new TorchScriptError('limit', graph.origin, message);
  }
  if (typeof result !== 'object' || (result?.kind !== 'list' && result?.kind !== 'tuple')) return;
  for (const item of result.items) if (isTensor(item)) checkSizes(graph, item);
}
