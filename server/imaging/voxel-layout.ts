// Where voxels lie: strides of common layouts, and copies from one layout to another.
import type { Image, VoxelArray } from './image.js';

/** Strides of a channel-first tensor in C order: the last axis fastest. The channel's first. */
export function cOrderStrides(sizes: readonly number[]): number[] {
  const strides = new Array<number>(sizes.length + 1);
  let step = 1;
  for (let axis = sizes.length; axis > 0; axis--) {
    strides[axis] = step;
    step *= sizes[axis - 1]!;
  }
  strides[0] = step;
  return strides;
}

/** Voxels of one channel. */
export function voxelsOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/** Whether the voxels lie in C order, without a gap, and nothing else lies in the array. */
export function isCOrder(image: Image): boolean {
  const strides = cOrderStrides(image.sizes);
  return (
    image.offset === 0 &&
    image.data.length === image.channels * voxelsOf(image.sizes) &&
    image.strides.every((stride, axis) => stride === strides[axis] || extent(image, axis) === 1)
  );
}

/** The same voxels as three spatial axes: leading axes of one voxel are put in front. */
export function asThreeAxes(image: Image): Image {
  const missing = 3 - image.sizes.length;
  if (missing === 0) return image;
  const ones = new Array<number>(missing).fill(1);
  const zeros = new Array<number>(missing).fill(0);
  return {
    ...image,
    sizes: [...ones, ...image.sizes],
    strides: [image.strides[0]!, ...zeros, ...image.strides.slice(1)],
  };
}

/** A new array of the same type. */
export function newArrayLike(data: VoxelArray, length: number): VoxelArray {
  return new (data.constructor as new (length: number) => VoxelArray)(length);
}

/** The voxels in C order, in the image's own type. The array itself when they lie so already. */
export function cOrderVoxels(image: Image): VoxelArray {
  if (isCOrder(image)) return image.data;
  const voxels = newArrayLike(image.data, image.channels * voxelsOf(image.sizes));
  copyVoxels(image, voxels, cOrderStrides(image.sizes), 0);
  return voxels;
}

/** One of three spatial axes. */
export type Axis = 0 | 1 | 2;

/** Axes of three, the one with the smallest stride first. */
export function axesByStride(strides: readonly number[]): [Axis, Axis, Axis] {
  const order = ([0, 1, 2] as const).toSorted((a, b) => Math.abs(strides[a]!) - Math.abs(strides[b]!));
  return order as [Axis, Axis, Axis];
}

/** Elements of a side of the squares in which a transposing copy goes. 32 rows stay in the first-level cache. */
const TILE = 32;

/**
 * Copies all voxels into another array with other strides (the channel's first), converting as typed arrays do.
 * The array must have room; voxels that the strides do not reach stay as they are.
 */
export function copyVoxels(
  image: Image,
  target: VoxelArray,
  targetStrides: readonly number[],
  targetOffset: number,
): void {
  const { sizes, strides, offset, data } = asThreeAxes(image);
  const missing = 3 - image.sizes.length;
  const to = [...new Array<number>(missing).fill(0), ...targetStrides.slice(1)];
  const from = strides.slice(1);
  const lying = from.map((stride, axis) => (sizes[axis] === 1 ? Number.MAX_SAFE_INTEGER : stride));
  const [fast] = axesByStride(lying);
  const landing = to.map((stride, axis) => (sizes[axis] === 1 ? Number.MAX_SAFE_INTEGER : stride));
  const [landFast] = axesByStride(landing);
  const inner = landFast === fast ? (fast === 0 ? 1 : 0) : landFast;
  const outer = 3 - fast - inner;
  const [nOuter, nInner, nFast] = [sizes[outer]!, sizes[inner]!, sizes[fast]!];
  const sameRows = from[fast] === 1 && to[fast] === 1 && data.constructor === target.constructor;
  for (let c = 0; c < image.channels; c++) {
    const fromChannel = offset + c * strides[0]!;
    const toChannel = targetOffset + c * targetStrides[0]!;
    for (let o = 0; o < nOuter; o++) {
      const fromOuter = fromChannel + o * from[outer]!;
      const toOuter = toChannel + o * to[outer]!;
      if (sameRows) {
        for (let i = 0; i < nInner; i++) {
          const start = fromOuter + i * from[inner]!;
          target.set(data.subarray(start, start + nFast) as never, toOuter + i * to[inner]!);
        }
      } else {
        copyPlane(data, fromOuter, from[inner]!, from[fast]!, target, toOuter, to[inner]!, to[fast]!, nInner, nFast);
      }
    }
  }
}

function copyPlane(
  data: VoxelArray,
  from: number,
  fromInner: number,
  fromFast: number,
  target: VoxelArray,
  to: number,
  toInner: number,
  toFast: number,
  nInner: number,
  nFast: number,
): void {
  for (let i0 = 0; i0 < nInner; i0 += TILE) {
    const i1 = Math.min(i0 + TILE, nInner);
    for (let f0 = 0; f0 < nFast; f0 += TILE) {
      const f1 = Math.min(f0 + TILE, nFast);
      for (let f = f0; f < f1; f++) {
        let a = from + i0 * fromInner + f * fromFast;
        let b = to + i0 * toInner + f * toFast;
        for (let i = i0; i < i1; i++, a += fromInner, b += toInner) target[b] = data[a]!;
      }
    }
  }
}

function extent(image: Image, axis: number): number {
  return axis === 0 ? image.channels : image.sizes[axis - 1]!;
}
