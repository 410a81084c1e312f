// The typed array for each component type, and bytes seen through it.
import { COMPONENT_BYTES, type ComponentType } from './volume-header.js';

export const COMPONENT_ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Numbers of a component type. */
export type ComponentArray = InstanceType<(typeof COMPONENT_ARRAYS)[ComponentType]>;

/** The components as a typed array over the same bytes; over a copy when they are not aligned. An odd end is left out. */
export function componentsOf(bytes: Uint8Array, type: ComponentType): ComponentArray {
  return new COMPONENT_ARRAYS[type](...alignedTo(bytes, COMPONENT_BYTES[type]));
}

/** Arguments of a typed array of elements of that width over bytes, or over a copy when they are not aligned. */
export function alignedTo(bytes: Uint8Array, width: number): [ArrayBuffer, number, number] {
  const whole = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return [whole.buffer as ArrayBuffer, whole.byteOffset, Math.floor(whole.byteLength / width)];
}
