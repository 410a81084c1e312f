// Copies a window of an image into a network's input: any strides in, channel first and last axis fastest out.
import type { Image, VoxelArray } from '../imaging/image.js';
import { asThreeAxes } from '../imaging/voxel-layout.js';

/** What lies outside the image. */
export interface Padding {
  readonly mode: 'constant' | 'reflect' | 'replicate' | 'circular';
  /** For `constant`. */
  readonly value: number;
}

type Three = readonly [number, number, number];

/**
 * Fills `target` from `targetOffset` with the window of `windowSizes` that starts at voxel `start` of the image (which
 * may lie before the first voxel, or end behind the last). Channels follow one another.
 */
export function gatherWindow(
  image: Image,
  start: readonly number[],
  windowSizes: readonly number[],
  padding: Padding,
  target: Float32Array,
  targetOffset: number,
): void {
  const { data, offset, channels, sizes, strides } = asThreeAxes(image);
  const [channelStride, ...spatialStrides] = strides as [number, number, number, number];
  const first = lifted(start, 0);
  const window = lifted(windowSizes, 1);
  const inside = first.every((voxel, axis) => voxel >= 0 && voxel + window[axis]! <= sizes[axis]!);
  const corner = inside ? first.reduce((sum, voxel, axis) => sum + voxel * spatialStrides[axis]!, 0) : 0;
  const tables = inside ? [] : first.map((voxel, axis) => axisTable(voxel, window[axis]!, sizes[axis]!, padding.mode));
  for (let channel = 0; channel < channels; channel++) {
    const from = offset + channel * channelStride;
    const to = targetOffset + channel * window[0] * window[1] * window[2];
    if (inside) gatherInside(data, from + corner, spatialStrides, window, target, to);
    else gatherPadded(data, from, spatialStrides, tables, padding.value, target, to);
  }
}

function gatherInside(
  data: VoxelArray,
  from: number,
  [sx, sy, sz]: Three,
  [nx, ny, nz]: Three,
  target: Float32Array,
  targetOffset: number,
): void {
  const rows = sz === 1 && data instanceof Float32Array;
  let to = targetOffset;
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      let at = from + x * sx + y * sy;
      if (rows) {
        target.set(data.subarray(at, at + nz), to);
        to += nz;
      } else for (const end = to + nz; to < end; to++, at += sz) target[to] = data[at]!;
    }
  }
}

const OUTSIDE = -1;

function gatherPadded(
  data: VoxelArray,
  from: number,
  [sx, sy, sz]: Three,
  tables: readonly Int32Array[],
  value: number,
  target: Float32Array,
  targetOffset: number,
): void {
  const [xs, ys, zs] = tables as [Int32Array, Int32Array, Int32Array];
  let to = targetOffset;
  for (const x of xs) {
    for (const y of ys) {
      const outside = x === OUTSIDE || y === OUTSIDE;
      const row = from + x * sx + y * sy;
      for (let i = 0; i < zs.length; i++) {
        const z = zs[i]!;
        target[to++] = outside || z === OUTSIDE ? value : data[row + z * sz]!;
      }
    }
  }
}

/** For each voxel of a window along one axis, which of the image's it is. */
function axisTable(start: number, size: number, length: number, mode: Padding['mode']): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => imageVoxel(start + i, length, mode));
}

function imageVoxel(voxel: number, length: number, mode: Padding['mode']): number {
  if (voxel >= 0 && voxel < length) return voxel;
  switch (mode) {
    case 'constant':
      return OUTSIDE;
    case 'replicate':
      return voxel < 0 ? 0 : length - 1;
    case 'reflect':
      return voxel < 0 ? -voxel : 2 * (length - 1) - voxel;
    case 'circular':
      return voxel < 0 ? voxel + length : voxel - length;
  }
}

/** Three axes of one, two or three: those that are missing come first. */
function lifted(values: readonly number[], missing: number): Three {
  return [...Array.from({ length: 3 - values.length }, () => missing), ...values] as unknown as Three;
}
