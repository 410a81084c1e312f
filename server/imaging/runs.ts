// A mask as runs: intervals of voxels along the axis that is fastest in memory. Components and holes are found on these.
import type { Image, VoxelArray } from './image.js';
import { asThreeAxes, axesByStride, cOrderStrides, copyVoxels, newArrayLike, voxelsOf } from './voxel-layout.js';

/**
 * The rows of one image: every line along the fastest axis, in rising memory. Row r is at `starts[r]`; rows are ordered
 * by channel, then the slower and the less slow axis.
 */
export interface RowLayout {
  readonly data: VoxelArray;
  readonly starts: Float64Array;
  /** Voxels in a row. */
  readonly length: number;
  /** Rows along each of the axes across: channels, the slower axis, the less slow axis. */
  readonly across: readonly [number, number, number];
  /** Whether the first and the last row along the slower and the less slow axis are at the image's edge. */
  readonly edges: readonly [boolean, boolean];
  /** From (row coordinate on the slower axis, on the less slow one, place in the row) to C order over the image's axes. */
  cOrderIndex(row: number, place: number): number;
}

/** All runs of a mask, row by row; within a row from low to high. */
export interface Runs {
  readonly count: number;
  /** Runs of row r are `firstOfRow[r]` to `firstOfRow[r + 1]`. */
  readonly firstOfRow: Int32Array;
  readonly begin: Int32Array;
  /** One behind the last voxel. */
  readonly end: Int32Array;
}

/** An image whose voxels have neighbours in memory along one axis: itself, or a copy in C order. */
export function withRows(image: Image): Image {
  const lying = asThreeAxes(image);
  const unit = lying.strides.slice(1).some((stride, axis) => Math.abs(stride) === 1 && lying.sizes[axis]! > 1);
  return unit || voxelsOf(image.sizes) === 1 ? image : copied(image);
}

/** An image with rows whose voxels may be overwritten: itself when it is owned, else a copy. */
export function owned(image: Image): Image {
  const rows = withRows(image);
  if (rows !== image) return rows;
  return image.owned ? image : copied(image);
}

/** A copy with voxels in the same order of axes in memory, without gaps; so `apply` may change it. */
export function copied(image: Image): Image {
  const size = image.channels * voxelsOf(image.sizes);
  if (image.data.length === size) return { ...image, data: image.data.slice(), owned: true };
  const strides = cOrderStrides(image.sizes);
  const data = newArrayLike(image.data, size);
  copyVoxels(image, data, strides, 0);
  return { ...image, data, strides, offset: 0, owned: true };
}

/** The rows of all channels (or of one) of an image that `withRows` gave. */
export function rowLayout(image: Image, channel?: number): RowLayout {
  const { sizes, strides, offset, data } = asThreeAxes(image);
  const own = strides.slice(1).map((stride, axis) => (sizes[axis] === 1 ? Number.MAX_SAFE_INTEGER : stride));
  const [fast, middle, slow] = axesByStride(own);
  const step = sizes[fast] === 1 ? 1 : strides[fast + 1]!;
  if (Math.abs(step) !== 1) throw new RangeError('voxels of a row must be neighbours in memory');
  const length = sizes[fast]!;
  const across = [channel === undefined ? image.channels : 1, sizes[slow]!, sizes[middle]!] as const;
  const starts = new Float64Array(across[0] * across[1] * across[2]);
  const first = offset + (step < 0 ? -(length - 1) : 0);
  let row = 0;
  for (let c = 0; c < across[0]; c++) {
    const inChannel = first + (channel ?? c) * strides[0]!;
    for (let h = 0; h < across[1]; h++) {
      for (let g = 0; g < across[2]; g++) starts[row++] = inChannel + h * strides[slow + 1]! + g * strides[middle + 1]!;
    }
  }
  const cOrder = cOrderStrides(sizes);
  const missing = 3 - image.sizes.length;
  return {
    data,
    starts,
    length,
    across,
    edges: [slow >= missing, middle >= missing],
    cOrderIndex(at, place) {
      const g = at % across[2];
      const h = Math.floor(at / across[2]) % across[1];
      const along = step < 0 ? length - 1 - place : place;
      return h * cOrder[slow + 1]! + g * cOrder[middle + 1]! + along * cOrder[fast + 1]!;
    },
  };
}

/** Runs of voxels with one of the values. */
export function findRuns(rows: RowLayout, matches: RunPredicate): Runs {
  const { data, starts, length } = rows;
  const builder = createRuns(starts.length);
  for (let r = 0; r < starts.length; r++) {
    builder.startRow(r);
    if (matches.kind === 'equal') scanEqual(data, starts[r]!, length, matches.value, builder);
    else
      scanMask(
        data,
        starts[r]!,
        length,
        matches.kind === 'test' ? matches.test : matches.kind === 'positive' ? isPositive : isNonzero,
        builder,
      );
  }
  return builder.finish();
}

/** Which voxels belong to a mask. */
export type RunPredicate =
  | { readonly kind: 'equal'; readonly value: number }
  | { readonly kind: 'nonzero' }
  | { readonly kind: 'positive' }
  | { readonly kind: 'test'; readonly test: (value: number) => boolean };

/** The runs between the runs. */
export function complement(runs: Runs, length: number): Runs {
  const rows = runs.firstOfRow.length - 1;
  const builder = createRuns(rows);
  for (let r = 0; r < rows; r++) {
    builder.startRow(r);
    let at = 0;
    for (let n = runs.firstOfRow[r]!; n < runs.firstOfRow[r + 1]!; n++) {
      if (runs.begin[n]! > at) builder.add(at, runs.begin[n]!);
      at = runs.end[n]!;
    }
    if (at < length) builder.add(at, length);
  }
  return builder.finish();
}

function isNonzero(value: number): boolean {
  return value !== 0;
}

function isPositive(value: number): boolean {
  return value > 0;
}

function scanEqual(data: VoxelArray, start: number, length: number, value: number, builder: RunsBuilder): void {
  const end = start + length;
  let at = start;
  while (at < end) {
    while (at < end && data[at] !== value) at++;
    if (at >= end) return;
    const begin = at;
    while (at < end && data[at] === value) at++;
    builder.add(begin - start, at - start);
  }
}

function scanMask(
  data: VoxelArray,
  start: number,
  length: number,
  test: (value: number) => boolean,
  builder: RunsBuilder,
): void {
  let at = 0;
  while (at < length) {
    while (at < length && !test(data[start + at]!)) at++;
    if (at >= length) return;
    const begin = at;
    while (at < length && test(data[start + at]!)) at++;
    builder.add(begin, at);
  }
}

interface RunsBuilder {
  startRow(row: number): void;
  add(begin: number, end: number): void;
  finish(): Runs;
}

function createRuns(rows: number): RunsBuilder {
  const firstOfRow = new Int32Array(rows + 1);
  let begins = new Int32Array(4096);
  let ends = new Int32Array(4096);
  let count = 0;
  return {
    startRow(row) {
      firstOfRow[row] = count;
    },
    add(begin, end) {
      if (count === begins.length) {
        begins = grown(begins);
        ends = grown(ends);
      }
      begins[count] = begin;
      ends[count++] = end;
    },
    finish() {
      firstOfRow[rows] = count;
      return { count, firstOfRow, begin: begins, end: ends };
    },
  };
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
