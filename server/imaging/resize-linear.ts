// Linear resizing with torch's arithmetic: along the last axis, then the middle, then the first, in float32, each value
// low·lowWeight fused onto the rounded high·highWeight. Equal to torch.nn.functional.interpolate to the last bit in 3-D.
import { type AxisTable, resizeTable } from './axis-table.js';
import type { Image, VoxelArray } from './image.js';
import { asThreeAxes, cOrderStrides, copyVoxels, voxelsOf } from './voxel-layout.js';

/** Planes of the result that are written together: 16 float32 are one cache line. */
const PLANES = 16;

type Tables = readonly [AxisTable, AxisTable, AxisTable];

/** The resized voxels as a C-order tensor, channel first. */
export function resizeLinear(image: Image, newSizes: readonly number[], alignCorners: boolean): Float32Array {
  const { image: source, tables } = withoutFlips(asThreeAxes(image), newSizes, alignCorners);
  const perChannel = voxelsOf(newSizes);
  const result = new Float32Array(image.channels * perChannel);
  for (let c = 0; c < image.channels; c++) {
    const start = source.offset + c * source.strides[0]!;
    const target = result.subarray(c * perChannel, (c + 1) * perChannel);
    if (source.strides[3] === 1) resizeRows(source, start, tables, target);
    else resizePlanes(source, start, tables, target);
  }
  return result;
}

/** Flipped axes read forwards, with mirrored tables: the kernels only see rising addresses. */
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

/** For images whose last axis is not the fastest: whole planes across it are blended, then their rows. */
function resizePlanes(image: Image, start: number, tables: Tables, result: Float32Array): void {
  const [n0, n1] = image.sizes as [number, number, number];
  const [t0, t1, t2] = tables;
  const [m1, m2] = [t1.low.length, t2.low.length];
  const planeOf = cachedPlanes(2, n0 * n1, (z, plane) => readPlane(image, start, z, plane));
  const blended = new Float32Array(n0 * n1);
  const rows = new Float32Array(PLANES * m1 * n0);
  for (let z = 0; z < m2; z += PLANES) {
    const count = Math.min(PLANES, m2 - z);
    for (let r = 0; r < count; r++) {
      const low = planeOf(t2.low[z + r]!);
      const high = planeOf(t2.high[z + r]!);
      blend(low, 0, high, 0, t2.lowWeight[z + r]!, t2.highWeight[z + r]!, blended, 0, n0 * n1);
      for (let y = 0; y < m1; y++) {
        const to = (r * m1 + y) * n0;
        const [a, b] = [t1.low[y]! * n0, t1.high[y]! * n0];
        blend(blended, a, blended, b, t1.lowWeight[y]!, t1.highWeight[y]!, rows, to, n0);
      }
    }
    blendAcross(rows, n0, m1, count, t0, result, z, m2);
  }
}

/** For images whose last axis is the fastest: rows along it, then planes. */
function resizeRows(image: Image, start: number, tables: Tables, result: Float32Array): void {
  const [, n1, n2] = image.sizes as [number, number, number];
  const [, s0, s1] = image.strides as [number, number, number, number];
  const [t0, t1, t2] = tables;
  const [m0, m1, m2] = [t0.low.length, t1.low.length, t2.low.length];
  const row = new Float32Array(n2);
  const shrunk = new Float32Array(n1 * m2);
  const planeOf = cachedPlanes(2, m1 * m2, (x, plane) => {
    for (let y = 0; y < n1; y++) {
      const from = start + x * s0 + y * s1;
      row.set(image.data.subarray(from, from + n2));
      blendAlong(row, t2, shrunk, y * m2);
    }
    for (let y = 0; y < m1; y++) {
      const [a, b] = [t1.low[y]! * m2, t1.high[y]! * m2];
      blend(shrunk, a, shrunk, b, t1.lowWeight[y]!, t1.highWeight[y]!, plane, y * m2, m2);
    }
  });
  for (let x = 0; x < m0; x++) {
    const low = planeOf(t0.low[x]!);
    const high = planeOf(t0.high[x]!);
    blend(low, 0, high, 0, t0.lowWeight[x]!, t0.highWeight[x]!, result, x * m1 * m2, m1 * m2);
  }
}

function blend(
  low: Float32Array,
  lowAt: number,
  high: Float32Array,
  highAt: number,
  lowWeight: number,
  highWeight: number,
  out: Float32Array,
  outAt: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outAt + i] = low[lowAt + i]! * lowWeight + Math.fround(high[highAt + i]! * highWeight);
  }
}

function blendAlong(row: Float32Array, table: AxisTable, out: Float32Array, outAt: number): void {
  const { low, high, lowWeight, highWeight } = table;
  for (let o = 0; o < low.length; o++) {
    out[outAt + o] = row[low[o]!]! * lowWeight[o]! + Math.fround(row[high[o]!]! * highWeight[o]!);
  }
}

/** The last step of `resizePlanes`: along the first axis, written across so that the last axis is fastest. */
function blendAcross(
  rows: Float32Array,
  n0: number,
  m1: number,
  count: number,
  table: AxisTable,
  result: Float32Array,
  z: number,
  m2: number,
): void {
  const { low, high, lowWeight, highWeight } = table;
  const m0 = low.length;
  const step = m1 * n0;
  for (let y = 0; y < m1; y++) {
    for (let x = 0; x < m0; x++) {
      const w0 = lowWeight[x]!;
      const w1 = highWeight[x]!;
      let a = y * n0 + low[x]!;
      let b = y * n0 + high[x]!;
      const to = (x * m1 + y) * m2 + z;
      for (let r = 0; r < count; r++, a += step, b += step) {
        result[to + r] = rows[a]! * w0 + Math.fround(rows[b]! * w1);
      }
    }
  }
}

/** One plane across the last axis as float32, the first axis fastest. */
function readPlane(image: Image, start: number, z: number, plane: Float32Array): void {
  const [n0, n1] = image.sizes as [number, number, number];
  const [, s0, s1, s2] = image.strides as [number, number, number, number];
  const data: VoxelArray = image.data;
  const from = start + z * s2;
  if (s0 === 1 && s1 === n0) {
    plane.set(data.subarray(from, from + n0 * n1));
  } else if (s0 === 1) {
    for (let y = 0; y < n1; y++) plane.set(data.subarray(from + y * s1, from + y * s1 + n0), y * n0);
  } else {
    const view = { ...image, channels: 1, sizes: [n1, n0], strides: [0, s1, s0], offset: from };
    copyVoxels(view, plane, cOrderStrides([n1, n0]), 0);
  }
}

/** Keeps the last few planes that were made, since neighbours share them. */
function cachedPlanes(
  slots: number,
  length: number,
  make: (index: number, plane: Float32Array) => void,
): (index: number) => Float32Array {
  const planes = Array.from({ length: slots }, () => ({ index: -1, used: 0, voxels: new Float32Array(length) }));
  let clock = 0;
  return (index) => {
    let plane = planes.find((one) => one.index === index);
    if (!plane) {
      plane = planes.reduce((oldest, one) => (one.used < oldest.used ? one : oldest));
      plane.index = index;
      make(index, plane.voxels);
    }
    plane.used = ++clock;
    return plane.voxels;
  };
}
