// Shapes: views, splits, joins, repetitions, rolls and pads.
import { promoteTypes } from '../dtypes.js';
import { elementCount } from '../graph/constant.js';
import type { Graph, Ref } from '../graph/graph.js';
import {
  broadcastShapes,
  cast,
  concat,
  expand,
  gather,
  reshape,
  reverse,
  slice,
  transpose,
  unsqueeze,
} from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import { listOf } from '../values.js';
import type { Arguments } from './arguments.js';
import { normalizeAxes, normalizeAxis } from './axes.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { listed } from './listed.js';
import {
  completeShape,
  expandTensor,
  moveAxis,
  permuteTensor,
  reshapeTensor,
  sameTensor,
  selectTensor,
  sliceTensor,
  splitTensor,
  squeezeTensor,
  swapAxes,
  unsqueezeTensor,
} from './views.js';

const axisOf = (args: Arguments, self: Tensor, name = 'dim') => normalizeAxis(args, args.int(name), self.rank);

function reshapeTo(args: Arguments, graph: Graph, wanted: readonly number[]): Tensor {
  const self = args.tensor('self');
  return reshapeTensor(graph, self, completeShape(args, wanted, elementCount(self.shape)));
}

function chunk(args: Arguments, graph: Graph): Tensor[] {
  const self = args.tensor('self');
  const axis = axisOf(args, self);
  return splitTensor(
    graph,
    self,
    axis,
    equalSizes(graph, self.shape[axis]!, Math.ceil(self.shape[axis]! / args.int('chunks'))),
  );
}

function equalSizes(graph: Graph, total: number, size: number): number[] {
  const count = Math.max(1, Math.ceil(total / size));
  return listed(graph, count, (index) => Math.min(size, total - index * size));
}

/** Joined along an axis, in the type that all of them promote to. Torch lets an empty list of numbers through. */
function join(args: Arguments, graph: Graph, tensors: readonly Tensor[], axis: number): Tensor {
  const filled = tensors.filter(({ shape }) => !(shape.length === 1 && shape[0] === 0));
  const [first] = filled;
  for (const { shape } of filled) {
    const fits = shape.length === first!.rank && shape.every((size, at) => at === axis || size === first!.shape[at]);
    if (!fits) throw args.error(`Shapes [${first!.shape}] and [${shape}] cannot be joined along axis ${axis}.`);
  }
  const dtype = tensors.map((tensor) => tensor.dtype).reduce(promoteTypes);
  const refs = filled.map((tensor) => cast(graph, tensor.ref(graph), dtype));
  return tensorOf(graph, refs.length === 0 ? tensors[0]!.ref(graph) : concat(graph, refs, axis));
}

function cat(args: Arguments, graph: Graph): Tensor {
  const tensors = args.tensors('tensors');
  if (tensors.length === 0) throw args.error('There is nothing to join.');
  return join(args, graph, tensors, normalizeAxis(args, args.int('dim'), Math.max(...tensors.map(({ rank }) => rank))));
}

function repeat(args: Arguments, graph: Graph, counts: readonly number[]): Tensor {
  const self = args.tensor('self');
  const missing = counts.length - self.rank;
  const data = unsqueeze(
    graph,
    self.ref(graph),
    Array.from({ length: Math.max(missing, 0) }, (_, axis) => axis),
  );
  const { dtype, shape } = graph.value(data);
  const sizes = shape.map((size, axis) => size * counts[axis]!);
  if (counts.every((count) => count === 1)) return tensorOf(graph, data);
  return tensorOf(graph, graph.node('Tile', [data, graph.ints(counts)], { dtype, shape: sizes }));
}

function roll(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const shifts = args.ints('shifts');
  const dims = normalizeAxes(args, args.ints('dims'), self.rank);
  if (dims.length === 0) {
    const flat = reshape(graph, self.ref(graph), [elementCount(self.shape)]);
    return tensorOf(graph, reshape(graph, rollAxis(graph, flat, 0, shifts[0]!), self.shape));
  }
  return tensorOf(
    graph,
    dims.reduce((ref, axis, index) => rollAxis(graph, ref, axis, shifts[index]!), self.ref(graph)),
  );
}

function rollAxis(graph: Graph, ref: Ref, axis: number, shift: number): Ref {
  const size = graph.value(ref).shape[axis]!;
  const cut = size === 0 ? 0 : ((-shift % size) + size) % size;
  if (cut === 0) return ref;
  return concat(graph, [slice(graph, ref, axis, cut, size), slice(graph, ref, axis, 0, cut)], axis);
}

function repeatInterleave(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const count = args.int('repeats');
  const flat = args.has('dim') ? self.ref(graph) : reshape(graph, self.ref(graph), [elementCount(self.shape)]);
  const { shape } = graph.value(flat);
  const axis = args.has('dim') ? axisOf(args, self) : 0;
  const wide = unsqueeze(graph, flat, [axis + 1]);
  const spread = [...shape.slice(0, axis + 1), count, ...shape.slice(axis + 1)];
  const sizes = shape.map((size, index) => (index === axis ? size * count : size));
  return tensorOf(graph, reshape(graph, expand(graph, wide, spread), sizes));
}

function meshgrid(args: Arguments, graph: Graph, indexing: string): Tensor[] {
  const lines = args.tensors('tensors').map((tensor) => reshapeTensor(graph, tensor, [elementCount(tensor.shape)]));
  const shape = lines.map((line) => line.shape[0]!);
  const grids = lines.map((line, axis) => {
    const place = shape.map((size, other) => (other === axis ? size : 1));
    return expandTensor(args, graph, reshapeTensor(graph, line, place), shape);
  });
  if (indexing === 'ij' || shape.length < 2) return grids;
  return grids.map((grid) => swapAxes(args, graph, grid, 0, 1));
}

/** Windows of `size` every `step` along an axis; the window becomes the last axis. */
function unfold(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const axis = axisOf(args, self, 'dimension');
  const [size, step] = [args.int('size'), args.int('step')];
  const count = Math.floor((self.shape[axis]! - size) / step) + 1;
  const places = listed(graph, count * size, (index) => Math.floor(index / size) * step + (index % size));
  const windows = gather(graph, self.ref(graph), graph.numbers('int64', [count, size], places), axis);
  return tensorOf(graph, transpose(graph, windows, moveAxis(self.rank + 1, axis + 1, self.rank)));
}

/** […, r²·c, h, w] → […, c, r·h, r·w]. */
function pixelShuffle(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const factor = args.int('upscale_factor');
  const [batch, channels, height, width] = self.shape as [number, number, number, number];
  if (self.rank !== 4) throw args.error(`It takes four axes here, not [${self.shape}].`);
  const shape = [batch, channels / factor ** 2, height * factor, width * factor];
  const attributes = { blocksize: factor, mode: 'CRD' };
  return tensorOf(graph, graph.node('DepthToSpace', [self.ref(graph)], { dtype: self.dtype, shape }, attributes));
}

function pixelUnshuffle(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const factor = args.int('downscale_factor');
  if (self.rank !== 4) throw args.error(`It takes four axes here, not [${self.shape}].`);
  const [batch, channels, height, width] = self.shape as [number, number, number, number];
  const cut = reshape(graph, self.ref(graph), [batch, channels, height / factor, factor, width / factor, factor]);
  const moved = transpose(graph, cut, [0, 1, 3, 5, 2, 4]);
  return tensorOf(graph, reshape(graph, moved, [batch, channels * factor ** 2, height / factor, width / factor]));
}

function channelShuffle(args: Arguments, graph: Graph): Tensor {
  const self = args.tensor('self');
  const groups = args.int('groups');
  const [batch, channels, ...spatial] = self.shape as [number, number, ...number[]];
  const cut = reshape(graph, self.ref(graph), [batch, groups, channels / groups, ...spatial]);
  const swapped = transpose(graph, cut, [0, 2, 1, ...spatial.map((_, axis) => axis + 3)]);
  return tensorOf(graph, reshape(graph, swapped, self.shape));
}

function triangle(args: Arguments, graph: Graph, upper: 0 | 1): Tensor {
  const self = args.tensor('self');
  const inputs = [self.ref(graph), graph.scalar('int64', args.int('diagonal'))];
  return tensorOf(graph, graph.node('Trilu', inputs, self, { upper }));
}

function tensorSplit(args: Arguments, graph: Graph, cuts: readonly number[], axis: number): Tensor[] {
  const self = args.tensor('self');
  const bounds = [0, ...cuts, self.shape[axis]!];
  return bounds.slice(1).map((end, index) => sliceTensor(graph, self, axis, { start: bounds[index], end }));
}

export const SHAPES: readonly Operator[] = [
  define('view', (args, { graph }) => reshapeTo(args, graph, args.ints('size'))),
  define('_unsafe_view', (args, { graph }) => reshapeTo(args, graph, args.ints('size'))),
  define('reshape', (args, { graph }) => reshapeTo(args, graph, args.ints('shape'))),
  define(['view_as', 'reshape_as'], (args, { graph }) => reshapeTo(args, graph, args.tensor('other').shape)),
  define('flatten.using_ints', (args, { graph }) => {
    const self = args.tensor('self');
    const [start, end] = [axisOf(args, self, 'start_dim'), axisOf(args, self, 'end_dim')];
    const middle = elementCount(self.shape.slice(start, end + 1));
    return reshapeTo(args, graph, [...self.shape.slice(0, start), middle, ...self.shape.slice(end + 1)]);
  }),
  define('unflatten.int', (args, { graph }) => {
    const self = args.tensor('self');
    const axis = axisOf(args, self);
    const sizes = completeShape(args, args.ints('sizes'), self.shape[axis]!);
    return reshapeTo(args, graph, [...self.shape.slice(0, axis), ...sizes, ...self.shape.slice(axis + 1)]);
  }),
  define('squeeze', (args, { graph }) =>
    squeezeTensor(
      graph,
      args.tensor('self'),
      args.tensor('self').shape.map((_, axis) => axis),
    ),
  ),
  define('squeeze.dim', (args, { graph }) =>
    squeezeTensor(graph, args.tensor('self'), [axisOf(args, args.tensor('self'))]),
  ),
  define('squeeze.dims', (args, { graph }) =>
    squeezeTensor(graph, args.tensor('self'), normalizeAxes(args, args.ints('dim'), args.tensor('self').rank)),
  ),
  define('unsqueeze', (args, { graph }) => {
    const self = args.tensor('self');
    return unsqueezeTensor(graph, self, normalizeAxis(args, args.int('dim'), self.rank + 1));
  }),
  define('permute', (args, { graph }) =>
    permuteTensor(graph, args.tensor('self'), normalizeAxes(args, args.ints('dims'), args.tensor('self').rank)),
  ),
  define('transpose.int', (args, { graph }) =>
    swapAxes(args, graph, args.tensor('self'), args.int('dim0'), args.int('dim1')),
  ),
  define('swapaxes', (args, { graph }) =>
    swapAxes(args, graph, args.tensor('self'), args.int('axis0'), args.int('axis1')),
  ),
  define('swapdims', (args, { graph }) =>
    swapAxes(args, graph, args.tensor('self'), args.int('dim0'), args.int('dim1')),
  ),
  define('t', (args, { graph }) => {
    const self = args.tensor('self');
    return self.rank < 2 ? self : swapAxes(args, graph, self, 0, 1);
  }),
  define('numpy_T', (args, { graph }) => {
    const self = args.tensor('self');
    return permuteTensor(
      graph,
      self,
      self.shape.map((_, axis) => self.rank - 1 - axis),
    );
  }),
  define(['mT'], (args, { graph }) => swapAxes(args, graph, args.tensor('self'), -2, -1)),
  define('movedim.int', (args, { graph }) => {
    const self = args.tensor('self');
    return permuteTensor(
      graph,
      self,
      moveAxis(self.rank, axisOf(args, self, 'source'), axisOf(args, self, 'destination')),
    );
  }),
  define('movedim.intlist', (args, { graph }) => {
    const self = args.tensor('self');
    const from = normalizeAxes(args, args.ints('source'), self.rank);
    const to = normalizeAxes(args, args.ints('destination'), self.rank);
    const rest = self.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
    const perm = self.shape.map((_, place) => (to.includes(place) ? from[to.indexOf(place)]! : rest.shift()!));
    return permuteTensor(graph, self, perm);
  }),
  define(['expand'], (args, { graph }) => expandTensor(args, graph, args.tensor('self'), args.ints('size'))),
  define('broadcast_to', (args, { graph }) => expandTensor(args, graph, args.tensor('self'), args.ints('size'))),
  define('expand_as', (args, { graph }) => expandTensor(args, graph, args.tensor('self'), args.tensor('other').shape)),
  define('broadcast_tensors', (args, { graph }) => {
    const shape = broadcastShapes(...args.tensors('tensors').map((tensor) => tensor.shape));
    if (!shape) throw args.error('The shapes do not fit each other.');
    return listOf(args.tensors('tensors').map((tensor) => expandTensor(args, graph, tensor, shape)));
  }),
  define('repeat', (args, { graph }) => repeat(args, graph, args.ints('repeats'))),
  define('tile', (args, { graph }) => {
    const dims = args.ints('dims');
    const missing = Math.max(args.tensor('self').rank - dims.length, 0);
    return repeat(args, graph, [...new Array<number>(missing).fill(1), ...dims]);
  }),
  define('repeat_interleave.self_int', (args, { graph }) => repeatInterleave(args, graph)),
  define(['cat', 'concat', 'concatenate'], (args, { graph }) => cat(args, graph)),
  define('stack', (args, { graph }) => {
    const tensors = args.tensors('tensors');
    const axis = normalizeAxis(args, args.int('dim'), (tensors[0]?.rank ?? 0) + 1);
    return join(
      args,
      graph,
      tensors.map((tensor) => unsqueezeTensor(graph, tensor, axis)),
      axis,
    );
  }),
  define(['hstack'], (args, { graph }) =>
    join(args, graph, args.tensors('tensors'), args.tensors('tensors')[0]?.rank === 1 ? 0 : 1),
  ),
  define(['chunk', 'unsafe_chunk'], (args, { graph }) => listOf(chunk(args, graph))),
  define(['split.Tensor', 'unsafe_split.Tensor'], (args, { graph }) => {
    const self = args.tensor('self');
    const axis = axisOf(args, self);
    return listOf(splitTensor(graph, self, axis, equalSizes(graph, self.shape[axis]!, args.int('split_size'))));
  }),
  define('split_with_sizes', (args, { graph }) =>
    listOf(splitTensor(graph, args.tensor('self'), axisOf(args, args.tensor('self')), args.ints('split_sizes'))),
  ),
  define('split.sizes', (args, { graph }) =>
    listOf(splitTensor(graph, args.tensor('self'), axisOf(args, args.tensor('self')), args.ints('split_size'))),
  ),
  define('split', (args, { graph }) =>
    listOf(splitTensor(graph, args.tensor('self'), axisOf(args, args.tensor('self')), args.ints('split_sizes'))),
  ),
  define('tensor_split.sections', (args, { graph }) => {
    const self = args.tensor('self');
    const axis = axisOf(args, self);
    const [size, sections] = [self.shape[axis]!, args.int('sections')];
    const longer = size % sections;
    const cuts = listed(
      graph,
      sections - 1,
      (index) => (index + 1) * Math.floor(size / sections) + Math.min(index + 1, longer),
    );
    return listOf(tensorSplit(args, graph, cuts, axis));
  }),
  define('tensor_split.indices', (args, { graph }) =>
    listOf(tensorSplit(args, graph, args.ints('indices'), axisOf(args, args.tensor('self')))),
  ),
  define('unbind.int', (args, { graph }) => {
    const self = args.tensor('self');
    const axis = axisOf(args, self);
    return listOf(listed(graph, self.shape[axis]!, (index) => selectTensor(graph, self, axis, index)));
  }),
  define('slice.Tensor', (args, { graph }) => {
    const self = args.tensor('self');
    const bounds = { start: args.optionalInt('start'), end: args.optionalInt('end'), step: args.int('step') };
    return sliceTensor(graph, self, axisOf(args, self), bounds);
  }),
  define('narrow', (args, { graph }) => {
    const self = args.tensor('self');
    const start = args.int('start');
    const from = start < 0 ? start + self.shape[axisOf(args, self)]! : start;
    return sliceTensor(graph, self, axisOf(args, self), { start: from, end: from + args.int('length') });
  }),
  define('select.int', (args, { graph }) => {
    const self = args.tensor('self');
    const axis = axisOf(args, self);
    const [index, size] = [args.int('index'), self.shape[axis]!];
    if (index < -size || index >= size) throw args.error(`Place ${index} of an axis with ${size}.`);
    return selectTensor(graph, self, axis, index);
  }),
  define('roll', (args, { graph }) => roll(args, graph)),
  define('flip', (args, { graph }) => {
    const self = args.tensor('self');
    const axes = normalizeAxes(args, args.ints('dims'), self.rank);
    return tensorOf(
      graph,
      axes.reduce((ref, axis) => reverse(graph, ref, axis), self.ref(graph)),
    );
  }),
  define('meshgrid', (args, { graph }) => listOf(meshgrid(args, graph, 'ij'))),
  define('meshgrid.indexing', (args, { graph }) => listOf(meshgrid(args, graph, args.text('indexing')))),
  define('unfold', (args, { graph }) => unfold(args, graph)),
  define('pixel_shuffle', (args, { graph }) => pixelShuffle(args, graph)),
  define('pixel_unshuffle', (args, { graph }) => pixelUnshuffle(args, graph)),
  define('channel_shuffle', (args, { graph }) => channelShuffle(args, graph)),
  define('tril', (args, { graph }) => triangle(args, graph, 0)),
  define('triu', (args, { graph }) => triangle(args, graph, 1)),
  define(['detach', 'alias', 'data'], (args, { graph }) =>
    sameTensor(graph, args.tensor(args.names.includes('a') ? 'a' : 'self')),
  ),
  define('contiguous', (args, { graph }) => {
    const self = args.tensor('self');
    return self.contiguous ? self : tensorOf(graph, self.ref(graph));
  }),
  define('clone', (args, { graph }) => tensorOf(graph, args.tensor('self').ref(graph))),
].flat();
