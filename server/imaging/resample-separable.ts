// Trilinear sampling axis by axis, where each old coordinate depends on one new axis only: eight products, weights and
// sum in the order of torch's grid_sampler_3d, in float64.
//
// Goes through the middle axis. What the rows of two neighbouring slabs give at every new place of the first axis is laid
// out once, so that the arithmetic reads straight on.

import type { AxisTable, TablesJob } from './axis-table.js';
import { SharedCopy } from './copy-shared.js';
import { type Image, type Strided, strided, type VoxelArray } from './image.js';
import { createKernels, type Kernels, wholeVectors } from './simd/kernels.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';
import { copyVoxels, voxelsOf } from './voxel-layout.js';

type Tables = readonly [AxisTable, AxisTable, AxisTable];

/** Fills a C-order tensor, channel first, with samples of an image of three axes. */
export async function sampleSeparable(
  image: Image,
  tables: Tables,
  result: Float32Array,
  threads: Threads,
): Promise<void> {
  const source = strided(withFastFirstAxis(image, threads));
  const count = partsFor(threads, tables[1].low.length, LEAST_ROWS);
  await threads.run('separableSamples', { source, tables, result, count }, count);
}

/** Rows of the middle axis that a part has at least: its first slabs are laid out for it alone. */
const LEAST_ROWS = 8;

/** Some rows of the middle axis, in every channel. The source's first axis is the fastest. */
export const separableSamples = definePart({
  begin({ source, tables, result, count }: TablesJob) {
    const slabs = createSlabs(source, tables);
    return { source, tables, slabs, copyOut: new SharedCopy(result, slabs.kernels.f32), count };
  },
  work({ source, tables, slabs, copyOut, count }, part) {
    const [from, end] = rangeOfPart(tables[1].low.length, count, part);
    for (let c = 0; c < source.channels; c++) for (let y = from; y < end; y++) sampleRow(slabs, tables, c, y, copyOut);
  },
});

function sampleRow(slabs: Slabs, [t0, t1, t2]: Tables, channel: number, y: number, copyOut: SharedCopy): void {
  const { kernels, rowBytes, weightsAt, mixedAt, columnsAt, columnBytes } = slabs;
  const [m0, m1, m2] = [t0.low.length, t1.low.length, t2.low.length];
  const low = slabs.at(channel, t1.low[y]!);
  const high = slabs.at(channel, t1.high[y]!);
  const [y0, y1] = [t1.lowWeight[y]!, t1.highWeight[y]!];
  for (let z = 0; z < m2; z++) {
    const [a, b] = [slabs.rowOf(t2.low[z]!), slabs.rowOf(t2.high[z]!)];
    const [z0, z1] = [t2.lowWeight[z]!, t2.highWeight[z]!];
    const out = mixedAt + z * rowBytes;
    kernels.sampleRows(
      low + a,
      low + b,
      high + a,
      high + b,
      weightsAt,
      out,
      rowBytes,
      z0 * y0,
      z1 * y0,
      z0 * y1,
      z1 * y1,
    );
  }
  for (let z = 0; z < m2; z += 4) {
    kernels.transposeRows(mixedAt + z * rowBytes, rowBytes, rowBytes, columnsAt + 4 * z, columnBytes);
  }
  for (let x = 0; x < m0; x++) {
    const from = (columnsAt + x * columnBytes) / 4;
    copyOut.copy(((channel * m0 + x) * m1 + y) * m2, from, from + m2);
  }
}

/** The image itself, or a copy, with neighbours along the first axis beside each other in memory. */
function withFastFirstAxis(image: Image, threads: Threads): Image {
  const { channels, sizes } = image;
  if (Math.abs(image.strides[1]!) === 1 || sizes[0] === 1) return image;
  const [n0, n1] = sizes as [number, number, number];
  const strides = [voxelsOf(sizes), 1, n0, n0 * n1];
  const Kind = image.data.constructor as new (buffer: ArrayBufferLike) => VoxelArray;
  const data = threads.zeros(Kind, channels * voxelsOf(sizes));
  copyVoxels(image, data, strides, 0);
  return { ...image, data, strides, offset: 0 };
}

/** Scratch memory, as addresses in bytes, and the slabs of the source that are laid out in it. */
export interface Slabs {
  readonly kernels: Kernels;
  /** Bytes of a row of the result along the first axis, and of one along the last. */
  readonly rowBytes: number;
  readonly columnBytes: number;
  readonly weightsAt: number;
  readonly mixedAt: number;
  readonly columnsAt: number;
  /** Where the slab at index `y` of the middle axis is. Keeps the last two. */
  at(channel: number, y: number): number;
  /** Where in a slab the row at index `z` of the last axis is. */
  rowOf(z: number): number;
}

function createSlabs(image: Strided, [t0, , t2]: Tables): Slabs {
  const [m0, m2] = [t0.low.length, t2.low.length];
  const [n0, n1] = image.sizes as [number, number, number];
  const rowBytes = wholeVectors(4 * m0);
  const columnBytes = wholeVectors(4 * m2);
  const needed = [...new Set([...t2.low, ...t2.high])].sort((a, b) => a - b);
  const rows = new Map(needed.map((z, row) => [z, row * 2 * rowBytes]));
  const slabBytes = needed.length * 2 * rowBytes;
  const [first, second] = [0, slabBytes];
  const weightsAt = 2 * slabBytes;
  const mixedAt = weightsAt + 4 * rowBytes;
  const columnsAt = mixedAt + Math.ceil(m2 / 4) * 4 * rowBytes;
  const rowAt = columnsAt + (rowBytes / 4) * columnBytes + columnBytes;
  const distancesAt = rowAt + wholeVectors(4 * n0);
  const neighboursBytes = 16 * Math.ceil(m0 / 2);
  const kernels = createKernels(distancesAt + neighboursBytes);
  const backwards = image.strides[1] === -1;
  const firstAt = backwards ? rowAt + 4 * (n0 - 1) : rowAt;
  layOutDistances(t0, backwards ? -4 : 4, kernels.i32.subarray(distancesAt / 4));
  layOutWeights(t0, kernels.f64.subarray(weightsAt / 8));
  const slots = [
    { key: -1, at: first },
    { key: -1, at: second },
  ];
  return {
    kernels,
    rowBytes,
    columnBytes,
    weightsAt,
    mixedAt,
    columnsAt,
    at(channel, y) {
      const key = channel * n1 + y;
      const known = slots[0]!.key === key ? slots[0] : slots[1]!.key === key ? slots[1] : undefined;
      if (known) return known.at;
      slots.reverse();
      const slot = slots[1]!;
      slot.key = key;
      const { strides, offset, data } = image;
      const start = offset + channel * strides[0]! + y * strides[2]!;
      needed.forEach((z, row) => {
        const from = start + z * strides[3]! - (backwards ? n0 - 1 : 0);
        kernels.f32.set(data.subarray(from, from + n0), rowAt / 4);
        kernels.gather(firstAt, distancesAt, slot.at + row * 2 * rowBytes, neighboursBytes);
      });
      return slot.at;
    },
    rowOf(z) {
      return rows.get(z)!;
    },
  };
}

/** How far from the row's first voxel each number of a slab's row is: pairs of low neighbours, each followed by their high ones. */
function layOutDistances({ low, high }: AxisTable, stepBytes: number, distances: Int32Array): void {
  for (let x = 0, at = 0; x < low.length; x++) {
    distances[at] = low[x]! * stepBytes;
    distances[at + 2] = high[x]! * stepBytes;
    at += x % 2 === 0 ? 1 : 3;
  }
}

function layOutWeights({ lowWeight, highWeight }: AxisTable, weights: Float64Array): void {
  for (let x = 0, at = 0; x < lowWeight.length; x++) {
    weights[at] = lowWeight[x]!;
    weights[at + 2] = highWeight[x]!;
    at += x % 2 === 0 ? 1 : 3;
  }
}
