// The operators for one evaluation: their calls go into a graph, and what they fold is counted.
import { TorchScriptError } from '../error.js';
import { elementCount, readNumbers } from '../graph/constant.js';
import type { Graph } from '../graph/graph.js';
import type { Tensor } from '../graph/tensor.js';
import { callOperator, OperatorError } from '../operators/operator.js';
import { isTensor, type Value } from '../values.js';
import type { Budget } from './budget.js';
import type { Operators } from './call-named.js';

/** Numbers that count as one step when they are folded. */
const NUMBERS_PER_STEP = 8;
/** Elements of one tensor, more than any machine holds. */
const MAX_ELEMENTS = 2 ** 40;

/** `called` counts the calls of each operator. */
export function recordCalls(graph: Graph, budget: Budget, called: Map<string, number>): Operators {
  return {
    call(name, args, kwargs, origin) {
      called.set(name, (called.get(name) ?? 0) + 1);
      graph.origin = origin;
      const tensors = [...args, ...kwargs.values()].flatMap(tensorsOf);
      countFolded(graph, budget, tensors);
      try {
        const result = callOperator(name, args, kwargs, { graph });
        checkResult(graph, budget, tensorsOf(result));
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

function tensorsOf(value: Value): readonly Tensor[] {
  if (isTensor(value)) return [value];
  if (typeof value !== 'object' || value === null || (value.kind !== 'list' && value.kind !== 'tuple')) return [];
  return value.items.flatMap((item) => (isTensor(item) ? [item] : []));
}

/** A call whose tensors are all constant may be computed at once: its numbers count as work. */
function countFolded(graph: Graph, budget: Budget, tensors: readonly Tensor[]): void {
  budget.step(1 + tensors.length);
  if (tensors.some((tensor) => graph.constantOf(tensor.ref(graph)) === undefined)) return;
  const numbers = tensors.reduce((sum, { shape }) => sum + Math.min(2 ** 20, elementCount(shape)), 0);
  budget.step(Math.ceil(numbers / NUMBERS_PER_STEP));
}

function checkResult(graph: Graph, budget: Budget, tensors: readonly Tensor[]): void {
  budget.checkNodes(graph.nodes.length);
  for (const tensor of tensors) {
    const count = elementCount(tensor.shape);
    if (count > MAX_ELEMENTS) {
      const message = `a tensor of [${tensor.shape.join(', ')}] is made, more than any machine holds.`;
      throw new TorchScriptError('limit', graph.origin, message);
    }
    if (graph.constantOf(tensor.ref(graph)) !== undefined) budget.step(Math.ceil(count / NUMBERS_PER_STEP));
  }
}
