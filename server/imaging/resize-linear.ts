// Linear resizing with torch's arithmetic: along the last axis, then the middle, then the first, in float32, each value
// low·lowWeight fused onto the rounded high·highWeight. Equal to torch.nn.functional.interpolate to the last bit in 3-D.
//
// Goes through the middle axis: what two neighbouring slabs of the source need stays in the cache.

import { type AxisTable, resizeTable, type TablesJob } from './axis-table.js';
import { SharedCopy } from './copy-shared.js';
import { type Image, type Strided, strided } from './image.js';
import { resizeBilinear } from './resize-bilinear.js';
import { createKernels, type Kernels, wholeVectors } from './simd/kernels.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';
import { asThreeAxes, voxelsOf } from './voxel-layout.js';

type Tables = readonly [AxisTable, AxisTable, AxisTable];

/** The resized voxels as a C-order tensor, channel first. */
export async function resizeLinear(
  image: Image,
  newSizes: readonly number[],
  alignCorners: boolean,
  threads: Threads,
): Promise<Float32Array> {
  if (newSizes.length === 2) return resizeBilinear(image, newSizes, alignCorners);
  const { image: source, tables } = withoutFlips(asThreeAxes(image), newSizes, alignCorners);
  const team = threads.seeing(image.data);
  const result = team.zeros(Float32Array, image.channels * voxelsOf(newSizes));
  const count = partsFor(team, Math.ceil(tables[1].low.length / BLOCK), 1);
  await team.run('linearResizing', { source: strided(source), tables, result, count }, count);
  return result;
}

/** Some blocks of rows of the middle axis, in every channel. */
export const linearResizing = definePart({
  begin({ source, tables, result, count }: TablesJob) {
    const slabs = createSlabs(source, tables);
    return { slabs, channels: source.channels, tables, copyOut: new SharedCopy(result, slabs.kernels.f32), count };
  },
  work({ slabs, channels, tables, copyOut, count }, part) {
    const blocks = Math.ceil(tables[1].low.length / BLOCK);
    const [from, end] = rangeOfPart(blocks, count, part);
    for (let c = 0; c < channels; c++) {
      for (let block = from; block < end; block++) resizeBlock(slabs, c, block * BLOCK, tables, copyOut);
    }
  },
});

/** Flipped axes read forwards, with mirrored tables: only rising addresses are left. */
function withoutFlips(
  image: Image,
  newSizes: readonly number[],
  alignCorners: boolean,
): { image: Image; tables: Tables } {
  const missing = 3 - newSizes.length;
  const strides = [...image.strides];
  let offset = image.offset;
  const tables = image.sizes.map((size, axis) => {
    const table = resizeTable(size, axis < missing ? 1 : newSizes[axis - missing]!, alignCorners);
    if (strides[axis + 1]! >= 0) return table;
    offset += (size - 1) * strides[axis + 1]!;
    strides[axis + 1] = -strides[axis + 1]!;
    const mirror = (index: number): number => size - 1 - index;
    return { ...table, low: table.low.map(mirror), high: table.high.map(mirror) };
  });
  return { image: { ...image, strides, offset }, tables: tables as unknown as Tables };
}

/** Rows of the middle axis that are read together, and rows of the result that are written together. */
const BLOCK = 8;

/** Scratch memory, as addresses in bytes, and how slabs of the source come into it. */
export interface Slabs {
  readonly kernels: Kernels;
  /** Bytes of a row along the first axis of the source, and of one along the last axis of the result. */
  readonly rowBytes: number;
  readonly columnBytes: number;
  readonly mixed: number;
  readonly columns: number;
  readonly lines: number;
  /** The slab at index `y` of the middle axis, resized along the last axis: rows along the first. Keeps the last two. */
  shrunk(channel: number, y: number): number;
}

function resizeBlock(slabs: Slabs, channel: number, block: number, [t0, t1, t2]: Tables, copyOut: SharedCopy): void {
  const { kernels, rowBytes, columnBytes, mixed, columns, lines } = slabs;
  const [m0, m1, m2] = [t0.low.length, t1.low.length, t2.low.length];
  const lineBytes = blockOfLines(m2);
  const end = Math.min(block + BLOCK, m1);
  for (let y = block; y < end; y++) {
    const low = slabs.shrunk(channel, t1.low[y]!);
    const high = slabs.shrunk(channel, t1.high[y]!);
    kernels.blend(low, high, mixed, m2 * rowBytes, t1.lowWeight[y]!, t1.highWeight[y]!);
    for (let z = 0; z < m2; z += 4) {
      kernels.transposeRows(mixed + z * rowBytes, rowBytes, rowBytes, columns + 4 * z, columnBytes);
    }
    for (let x = 0; x < m0; x++) {
      const a = columns + t0.low[x]! * columnBytes;
      const b = columns + t0.high[x]! * columnBytes;
      const line = lines + x * lineBytes + 4 * m2 * (y - block);
      kernels.blend(a, b, line, columnBytes, t0.lowWeight[x]!, t0.highWeight[x]!);
    }
  }
  for (let x = 0; x < m0; x++) {
    const from = (lines + x * lineBytes) / 4;
    copyOut.copy(((channel * m0 + x) * m1 + block) * m2, from, from + m2 * (end - block));
  }
}

/** Lines of the result that follow each other, and room for the vector that the last one is rounded up to. */
function blockOfLines(m2: number): number {
  return wholeVectors(4 * m2 * BLOCK) + 16;
}

function createSlabs(image: Strided, [t0, , t2]: Tables): Slabs {
  const [n0, n1] = image.sizes as [number, number, number];
  const m2 = t2.low.length;
  const rowBytes = wholeVectors(4 * n0);
  const columnBytes = wholeVectors(4 * m2);
  const source = createSource(image, [...new Set([...t2.low, ...t2.high])]);
  const shrunkBytes = Math.ceil(m2 / 4) * 4 * rowBytes;
  const [first = 0, second = 0, mixed = 0, columns = 0, lines = 0, sourceAt = 0, end = 0] = layOut([
    shrunkBytes,
    shrunkBytes,
    shrunkBytes,
    (rowBytes / 4) * columnBytes,
    t0.low.length * blockOfLines(m2),
    source.bytes,
  ]);
  const kernels = createKernels(end);
  const slots = [
    { key: -1, at: first },
    { key: -1, at: second },
  ];
  return {
    kernels,
    rowBytes,
    columnBytes,
    mixed,
    columns,
    lines,
    shrunk(channel, y) {
      const key = channel * n1 + y;
      const known = slots[0]!.key === key ? slots[0] : slots[1]!.key === key ? slots[1] : undefined;
      if (known) return known.at;
      slots.reverse();
      const slot = slots[1]!;
      slot.key = key;
      const slab = source.read(channel, y, kernels, sourceAt);
      for (let z = 0; z < m2; z++) {
        const low = slab + t2.low[z]! * source.stepBytes;
        const high = slab + t2.high[z]! * source.stepBytes;
        kernels.blend(low, high, slot.at + z * rowBytes, rowBytes, t2.lowWeight[z]!, t2.highWeight[z]!);
      }
      return slot.at;
    },
  };
}

/** Reads slabs of the source as rows along the first axis, one for each place on the last. */
interface Source {
  /** Scratch memory that it needs. */
  readonly bytes: number;
  /** From one place on the last axis to the next. */
  readonly stepBytes: number;
  /** Where the slab at `y` is, as float32. Valid until the next one is read. */
  read(channel: number, y: number, kernels: Kernels, at: number): number;
}

function createSource(image: Strided, needed: readonly number[]): Source {
  const [n0, n1, n2] = image.sizes as [number, number, number];
  const [sc, s0, s1, s2] = image.strides as [number, number, number, number];
  const { data, offset } = image;
  if (s0 === 1 && (s1 === n0 || n1 === 1)) {
    // Several rows follow each other in memory: they are converted in one go.
    const stepBytes = wholeVectors(4 * n0 * BLOCK);
    let known = -1;
    return {
      bytes: n2 * stepBytes,
      stepBytes,
      read(channel, y, { f32 }, at) {
        const block = y - (y % BLOCK);
        if (known !== channel * n1 + block) {
          known = channel * n1 + block;
          const start = offset + channel * sc + block * s1;
          const length = Math.min(BLOCK, n1 - block) * n0;
          const copy = new SharedCopy(f32, data);
          for (const z of needed) copy.copy((at + z * stepBytes) / 4, start + z * s2, start + z * s2 + length);
        }
        return at + 4 * n0 * (y % BLOCK);
      },
    };
  }
  const stepBytes = wholeVectors(4 * n0);
  const lineBytes = wholeVectors(4 * n2);
  const slabBytes = Math.ceil(n2 / 4) * 4 * stepBytes;
  if (s2 === 1) {
    // The last axis is the fastest: read as it lies, then transposed.
    return {
      bytes: slabBytes + Math.ceil(n0 / 4) * 4 * lineBytes,
      stepBytes,
      read(channel, y, { f32, transposeRows }, at) {
        const copy = new SharedCopy(f32, data);
        const start = offset + channel * sc + y * s1;
        const lying = at + slabBytes;
        for (let x = 0; x < n0; x++) {
          copy.copy((lying + x * lineBytes) / 4, start + x * s0, start + x * s0 + n2);
        }
        for (let x = 0; x < n0; x += 4)
          transposeRows(lying + x * lineBytes, lineBytes, lineBytes, at + 4 * x, stepBytes);
        return at;
      },
    };
  }
  return {
    bytes: slabBytes,
    stepBytes,
    read(channel, y, { f32 }, at) {
      for (const z of needed) {
        let from = offset + channel * sc + y * s1 + z * s2;
        const to = (at + z * stepBytes) / 4;
        for (let x = 0; x < n0; x++, from += s0) f32[to + x] = data[from]!;
      }
      return at;
    },
  };
}

/** Addresses one behind the other, the last one behind them all. */
function layOut(sizes: readonly number[]): number[] {
  const at = [0];
  for (const size of sizes) at.push(at[at.length - 1]! + size);
  return at;
}
