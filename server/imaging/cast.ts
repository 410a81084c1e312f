// Voxels as other types have them.
import type { Image, VoxelArray } from './image.js';
import { cOrderStrides, cOrderVoxels, copyVoxels, voxelsOf } from './voxel-layout.js';

const KINDS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Types whose every value float32 has too: such voxels stand for float32 without being copied. */
const WITHIN_FLOAT32: readonly unknown[] = [Uint8Array, Int8Array, Uint16Array, Int16Array, Float32Array];

/**
 * The image with another type of numbers: towards integers the fraction is cut off and the rest wraps, as in C. For
 * float32 small integers stay as they are, since they stand for themselves.
 */
export function castVoxels(image: Image, type: keyof typeof KINDS): Image {
  const Kind = KINDS[type];
  const integers = !type.startsWith('float');
  if (image.data.constructor === Kind) return { ...image, integers };
  if (type === 'float32' && WITHIN_FLOAT32.includes(image.data.constructor)) return { ...image, integers };
  const size = image.channels * voxelsOf(image.sizes);
  if (image.data.length === size) return { ...image, data: new Kind(image.data), owned: true, integers };
  const data: VoxelArray = new Kind(size);
  const strides = cOrderStrides(image.sizes);
  copyVoxels(image, data, strides, 0);
  return { ...image, data, strides, offset: 0, owned: true, integers };
}

/** Whether MONAI has integers here: others stand for float32. */
export function holdsIntegers({ data, integers }: Image): boolean {
  return integers === true && !(data instanceof Float32Array) && !(data instanceof Float64Array);
}

/** The type of an array of integers. @throws RangeError for another */
export function integerType(data: VoxelArray): keyof typeof KINDS {
  for (const [type, Kind] of Object.entries(KINDS)) {
    if (data instanceof Kind && !type.startsWith('float')) return type as keyof typeof KINDS;
  }
  throw new RangeError('not an array of integers');
}

/** MONAI's `scale` of SaveImage: clipped to [0, 1], then 0 to 255 as uint8 or 0 to 65535 as uint16. */
export function scaleToInteger(image: Image, scale: number): Image {
  const voxels = cOrderVoxels(image);
  const data = scale === 255 ? new Uint8Array(voxels.length) : new Uint16Array(voxels.length);
  for (let i = 0; i < voxels.length; i++) data[i] = Math.fround(Math.min(Math.max(voxels[i]!, 0), 1) * scale);
  return { ...image, data, strides: cOrderStrides(image.sizes), offset: 0, owned: true };
}
