// Recordings of one program, made for several sizes, become one for every size: docs/decisions says why.
import type { DType } from '../dtypes.js';
import { type Constant, readNumbers, stridesOf } from './constant.js';
import { stridedCopy } from './fold.js';
import type { GraphNode, Ref } from './graph.js';
import type { Program } from './prune.js';
import { type OpenSize, type Sample, type SizeNumber, sizesThrough } from './sizes.js';

export interface Unified {
  /** The first recording. */
  readonly program: Program;
  readonly openSizes: readonly OpenSize[];
  /** Constants of whole numbers that depend on open sizes, by their value in the first recording. */
  readonly numbers: ReadonlyMap<Ref, readonly SizeNumber[]>;
  /** Constants that are the same all along an open size, and so longer for a larger one. */
  readonly spread: ReadonlyMap<Ref, SpreadConstant>;
  /** Sizes of inputs and outputs, in their order. */
  readonly inputSizes: readonly (readonly SizeNumber[])[];
  readonly outputSizes: readonly (readonly SizeNumber[])[];
}

/** A constant with one place along the axes that hold open sizes, and the shape that it is spread over. */
export interface SpreadConstant {
  readonly constant: Constant;
  readonly sizes: readonly SizeNumber[];
}

/** Why a program does one thing for one size and another for another. */
export interface SizeDependence {
  /** For people: what differs. */
  readonly reason: string;
  /** Where in the program; empty when it is no single place. */
  readonly where: string;
  /** One evaluation took more than it may. */
  readonly isLimit?: boolean;
}

/** Types that hold sizes: floats where the program divides by a number of places. */
const SIZE_TYPES: ReadonlySet<DType> = new Set(['int64', 'int32', 'float32', 'float64']);
/** Longer constants of whole numbers are tables, no sizes. */
const MAX_NUMBERS = 64;

/**
 * Compares the recordings node by node. Sizes and whole numbers may differ where the open sizes explain them; every
 * other difference makes a size a fixed one.
 * @param recordings One for each sample, which are as `sizeThrough` takes them.
 */
export function unify(
  recordings: readonly Program[],
  samples: readonly Sample[],
  openSizes: readonly OpenSize[],
): Unified | SizeDependence {
  const first = recordings[0]!;
  const numbers = new Map<Ref, readonly SizeNumber[]>();
  const spread = new Map<Ref, SpreadConstant>();
  const partners = new Map<Ref, readonly Ref[]>();
  const pair = (refs: readonly Ref[]) => partners.set(refs[0]!, refs);
  first.inputs.forEach((_, index) => {
    pair(recordings.map(({ inputs }) => inputs[index]!));
  });
  for (const other of recordings) {
    if (first.nodes.length !== other.nodes.length || first.outputs.length !== other.outputs.length) {
      return firstStray(first, other);
    }
  }

  const matchValues = (refs: readonly (Ref | undefined)[]): boolean => {
    const [own] = refs;
    if (own === undefined) return refs.every((ref) => ref === undefined);
    const known = partners.get(own);
    if (known !== undefined) return refs.every((ref, at) => ref === known[at]);
    const constants: Constant[] = [];
    for (const [at, ref] of refs.entries()) {
      const constant = ref === undefined ? undefined : recordings[at]!.values[ref]!.constant;
      if (constant === undefined) return false;
      constants.push(constant);
    }
    if (!constants.every((constant) => sameConstant(constants[0]!, constant))) {
      const found = numbersOf(constants, samples);
      const wide = found ? undefined : spreadOf(constants, samples);
      if (found) numbers.set(own, found);
      else if (wide) spread.set(own, wide);
      else return false;
    }
    pair(refs as readonly Ref[]);
    return true;
  };

  for (const [index, node] of first.nodes.entries()) {
    const nodes = recordings.map((recording) => recording.nodes[index]!);
    const isSame =
      nodes.every((other) => sameOperator(node, other)) &&
      node.inputs.every((_, at) => matchValues(nodes.map(({ inputs }) => inputs[at])));
    if (!isSame) return { reason: `${node.opType} depends on it in a way that is no size`, where: node.origin };
    node.outputs.forEach((_, at) => {
      pair(nodes.map(({ outputs }) => outputs[at]!));
    });
  }
  for (const [index, { name }] of first.outputs.entries()) {
    if (!matchValues(recordings.map(({ outputs }) => outputs[index]!.ref)))
      return { reason: `output ${name} depends on it`, where: '' };
  }
  const shapesOf = (refsOf: (recording: Program) => readonly Ref[]) =>
    refsOf(first).map((_, index) =>
      sizesThrough(
        recordings.map((recording) => recording.values[refsOf(recording)[index]!]!.shape),
        samples,
      ),
    );
  const inputSizes = shapesOf(({ inputs }) => inputs);
  const outputSizes = shapesOf(({ outputs }) => outputs.map(({ ref }) => ref));
  const known = [...inputSizes, ...outputSizes].filter((found) => found !== undefined);
  if (known.length < inputSizes.length + outputSizes.length) {
    return { reason: 'the shape of an output is no multiple of it', where: '' };
  }
  return {
    program: first,
    openSizes,
    numbers,
    spread,
    inputSizes: known.slice(0, inputSizes.length),
    outputSizes: known.slice(inputSizes.length),
  };
}

export function isUnified(outcome: Unified | SizeDependence): outcome is Unified {
  return 'program' in outcome;
}

function numbersOf(constants: readonly Constant[], samples: readonly Sample[]): readonly SizeNumber[] | undefined {
  const [first] = constants;
  const areNumbers = constants.every(
    ({ dtype, shape }) =>
      SIZE_TYPES.has(dtype) && dtype === first!.dtype && shape.length <= 1 && shape.length === first!.shape.length,
  );
  if (!areNumbers || (first!.shape[0] ?? 1) > MAX_NUMBERS) return undefined;
  return sizesThrough(constants.map(readNumbers), samples);
}

/** All constants with one place along the axes whose sizes differ, if that is all there is to them. */
function spreadOf(constants: readonly Constant[], samples: readonly Sample[]): SpreadConstant | undefined {
  const [first] = constants;
  if (constants.some(({ dtype }) => dtype !== first!.dtype)) return undefined;
  const sizes = sizesThrough(
    constants.map(({ shape }) => shape),
    samples,
  );
  if (!sizes) return undefined;
  const axes = sizes.flatMap(({ factor }, axis) => (factor === 0 ? [] : [axis]));
  const places = constants.map((constant) => onePlace(constant, axes));
  const [one] = places;
  return one && places.every((other) => other && sameConstant(one, other)) ? { constant: one, sizes } : undefined;
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

function firstStray(first: Program, second: Program): SizeDependence {
  const index = first.nodes.findIndex((node, at) => node.opType !== second.nodes[at]?.opType);
  const node = first.nodes[index] ?? second.nodes[first.nodes.length];
  const from = node ? `, from ${node.opType} on` : '';
  return { reason: `the program takes another way for another size${from}`, where: node?.origin ?? '' };
}

/** What stands in the way, and where. */
export function describeDependence({ reason, where }: SizeDependence): string {
  return where === '' ? reason : `${reason} (${where})`;
}
