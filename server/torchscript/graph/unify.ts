// Two recordings of one program, made for two batch sizes, become one for every batch size: docs/decisions says why.
import { type Constant, readNumbers, stridesOf } from './constant.js';
import { stridedCopy } from './fold.js';
import type { GraphNode, Ref } from './graph.js';
import type { Program } from './prune.js';

/** A whole number that depends on the batch: `factor · batch + offset`. */
export interface BatchNumber {
  readonly factor: number;
  readonly offset: number;
}

export interface Unified {
  /** The first recording. */
  readonly program: Program;
  /** Constants of whole numbers that depend on the batch, by their value in the first recording. */
  readonly numbers: ReadonlyMap<Ref, readonly BatchNumber[]>;
  /** Constants that are the same for every image of the batch, and so longer for a larger one. */
  readonly spread: ReadonlyMap<Ref, SpreadConstant>;
  /** Sizes of inputs and outputs, in their order. */
  readonly inputSizes: readonly (readonly BatchNumber[])[];
  readonly outputSizes: readonly (readonly BatchNumber[])[];
}

/** A constant with one place along the axes that hold the batch, and the shape that it is spread over. */
export interface SpreadConstant {
  readonly constant: Constant;
  readonly sizes: readonly BatchNumber[];
}

/** Why a program does one thing for one batch size and another for another. */
export interface BatchDependence {
  /** For people: what differs, and where in the program. */
  readonly reason: string;
}

/** Longer constants of whole numbers are tables, no sizes. */
const MAX_NUMBERS = 64;

/**
 * Compares the recordings node by node. Sizes and whole numbers may differ where a straight line through both explains
 * them; every other difference makes the batch a fixed size.
 * @param batches The batch sizes of the two; they differ.
 */
export function unify(first: Program, second: Program, batches: readonly [number, number]): Unified | BatchDependence {
  const line = lineThrough(batches);
  const numbers = new Map<Ref, readonly BatchNumber[]>();
  const spread = new Map<Ref, SpreadConstant>();
  const partner = new Map<Ref, Ref>(first.inputs.map((ref, index) => [ref, second.inputs[index]!]));
  if (first.nodes.length !== second.nodes.length || first.outputs.length !== second.outputs.length) {
    return { reason: firstStray(first, second) };
  }

  const matchValues = (a: Ref | undefined, b: Ref | undefined): boolean => {
    if (a === undefined || b === undefined) return a === b;
    const known = partner.get(a);
    if (known !== undefined) return known === b;
    const [left, right] = [first.values[a]!.constant, second.values[b]!.constant];
    if (!left || !right) return false;
    if (!sameConstant(left, right)) {
      const found = linesOfConstants(left, right, line);
      const wide = found ? undefined : spreadOf(left, right, line);
      if (found) numbers.set(a, found);
      else if (wide) spread.set(a, wide);
      else return false;
    }
    partner.set(a, b);
    return true;
  };

  for (const [index, node] of first.nodes.entries()) {
    const other = second.nodes[index]!;
    if (!sameOperator(node, other) || !node.inputs.every((ref, at) => matchValues(ref, other.inputs[at]))) {
      return { reason: `${describe(node)} depends on the batch size in a way that is no size` };
    }
    for (const [at, ref] of node.outputs.entries()) partner.set(ref, other.outputs[at]!);
  }
  for (const [index, output] of first.outputs.entries()) {
    if (!matchValues(output.ref, second.outputs[index]!.ref)) return { reason: `output ${output.name} depends on it` };
  }
  const sizes = (refs: readonly Ref[], others: readonly Ref[]) =>
    refs.map((ref, index) => lines(first.values[ref]!.shape, second.values[others[index]!]!.shape, line));
  const inputSizes = sizes(first.inputs, second.inputs);
  const outputSizes = sizes(
    first.outputs.map(({ ref }) => ref),
    second.outputs.map(({ ref }) => ref),
  );
  const known = [...inputSizes, ...outputSizes].filter((found) => found !== undefined);
  if (known.length < inputSizes.length + outputSizes.length)
    return { reason: 'the shape of an output is no multiple of it' };
  return {
    program: first,
    numbers,
    spread,
    inputSizes: known.slice(0, inputSizes.length),
    outputSizes: known.slice(inputSizes.length),
  };
}

export function isUnified(outcome: Unified | BatchDependence): outcome is Unified {
  return 'program' in outcome;
}

type Line = (a: number, b: number) => BatchNumber | undefined;

function lineThrough([first, second]: readonly [number, number]): Line {
  return (a, b) => {
    const factor = (b - a) / (second - first);
    const offset = a - factor * first;
    return Number.isInteger(factor) && Number.isInteger(offset) ? { factor, offset } : undefined;
  };
}

function lines(a: readonly number[], b: readonly number[], line: Line): readonly BatchNumber[] | undefined {
  if (a.length !== b.length) return undefined;
  const found = a.map((value, index) => line(value, b[index]!));
  return found.every((one) => one !== undefined) ? found : undefined;
}

function linesOfConstants(a: Constant, b: Constant, line: Line): readonly BatchNumber[] | undefined {
  if (a.dtype !== 'int64' || b.dtype !== 'int64' || a.shape.length !== b.shape.length) return undefined;
  const [left, right] = [readNumbers(a), readNumbers(b)];
  if (left.length > MAX_NUMBERS || left.length !== right.length || a.shape.length > 1) return undefined;
  return lines(Array.from(left), Array.from(right), line);
}

/** Both constants with one place along the axes whose sizes differ, if that is all there is to them. */
function spreadOf(a: Constant, b: Constant, line: Line): SpreadConstant | undefined {
  const sizes = a.dtype === b.dtype ? lines(a.shape, b.shape, line) : undefined;
  if (!sizes) return undefined;
  const axes = sizes.flatMap(({ factor }, axis) => (factor === 0 ? [] : [axis]));
  const [left, right] = [onePlace(a, axes), onePlace(b, axes)];
  return left && right && sameConstant(left, right) ? { constant: left, sizes } : undefined;
}

/** The constant with one place along some axes, or undefined when its places there differ. */
function onePlace(constant: Constant, axes: readonly number[]): Constant | undefined {
  const strides = stridesOf(constant.shape);
  const shape = constant.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const one = stridedCopy(constant, 0, strides, shape);
  const flat = stridesOf(shape).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  return sameConstant(stridedCopy(one, 0, flat, constant.shape), constant) ? one : undefined;
}

function sameConstant(a: Constant, b: Constant): boolean {
  if (a === b) return true;
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  return a.bytes === b.bytes || Buffer.compare(a.bytes, b.bytes) === 0;
}

function sameOperator(a: GraphNode, b: GraphNode): boolean {
  return (
    a.opType === b.opType &&
    a.inputs.length === b.inputs.length &&
    a.outputs.length === b.outputs.length &&
    JSON.stringify(a.attributes) === JSON.stringify(b.attributes)
  );
}

function firstStray(first: Program, second: Program): string {
  const index = first.nodes.findIndex((node, at) => node.opType !== second.nodes[at]?.opType);
  const node = first.nodes[index] ?? second.nodes[first.nodes.length];
  return `the program takes another way for another batch size${node ? `, from ${describe(node)} on` : ''}`;
}

function describe(node: GraphNode): string {
  return node.origin ? `${node.opType} (${node.origin})` : node.opType;
}
