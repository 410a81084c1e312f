// One evaluation of a network's `forward` for given shapes: from the archive's values to a graph with inputs and outputs.
import { TorchScriptError } from '../error.js';
import { Graph } from '../graph/graph.js';
import type { Tensor } from '../graph/tensor.js';
import type { Pickled } from '../pickle/pickled.js';
import type { Expression, FunctionDefinition } from '../source/ast.js';
import type { Code } from '../source/code.js';
import { isTensor, type Value } from '../values.js';
import { Budget, type EvaluateLimits } from './budget.js';
import { Interpreter } from './interpreter.js';
import { loadObjects, type WeightBytes } from './load-objects.js';
import { recordCalls } from './record-calls.js';

export interface NetworkSource {
  readonly code: Code;
  /** What data.pkl and constants.pkl hold. */
  readonly data: Pickled;
  readonly constants: Pickled;
  /** Shared by evaluations of the same source. */
  readonly weights: WeightBytes;
}

export interface Evaluated {
  readonly graph: Graph;
  /** Names of the network's inputs, those of `forward`'s parameters. */
  readonly inputNames: readonly string[];
  readonly called: ReadonlyMap<string, number>;
  readonly steps: number;
}

/** What `Module.eval()` does to every module. */
const EVALUATION: ReadonlyMap<string, Value> = new Map([['training', false]]);

/**
 * Runs `forward` with a tensor of each shape for each of its parameters that is one.
 * @throws TorchScriptError
 */
export function runNetwork(
  source: NetworkSource,
  shapes: readonly (readonly number[])[],
  limits: EvaluateLimits,
): Evaluated {
  const budget = new Budget(limits);
  const graph = new Graph(budget);
  const called = new Map<string, number>();
  const load = { graph, budget, weights: source.weights, override: EVALUATION };
  const network = loadObjects(source.data, load);
  const constants = loadObjects(source.constants, load);
  if (typeof network !== 'object' || network?.kind !== 'object') {
    throw new TorchScriptError('damaged', 'data.pkl', 'it holds no network.');
  }
  if (typeof constants !== 'object' || constants?.kind !== 'tuple') {
    throw new TorchScriptError('damaged', 'constants.pkl', 'it holds no tuple.');
  }
  const forward = findForward(source.code, network.typeName);
  const { args, names } = makeInputs(graph, forward, shapes);
  const operators = recordCalls(graph, budget, called);
  const interpreter = new Interpreter({ code: source.code, budget, operators, constants: constants.items });
  try {
    declareOutputs(graph, interpreter.callMethod(network, 'forward', args), budget);
  } catch (error) {
    throw placed(error, interpreter, limits);
  }
  return { graph, inputNames: names, called, steps: budget.steps };
}

/** An error with its place. The stack may still end before the counted depth does where a platform's is small. */
function placed(error: unknown, interpreter: Interpreter, limits: EvaluateLimits): unknown {
  if (error instanceof TorchScriptError) return error.at(interpreter.place() || 'forward');
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    const message = `calls are nested too deep, less than ${limits.maxDepth} of them: the network calls itself.`;
    return new TorchScriptError('limit', interpreter.place(), message);
  }
  return error;
}

function findForward(code: Code, type: string): FunctionDefinition {
  const found = code.findClass(type);
  if (found === undefined) {
    throw new TorchScriptError(
      'damaged',
      'data.pkl',
      `the code of ${type}, the network's class, is not in the archive.`,
    );
  }
  const forward = found.definition.methods.get('forward');
  if (forward === undefined) throw new TorchScriptError('unsupported', found.record, `${type} has no method forward.`);
  return forward;
}

/** Tensors for `forward`'s first parameters; the others keep their defaults, or are None. */
function makeInputs(
  graph: Graph,
  forward: FunctionDefinition,
  shapes: readonly (readonly number[])[],
): { args: Value[]; names: string[] } {
  const parameters = forward.parameters.slice(1);
  const names: string[] = [];
  const args: Value[] = [];
  for (const parameter of parameters) {
    const shape = shapes[names.length];
    if (!isTensorType(parameter.type) || (shape === undefined && parameter.default !== undefined)) {
      if (parameter.default !== undefined) break;
      if (!isOptionalType(parameter.type)) {
        const message = `forward takes ${parameter.name}, which is no tensor and has no default.`;
        throw new TorchScriptError('unsupported', 'forward', message);
      }
      args.push(null);
      continue;
    }
    if (shape === undefined) {
      const message = `forward takes more tensors than the ${shapes.length} whose shapes are given: ${parameter.name}.`;
      throw new TorchScriptError('unsupported', 'forward', message);
    }
    names.push(parameter.name);
    args.push(graph.input(parameter.name, 'float32', shape));
  }
  return { args, names };
}

/** A parameter without an annotation is a tensor, as in TorchScript. */
function isTensorType(type: Expression | undefined): boolean {
  return type === undefined || (type.is === 'name' && type.name === 'Tensor');
}

function isOptionalType(type: Expression | undefined): boolean {
  return type?.is === 'subscript' && type.object.is === 'name' && type.object.name === 'Optional';
}

/** Outputs by the names of fields and keys where there are some. */
function declareOutputs(graph: Graph, result: Value, budget: Budget): void {
  for (const [name, tensor] of outputsOf(result, 'output', budget)) graph.output(name, tensor);
  if (graph.outputs.length === 0) {
    throw new TorchScriptError('unsupported', 'forward', 'the network gives no tensor.');
  }
}

/** Items count again for each way to them: a list may hold itself. */
function* outputsOf(value: Value, name: string, budget: Budget, depth = 0): Generator<[string, Tensor]> {
  budget.allocate(1);
  if (isTensor(value)) yield [name, value];
  if (typeof value !== 'object' || value === null || depth > 8) return;
  if (value.kind === 'list' || value.kind === 'tuple') {
    const fields = value.kind === 'tuple' ? value.fieldNames : undefined;
    for (const [index, item] of value.items.entries()) {
      yield* outputsOf(item, fields?.[index] ?? `${name}_${index}`, budget, depth + 1);
    }
  } else if (value.kind === 'dict') {
    for (const [key, item] of value.entries) yield* outputsOf(item, String(key).slice(0, 100), budget, depth + 1);
  }
}
