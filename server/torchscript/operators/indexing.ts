// Indexing with tensors: lists of places, masks, gathers and scatters.
import { elementCount, readNumbers } from '../graph/constant.js';
import type { Graph, Ref } from '../graph/graph.js';
import { broadcastShapes, cast, concat, expand, gather, reshape, transpose, unsqueeze } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import { tupleOf } from '../values.js';
import type { Arguments } from './arguments.js';
import { operand } from './arithmetic.js';
import { normalizeAxis } from './axes.js';
import { operandRef, tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { listed } from './listed.js';

/** Places along axes of their own; a mask counts for as many axes as it has. */
interface Places {
  readonly axes: readonly number[];
  /** int64, of one shape. */
  readonly refs: readonly Ref[];
  /** Whether the axes follow each other: then theirs is the place of the result. */
  readonly adjacent: boolean;
}

function readPlaces(args: Arguments, graph: Graph, indices: readonly (Tensor | undefined)[]): Places {
  const axes: number[] = [];
  const refs: Ref[] = [];
  let axis = 0;
  for (const index of indices) {
    if (!index) {
      axis += 1;
    } else if (index.dtype === 'bool' || index.dtype === 'uint8') {
      const lists = nonzero(args, graph, index);
      lists.forEach((list, offset) => {
        axes.push(axis + offset);
        refs.push(graph.numbers('int64', [list.length], list));
      });
      axis += index.rank;
    } else {
      axes.push(axis);
      refs.push(cast(graph, index.ref(graph), 'int64'));
      axis += 1;
    }
  }
  const shape = broadcastShapes(...refs.map((ref) => graph.value(ref).shape));
  if (!shape) throw args.error('The lists of places do not fit each other.');
  const adjacent = axes.every((own, at) => at === 0 || own === axes[at - 1]! + 1);
  return { axes, refs: refs.map((ref) => expand(graph, ref, shape)), adjacent };
}

/** Where a constant mask is true, one list an axis. */
function nonzero(args: Arguments, graph: Graph, mask: Tensor): number[][] {
  const constant = graph.constantOf(mask.ref(graph));
  if (!constant) throw args.error('How many places a mask has depends on the image: such sizes cannot be translated.');
  const lists = mask.shape.map((): number[] => []);
  const numbers = readNumbers(constant);
  for (let at = 0; at < numbers.length; at++) {
    if (numbers[at] === 0) continue;
    let rest = at;
    for (let axis = mask.rank - 1; axis >= 0; axis--) {
      lists[axis]!.push(rest % mask.shape[axis]!);
      rest = Math.floor(rest / mask.shape[axis]!);
    }
  }
  return lists;
}

function index(args: Arguments, graph: Graph, indices: readonly (Tensor | undefined)[]): Tensor {
  const self = args.tensor('self');
  const { axes, refs, adjacent } = readPlaces(args, graph, indices);
  if (axes.length === 0) return self;
  if (axes.length === 1) return tensorOf(graph, gather(graph, self.ref(graph), refs[0]!, axes[0]!));
  const rest = self.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const front = transpose(graph, self.ref(graph), [...axes, ...rest]);
  const shape = graph.value(refs[0]!).shape;
  const found = graph.node('GatherND', [front, stackPlaces(graph, refs)], {
    dtype: self.dtype,
    shape: [...shape, ...rest.map((axis) => self.shape[axis]!)],
  });
  if (!adjacent || axes[0] === 0) return tensorOf(graph, found);
  const before = axes[0]!;
  const places = shape.map((_, at) => at);
  const kept = rest.map((_, at) => shape.length + at);
  return tensorOf(graph, transpose(graph, found, [...kept.slice(0, before), ...places, ...kept.slice(before)]));
}

/** Lists of one shape as one tensor with a last axis: what the ND operators take. */
function stackPlaces(graph: Graph, refs: readonly Ref[]): Ref {
  const last = graph.value(refs[0]!).shape.length;
  return concat(
    graph,
    refs.map((ref) => unsqueeze(graph, ref, [last])),
    last,
  );
}

function indexPut(args: Arguments, graph: Graph, indices: readonly (Tensor | undefined)[]): Tensor {
  const [self, values] = [args.tensor('self'), args.tensor('values')];
  const accumulate = args.bool('accumulate');
  const [mask] = indices;
  if (mask?.dtype === 'bool' && indices.length === 1 && elementCount(values.shape) === 1 && !accumulate) {
    const wide = unsqueeze(
      graph,
      mask.ref(graph),
      self.shape.slice(mask.rank).map((_, at) => mask.rank + at),
    );
    const value = reshape(graph, operandRef(graph, values, self.dtype), []);
    return tensorOf(graph, graph.node('Where', [wide, value, self.ref(graph)], self));
  }
  const { axes, refs, adjacent } = readPlaces(args, graph, indices);
  const rest = self.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const perm = [...axes, ...rest];
  const front = transpose(graph, self.ref(graph), perm);
  const places = graph.value(refs[0]!).shape;
  // Values come in the order of an index's answer: places where their axes are, or in front.
  const before = adjacent ? axes[0]! : 0;
  const kept = rest.map((axis) => self.shape[axis]!);
  const spread = expand(graph, operandRef(graph, values, self.dtype), [
    ...kept.slice(0, before),
    ...places,
    ...kept.slice(before),
  ]);
  const order = [
    ...places.map((_, at) => before + at),
    ...rest.map((_, at) => (at < before ? at : at + places.length)),
  ];
  const updates = transpose(graph, spread, order);
  const inputs = [front, stackPlaces(graph, refs), updates];
  const changed = graph.node('ScatterND', inputs, graph.value(front), accumulate ? { reduction: 'add' } : {});
  return tensorOf(
    graph,
    transpose(
      graph,
      changed,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  );
}

function scatter(args: Arguments, graph: Graph, reduction: 'none' | 'add'): Tensor {
  const [self, places] = [args.tensor('self'), args.tensor('index')];
  const axis = normalizeAxis(args, args.int('dim'), self.rank);
  const source = operand(args, args.names.includes('src') ? 'src' : 'value');
  const updates = operandRef(graph, source, self.dtype);
  const sizes = places.shape;
  const spread = graph.value(updates).shape.length === 0 ? expand(graph, updates, sizes) : updates;
  const inputs = [self.ref(graph), cast(graph, places.ref(graph), 'int64'), spread];
  return tensorOf(graph, graph.node('ScatterElements', inputs, self, { axis, reduction }));
}

function gatherElements(graph: Graph, self: Tensor, places: Tensor, axis: number): Tensor {
  const inputs = [self.ref(graph), cast(graph, places.ref(graph), 'int64')];
  return tensorOf(graph, graph.node('GatherElements', inputs, { dtype: self.dtype, shape: places.shape }, { axis }));
}

export const INDEXING: readonly Operator[] = [
  define('index.Tensor', (args, { graph }) => index(args, graph, args.optionalTensors('indices'))),
  define('index.Tensor_hacked_twin', (args, { graph }) => index(args, graph, args.tensors('indices'))),
  define('index_put', (args, { graph }) => indexPut(args, graph, args.optionalTensors('indices'))),
  define('index_put.hacked_twin', (args, { graph }) => indexPut(args, graph, args.tensors('indices'))),
  define('index_select', (args, { graph }) => {
    const self = args.tensor('self');
    const axis = normalizeAxis(args, args.int('dim'), self.rank);
    return tensorOf(graph, gather(graph, self.ref(graph), cast(graph, args.tensor('index').ref(graph), 'int64'), axis));
  }),
  define('gather', (args, { graph }) => {
    const self = args.tensor('self');
    return gatherElements(graph, self, args.tensor('index'), normalizeAxis(args, args.int('dim'), self.rank));
  }),
  define('take_along_dim', (args, { graph }) => {
    const [self, places] = [args.tensor('self'), args.tensor('indices')];
    if (!args.has('dim')) throw args.error('It needs dim here.');
    const axis = normalizeAxis(args, args.int('dim'), self.rank);
    return gatherElements(graph, self, places, axis);
  }),
  define(['scatter.src', 'scatter.value'], (args, { graph }) => scatter(args, graph, 'none')),
  define('scatter_add', (args, { graph }) => scatter(args, graph, 'add')),
  define('embedding', (args, { graph }) => {
    const places = cast(graph, args.tensor('indices').ref(graph), 'int64');
    return tensorOf(graph, gather(graph, args.tensor('weight').ref(graph), places, 0));
  }),
  define('one_hot', (args, { graph }) => {
    const self = args.tensor('self');
    const count = args.int('num_classes');
    if (count < 0) throw args.error('It needs num_classes: the largest label depends on the image.');
    const classes = graph.ints(listed(graph, count, (label) => label));
    const labels = unsqueeze(graph, cast(graph, self.ref(graph), 'int64'), [self.rank]);
    const hits = graph.node('Equal', [labels, classes], { dtype: 'bool', shape: [...self.shape, count] });
    return tensorOf(graph, cast(graph, hits, 'int64'));
  }),
  define('topk', (args, { graph }) => topK(args, graph, args.int('k'), args.bool('largest'))),
  define(['sort', 'sort.stable'], (args, { graph }) => topK(args, graph, undefined, args.bool('descending'))),
  define(
    ['argsort', 'argsort.stable'],
    (args, { graph }) => topK(args, graph, undefined, args.bool('descending')).items[1]!,
  ),
].flat();

/** @param k All of the axis when it is not given. */
function topK(args: Arguments, graph: Graph, k: number | undefined, largest: boolean) {
  const self = args.tensor('self');
  const axis = normalizeAxis(args, args.int('dim'), self.rank);
  const count = k ?? self.shape[axis]!;
  const shape = self.shape.map((size, index) => (index === axis ? count : size));
  const outputs = [
    { dtype: self.dtype, shape },
    { dtype: 'int64' as const, shape },
  ];
  const inputs = [self.ref(graph), graph.ints([count])];
  const refs = graph.split('TopK', inputs, outputs, { axis, largest: largest ? 1 : 0, sorted: 1 });
  return tupleOf(refs.map((ref) => tensorOf(graph, ref)));
}
