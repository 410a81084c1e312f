// From what the pickles hold to values of the program: objects with their attributes, weights as constants of the graph.
import { TorchScriptError } from '../error.js';
import type { Graph } from '../graph/graph.js';
import type { Pickled, PickledObject, PickledTensor } from '../pickle/pickled.js';
import { isContiguous, storedBytes } from '../pickle/stored-numbers.js';
import type { DictKey, Value } from '../values.js';
import type { Budget } from './budget.js';

/** Bytes of the weights in C order, kept so that two evaluations share them. */
export type WeightBytes = Map<PickledTensor, Uint8Array>;

export interface LoadContext {
  readonly graph: Graph;
  readonly budget: Budget;
  readonly weights: WeightBytes;
  /** What is put in place of an attribute's value, if anything: evaluation instead of training. */
  readonly override: ReadonlyMap<string, Value>;
}

const MAX_DEPTH = 400;

/** Makes the values of a pickle. What it shares or holds in circles is shared and circular here too. */
export function loadObjects(pickled: Pickled, context: LoadContext): Value {
  const known = new Map<Pickled, Value>();
  const load = (value: Pickled, depth: number): Value => {
    if (typeof value !== 'object' || value === null) return value;
    const seen = known.get(value);
    if (seen !== undefined) return seen;
    if (depth > MAX_DEPTH) {
      throw new TorchScriptError('limit', 'data.pkl', `objects are nested more than ${MAX_DEPTH} deep.`);
    }
    const remember = <T extends Value>(made: T): T => {
      known.set(value, made);
      return made;
    };
    const loadAll = (items: readonly Pickled[], into: Value[]) => {
      context.budget.allocate(items.length);
      for (const item of items) into.push(load(item, depth + 1));
    };
    switch (value.kind) {
      case 'stored-tensor':
        return remember(loadTensor(value, context));
      case 'device':
        return remember({ kind: 'device', name: value.name });
      case 'list':
      case 'tuple': {
        const items: Value[] = [];
        const made = remember({ kind: value.kind, items });
        loadAll(value.items, items);
        return made;
      }
      case 'dict': {
        const made = remember({ kind: 'dict', entries: new Map<DictKey, Value>() });
        context.budget.allocate(value.entries.length);
        for (const [key, item] of value.entries) {
          if (!isDictKey(key))
            throw new TorchScriptError('damaged', 'data.pkl', 'a key of a dictionary is no text or number.');
          made.entries.set(key, load(item, depth + 1));
        }
        return made;
      }
      case 'object':
        return loadInstance(value, context, (item) => load(item, depth + 1), remember);
    }
  };
  return load(pickled, 0);
}

function loadInstance(
  object: PickledObject,
  context: LoadContext,
  load: (item: Pickled) => Value,
  remember: <T extends Value>(made: T) => T,
): Value {
  const attributes = new Map<string, Value>();
  const made = remember({ kind: 'object', typeName: object.typeName, attributes });
  if (object.args.length > 0) attributes.set('value', load(object.args[0]!));
  const { state } = object;
  if (state === undefined) return made;
  if (typeof state !== 'object' || state === null || state.kind !== 'dict') {
    const message = `${object.typeName} has a state of its own making (__getstate__), which is not read.`;
    throw new TorchScriptError('unsupported', 'data.pkl', message);
  }
  context.budget.allocate(state.entries.length);
  for (const [name, value] of state.entries) {
    if (typeof name !== 'string') throw new TorchScriptError('damaged', 'data.pkl', 'an attribute has no name.');
    const instead = context.override.get(name);
    attributes.set(name, instead === undefined ? load(value) : instead);
  }
  return made;
}

function loadTensor(tensor: PickledTensor, { graph, budget, weights }: LoadContext): Value {
  let bytes = weights.get(tensor);
  if (bytes === undefined) {
    if (!isContiguous(tensor)) budget.copy(tensor.shape.reduce((product, size) => product * size, 8));
    bytes = storedBytes(tensor);
    weights.set(tensor, bytes);
  }
  return graph.weight({ dtype: tensor.storage.dtype, shape: tensor.shape, bytes });
}

function isDictKey(value: Pickled): value is DictKey {
  return ['string', 'bigint', 'number', 'boolean'].includes(typeof value);
}
