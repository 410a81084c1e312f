// Copies a window of an image into a network's input: any strides in, channel first and last axis fastest out.
import type { Image } from '../imaging/image.js';

/** What lies outside the image. */
export interface Padding {
  readonly mode: 'constant' | 'reflect' | 'replicate' | 'circular';
  /** For `constant`. */
  readonly value: number;
}

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
  const { data } = image;
  const [xs, ys, zs] = threeAxes(
    windowSizes.map((size, axis) => axisOffsets(image, axis, start[axis]!, size, padding)),
  );
  let to = targetOffset;
  for (let channel = 0; channel < image.channels; channel++) {
    const base = image.offset + channel * image.strides[0]!;
    for (const x of xs) {
      for (const y of ys) {
        if (x === OUTSIDE || y === OUTSIDE) {
          target.fill(padding.value, to, to + zs.length);
          to += zs.length;
          continue;
        }
        const row = base + x + y;
        for (let i = 0; i < zs.length; i++) {
          const z = zs[i]!;
          target[to++] = z === OUTSIDE ? padding.value : data[row + z]!;
        }
      }
    }
  }
}

/** An offset that no stride gives: strides may be negative, but never leave 32 bits. */
const OUTSIDE = 0x7fffffff;

/** For each voxel of a window along one axis, how far it lies from the image's first, in elements of its data. */
function axisOffsets(image: Image, axis: number, start: number, size: number, padding: Padding): Float64Array {
  const stride = image.strides[axis + 1]!;
  const length = image.sizes[axis]!;
  return Float64Array.from({ length: size }, (_, i) => {
    const voxel = insideVoxel(start + i, length, padding.mode);
    return voxel === undefined ? OUTSIDE : voxel * stride;
  });
}

function insideVoxel(voxel: number, length: number, mode: Padding['mode']): number | undefined {
  if (voxel >= 0 && voxel < length) return voxel;
  switch (mode) {
    case 'constant':
      return undefined;
    case 'replicate':
      return voxel < 0 ? 0 : length - 1;
    case 'reflect':
      return voxel < 0 ? -voxel : 2 * (length - 1) - voxel;
    case 'circular':
      return voxel < 0 ? voxel + length : voxel - length;
  }
}

/** Three axes of one, two or three: those that are missing come first, with one voxel. */
function threeAxes(offsets: readonly Float64Array[]): readonly [Float64Array, Float64Array, Float64Array] {
  const missing = Array.from({ length: 3 - offsets.length }, () => Float64Array.of(0));
  return [...missing, ...offsets] as unknown as [Float64Array, Float64Array, Float64Array];
}
