// Component types and the typed arrays that hold them.
import type { VoxelArray } from '../imaging/image.js';
import type { ComponentType } from '../imaging/volume-header.js';

/** Component types that a typed array of plain numbers holds. */
export type PlainComponentType = Exclude<ComponentType, 'int64' | 'uint64'>;

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export function newVoxels(type: PlainComponentType, length: number): VoxelArray {
  return new ARRAYS[type](length);
}

/** The component type of an array. */
export function componentTypeOf(data: VoxelArray): PlainComponentType {
  const types = Object.keys(ARRAYS) as PlainComponentType[];
  return types.find((type) => data instanceof ARRAYS[type])!;
}

/** Voxels in file order, of a file's bytes. 64-bit integers become float64, as an image holds them. */
export function voxelsOfBytes(bytes: ArrayBuffer, type: ComponentType): VoxelArray {
  if (type === 'int64') return Float64Array.from(new BigInt64Array(bytes), Number);
  if (type === 'uint64') return Float64Array.from(new BigUint64Array(bytes), Number);
  return new ARRAYS[type](bytes);
}
