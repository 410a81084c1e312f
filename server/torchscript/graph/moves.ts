// Nodes that only move numbers: reshape, transpose, slice, join, spread, cast. Each finds its own shape; what changes nothing adds no node.
import type { DType } from '../dtypes.js';
import { elementCount } from './constant.js';
import type { Graph, Ref } from './graph.js';

/** The end of a slice that goes to the end. */
const END = 2 ** 63;

export function cast(graph: Graph, ref: Ref, dtype: DType): Ref {
  const { dtype: from, shape } = graph.value(ref);
  if (from === dtype) return ref;
  return graph.node('Cast', [ref], { dtype, shape }, { to: dtype });
}

export function reshape(graph: Graph, ref: Ref, shape: readonly number[]): Ref {
  const { dtype, shape: from } = graph.value(ref);
  if (sameShape(from, shape)) return ref;
  return graph.node('Reshape', [ref, graph.ints(shape)], { dtype, shape });
}

export function transpose(graph: Graph, ref: Ref, perm: readonly number[]): Ref {
  const { dtype, shape } = graph.value(ref);
  if (perm.every((axis, index) => axis === index)) return ref;
  return graph.node('Transpose', [ref], { dtype, shape: perm.map((axis) => shape[axis]!) }, { perm });
}

export function unsqueeze(graph: Graph, ref: Ref, axes: readonly number[]): Ref {
  const { dtype, shape } = graph.value(ref);
  if (axes.length === 0) return ref;
  const longer = [...shape];
  for (const axis of [...axes].sort((a, b) => a - b)) longer.splice(axis, 0, 1);
  return graph.node('Unsqueeze', [ref, graph.ints(axes)], { dtype, shape: longer });
}

export function squeeze(graph: Graph, ref: Ref, axes: readonly number[]): Ref {
  const { dtype, shape } = graph.value(ref);
  if (axes.length === 0) return ref;
  const shorter = shape.filter((_, axis) => !axes.includes(axis));
  return graph.node('Squeeze', [ref, graph.ints(axes)], { dtype, shape: shorter });
}

export function expand(graph: Graph, ref: Ref, shape: readonly number[]): Ref {
  const { dtype, shape: from } = graph.value(ref);
  if (sameShape(from, shape)) return ref;
  return graph.node('Expand', [ref, graph.ints(shape)], { dtype, shape });
}

/** One axis from `start` to before `end`, both within the axis and not negative. Negative steps go down from `start`. */
export function slice(graph: Graph, ref: Ref, axis: number, start: number, end: number, step = 1): Ref {
  const { dtype, shape } = graph.value(ref);
  const size = shape[axis]!;
  if (start === 0 && end >= size && step === 1) return ref;
  const kept = Math.max(0, Math.ceil((Math.min(end, size) - start) / step));
  const sizes = shape.map((own, index) => (index === axis ? kept : own));
  const until = end >= size ? END : end;
  const bounds = [[start], [until], [axis], [step]].map((numbers) => graph.ints(numbers));
  return graph.node('Slice', [ref, ...bounds], { dtype, shape: sizes });
}

/** The axis in the opposite order. */
export function reverse(graph: Graph, ref: Ref, axis: number): Ref {
  const { dtype, shape } = graph.value(ref);
  const bounds = [[-1], [-END], [axis], [-1]].map((numbers) => graph.ints(numbers));
  return graph.node('Slice', [ref, ...bounds], { dtype, shape });
}

/** Joined along an axis; pieces without elements are left out. */
export function concat(graph: Graph, refs: readonly Ref[], axis: number): Ref {
  const filled = refs.filter((ref) => elementCount(graph.value(ref).shape) > 0);
  const pieces = filled.length > 0 ? filled : refs.slice(0, 1);
  if (pieces.length === 1) return pieces[0]!;
  const { dtype, shape } = graph.value(pieces[0]!);
  const length = pieces.reduce((sum, ref) => sum + graph.value(ref).shape[axis]!, 0);
  const sizes = shape.map((size, index) => (index === axis ? length : size));
  return graph.node('Concat', pieces, { dtype, shape: sizes }, { axis });
}

/** Rows of an axis by their numbers. `indexes` is int64; its shape takes the axis's place. */
export function gather(graph: Graph, ref: Ref, indexes: Ref, axis: number): Ref {
  const { dtype, shape } = graph.value(ref);
  const sizes = [...shape.slice(0, axis), ...graph.value(indexes).shape, ...shape.slice(axis + 1)];
  return graph.node('Gather', [ref, indexes], { dtype, shape: sizes }, { axis });
}

/** A node of two operands of the same type, spread over each other as NumPy does. */
export function binary(graph: Graph, opType: string, a: Ref, b: Ref, dtype?: DType): Ref {
  const [left, right] = [graph.value(a), graph.value(b)];
  const shape = broadcastShapes(left.shape, right.shape);
  if (!shape) throw new Error(`Shapes [${left.shape}] and [${right.shape}] do not broadcast.`);
  return graph.node(opType, [a, b], { dtype: dtype ?? left.dtype, shape });
}

export function unary(graph: Graph, opType: string, ref: Ref): Ref {
  return graph.node(opType, [ref], graph.value(ref));
}

/** The shape that shapes give together, or undefined when they do not fit. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let axis = 0; axis < shape.length; axis++) {
      const at = rank - shape.length + axis;
      const [size, other] = [shape[axis]!, result[at]!];
      if (size === 1) continue;
      if (other !== 1 && other !== size) return undefined;
      result[at] = size;
    }
  }
  return result;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
