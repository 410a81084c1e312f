// Views: other shapes of the same numbers. What is written to them is seen in what they are views of.
import { TorchScriptError } from '../error.js';
import { elementCount } from '../graph/constant.js';
import type { Graph, Ref } from '../graph/graph.js';
import { concat, expand, gather, reshape, slice, squeeze, transpose, unsqueeze } from '../graph/moves.js';
import { stridesForView } from '../graph/strides.js';
import { Tensor, type ViewStep } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { normalizeAxis } from './axes.js';
import { tensorOf } from './build.js';
import { listed } from './listed.js';

/** Each view asks the one below: networks have a handful on top of each other. */
const MAX_VIEWS = 400;

function view(graph: Graph, base: Tensor, strides: readonly number[], step: ViewStep): Tensor {
  if (base.depth >= MAX_VIEWS) {
    throw new TorchScriptError('limit', '', `views of views, more than ${MAX_VIEWS} of them: clone() between them.`);
  }
  const ref = step.read(graph, base.ref(graph));
  const { dtype, shape } = graph.value(ref);
  return new Tensor(ref, { dtype, shape, strides }, { base, step });
}

/** `reshape`: a view where torch's would be one, else a copy. @param shape Without -1. */
export function reshapeTensor(graph: Graph, self: Tensor, shape: readonly number[]): Tensor {
  const strides = stridesForView(self.shape, self.strides, shape);
  if (!strides) return tensorOf(graph, reshape(graph, self.ref(graph), shape));
  return view(graph, self, strides, {
    read: (to, base) => reshape(to, base, shape),
    write: (to, _, changed) => reshape(to, changed, self.shape),
  });
}

/** Replaces the one -1 of a shape. @throws OperatorError when the numbers of elements differ. */
export function completeShape(args: Arguments, shape: readonly number[], count: number): number[] {
  const known = shape.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const full = shape.map((size) => (size === -1 ? count / known : size));
  if (full.some((size) => !Number.isInteger(size)) || elementCount(full) !== count) {
    throw args.error(`Shape [${shape}] does not hold ${count} elements.`);
  }
  return full;
}

export function permuteTensor(graph: Graph, self: Tensor, perm: readonly number[]): Tensor {
  const strides = perm.map((axis) => self.strides[axis]!);
  const back = perm.map((_, axis) => perm.indexOf(axis));
  return view(graph, self, strides, {
    read: (to, base) => transpose(to, base, perm),
    write: (to, _, changed) => transpose(to, changed, back),
  });
}

/** Steps of one axis; bounds as Python takes them. */
export function sliceTensor(
  graph: Graph,
  self: Tensor,
  axis: number,
  bounds: { start?: number | undefined; end?: number | undefined; step?: number },
): Tensor {
  const size = self.shape[axis]!;
  const clip = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
  const start = clip(bounds.start ?? 0);
  const end = Math.max(clip(bounds.end ?? size), start);
  const step = bounds.step ?? 1;
  const strides = self.strides.map((stride, index) => (index === axis ? stride * step : stride));
  return view(graph, self, strides, {
    read: (to, base) => slice(to, base, axis, start, end, step),
    write: (to, base, changed) => replaceSlice(to, base, changed, axis, { start, end, step }),
  });
}

function replaceSlice(
  graph: Graph,
  base: Ref,
  changed: Ref,
  axis: number,
  { start, end, step }: { start: number; end: number; step: number },
): Ref {
  const size = graph.value(base).shape[axis]!;
  if (step === 1) {
    return concat(graph, [slice(graph, base, axis, 0, start), changed, slice(graph, base, axis, end, size)], axis);
  }
  const from = listed(graph, size, (index) => {
    const isChanged = index >= start && index < end && (index - start) % step === 0;
    return isChanged ? size + (index - start) / step : index;
  });
  return gather(graph, concat(graph, [base, changed], axis), graph.ints(from), axis);
}

/** One place of an axis; the axis goes. */
export function selectTensor(graph: Graph, self: Tensor, axis: number, index: number): Tensor {
  const place = index < 0 ? index + self.shape[axis]! : index;
  const strides = self.strides.filter((_, other) => other !== axis);
  return view(graph, self, strides, {
    read: (to, base) => gather(to, base, to.scalar('int64', place), axis),
    write: (to, base, changed) => {
      const one = unsqueeze(to, changed, [axis]);
      return replaceSlice(to, base, one, axis, { start: place, end: place + 1, step: 1 });
    },
  });
}

export function unsqueezeTensor(graph: Graph, self: Tensor, axis: number): Tensor {
  const strides = [...self.strides];
  strides.splice(axis, 0, (self.shape[axis] ?? 1) * (self.strides[axis] ?? 1));
  return view(graph, self, strides, {
    read: (to, base) => unsqueeze(to, base, [axis]),
    write: (to, _, changed) => squeeze(to, changed, [axis]),
  });
}

/** Drops axes of size 1; others stay. */
export function squeezeTensor(graph: Graph, self: Tensor, axes: readonly number[]): Tensor {
  const dropped = axes.filter((axis) => self.shape[axis] === 1);
  if (dropped.length === 0) return self;
  const strides = self.strides.filter((_, axis) => !dropped.includes(axis));
  return view(graph, self, strides, {
    read: (to, base) => squeeze(to, base, dropped),
    write: (to, _, changed) => unsqueeze(to, changed, dropped),
  });
}

/** Spread over a larger shape: its places share numbers, so it cannot be written to. @param size May hold -1. */
export function expandTensor(args: Arguments, graph: Graph, self: Tensor, size: readonly number[]): Tensor {
  const missing = size.length - self.rank;
  const shape = size.map((wanted, axis) => (wanted === -1 ? (self.shape[axis - missing] ?? 1) : wanted));
  const fits = shape.every((wanted, axis) => axis < missing || [1, wanted].includes(self.shape[axis - missing]!));
  if (missing < 0 || !fits) throw args.error(`Shape [${self.shape}] cannot be spread to [${size}].`);
  const strides = shape.map((wanted, axis) =>
    axis < missing || self.shape[axis - missing] !== wanted ? 0 : self.strides[axis - missing]!,
  );
  return view(graph, self, strides, { read: (to, base) => expand(to, base, shape) });
}

/** The tensor itself under another handle: `alias`, `detach`. */
export function sameTensor(graph: Graph, self: Tensor): Tensor {
  return view(graph, self, self.strides, { read: (_, base) => base, write: (_, __, changed) => changed });
}

/** Consecutive pieces of an axis. */
export function splitTensor(graph: Graph, self: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const piece = sliceTensor(graph, self, axis, { start, end: start + size });
    start += size;
    return piece;
  });
}

/** Every axis but one in its place: that one goes from `from` to `to`. */
export function moveAxis(rank: number, from: number, to: number): number[] {
  const perm = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== from);
  perm.splice(to, 0, from);
  return perm;
}

export function swapAxes(args: Arguments, graph: Graph, self: Tensor, first: number, second: number): Tensor {
  if (self.rank === 0) return self;
  const [a, b] = [normalizeAxis(args, first, self.rank), normalizeAxis(args, second, self.rank)];
  const perm = self.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  return permuteTensor(graph, self, perm);
}
