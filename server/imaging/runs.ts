// A mask as runs: intervals of voxels along the axis that is fastest in memory. Components and holes are found on these.
import type { Image, VoxelArray } from './image.js';
import { kernelsWith } from './simd/kernels.js';
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

/** Runs of voxels that match. */
export function findRuns(rows: RowLayout, matches: RunPredicate): Runs {
  const { data, starts, length } = rows;
  const builder = new RunsBuilder(starts.length);
  if (data instanceof Uint8Array && matches.kind !== 'test') {
    scanBytes(rows as RowLayout & { data: Uint8Array }, matches, builder);
    return builder.finish();
  }
  const test = testOf(matches);
  for (let r = 0; r < starts.length; r++) {
    builder.startRow(r);
    scanRow(data, starts[r]!, length, test, builder);
  }
  return builder.finish();
}

/** Bytes of rows that are looked through at a time. */
const PART_BYTES = 65536;

/** Rows of bytes, some at a time and one behind the other: what is no run is passed 16 voxels at once, across rows. */
function scanBytes(
  { data, starts, length }: RowLayout & { data: Uint8Array },
  matches: Exclude<RunPredicate, { kind: 'test' }>,
  builder: RunsBuilder,
): void {
  const together = Math.max(1, Math.floor(PART_BYTES / length));
  const kernels = kernelsWith(length);
  const value = matches.kind === 'equal' ? matches.value : 0;
  if (value < 0 || value > 255 || !Number.isInteger(value)) {
    for (let r = 0; r < starts.length; r++) builder.startRow(r);
    return;
  }
  const [toBegin, toEnd] =
    matches.kind === 'equal' ? [kernels.findByte, kernels.skipByte] : [kernels.skipByte, kernels.findByte];
  for (let first = 0; first < starts.length; first += together) {
    const count = Math.min(together, starts.length - first);
    packRows(data, starts, first, count, length, kernels.u8);
    const end = count * length;
    let row = 0;
    builder.startRow(first);
    for (let at = toBegin(0, end, value); at < end; at = toBegin(at, end, value)) {
      const stop = Math.min(toEnd(at, end, value), end);
      for (; at < stop; at = Math.min((row + 1) * length, stop)) {
        while (at >= (row + 1) * length) builder.startRow(first + ++row);
        builder.add(at - row * length, Math.min(stop - row * length, length));
      }
    }
    while (row + 1 < count) builder.startRow(first + ++row);
  }
}

function packRows(
  data: Uint8Array,
  starts: Float64Array,
  first: number,
  count: number,
  length: number,
  packed: Uint8Array,
): void {
  const start = starts[first]!;
  let behind = 1;
  while (behind < count && starts[first + behind] === start + behind * length) behind++;
  if (behind === count) {
    packed.set(data.subarray(start, start + count * length));
    return;
  }
  for (let n = 0; n < count; n++) {
    packed.set(data.subarray(starts[first + n]!, starts[first + n]! + length), n * length);
  }
}

function testOf(matches: RunPredicate): (value: number) => boolean {
  switch (matches.kind) {
    case 'test':
      return matches.test;
    case 'equal':
      return (value) => value === matches.value;
    case 'positive':
      return (value) => value > 0;
    case 'nonzero':
      return (value) => value !== 0;
  }
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
  const builder = new RunsBuilder(rows);
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

function scanRow(
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

class RunsBuilder {
  private readonly firstOfRow: Int32Array;
  private begins = new Int32Array(4096);
  private ends = new Int32Array(4096);
  private count = 0;

  constructor(private readonly rows: number) {
    this.firstOfRow = new Int32Array(rows + 1);
  }

  startRow(row: number): void {
    this.firstOfRow[row] = this.count;
  }

  add(begin: number, end: number): void {
    if (this.count === this.begins.length) {
      this.begins = grown(this.begins);
      this.ends = grown(this.ends);
    }
    this.begins[this.count] = begin;
    this.ends[this.count++] = end;
  }

  finish(): Runs {
    this.firstOfRow[this.rows] = this.count;
    return { count: this.count, firstOfRow: this.firstOfRow, begin: this.begins, end: this.ends };
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
