// The archives that test/golden/torchscript wrote, and a program of one of them run by itself.
import { readFileSync } from 'node:fs';
import { Budget } from '../../server/torchscript/evaluate/budget.js';
import { Interpreter } from '../../server/torchscript/evaluate/interpreter.js';
import { loadObjects } from '../../server/torchscript/evaluate/load-objects.js';
import { recordCalls } from '../../server/torchscript/evaluate/record-calls.js';
import { Graph } from '../../server/torchscript/graph/graph.js';
import { DEFAULT_LIMITS, type ImportLimits, readTorchScript } from '../../server/torchscript/import.js';
import type { ObjectValue, TupleValue, Value } from '../../server/torchscript/values.js';

export function readGolden(name: string): Uint8Array {
  return readFileSync(new URL(`../golden/data/torchscript/${name}`, import.meta.url));
}

export interface Program {
  readonly network: ObjectValue;
  readonly graph: Graph;
  call(method: string, ...args: Value[]): Value;
}

/** Opens an archive so that its methods can be called one by one. */
export function openProgram(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Program {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const { source } = readTorchScript(bytes, all);
  const graph = new Graph();
  const budget = new Budget(all);
  const load = { graph, budget, weights: source.weights, override: new Map<string, Value>() };
  const network = loadObjects(source.data, load) as ObjectValue;
  const constants = loadObjects(source.constants, load) as TupleValue;
  const operators = recordCalls(graph, budget, new Map());
  const interpreter = new Interpreter({ code: source.code, budget, operators, constants: constants.items });
  return { network, graph, call: (method, ...args) => interpreter.callMethod(network, method, args) };
}

/** A value of the golden JSON: `{"int": "1"}`, `{"float": "0.5"}`, `{"list": […]}`, … */
export function tagged(value: Value): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return { float: value };
  if (value.kind === 'list' || value.kind === 'tuple') return { [value.kind]: value.items.map(tagged) };
  if (value.kind === 'dict') return { dict: [...value.entries].map(([key, item]) => [tagged(key), tagged(item)]) };
  throw new Error(`A ${value.kind} is no plain value.`);
}

/** The golden JSON with its floats, which are written as Python shows them, as numbers. */
export function parseTagged(text: string): { readonly answers: Readonly<Record<string, unknown>> } {
  const named = new Map([
    ['inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['nan', Number.NaN],
  ]);
  return JSON.parse(text, (key, value) =>
    key === 'float' && typeof value === 'string' ? (named.get(value) ?? Number(value)) : value,
  );
}
