// The numbers of a stored tensor in C order: a view where they lie so, a copy where they must be gathered.
import { DTYPES } from '../dtypes.js';
import type { PickledTensor } from './pickled.js';

/** True when the elements lie one after the other, last axis fastest. */
export function isContiguous({ shape, strides }: PickledTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const size = shape[axis]!;
    if (size === 0) return true;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Little-endian bytes of the elements in C order; of the file itself when the tensor is contiguous. */
export function storedBytes(tensor: PickledTensor): Uint8Array {
  const { storage, offset, shape, strides } = tensor;
  const { sizeBytes } = DTYPES[storage.dtype];
  const count = countElements(shape);
  if (isContiguous(tensor)) return storage.bytes.subarray(offset * sizeBytes, (offset + count) * sizeBytes);
  const gathered = new Uint8Array(count * sizeBytes);
  const index = shape.map(() => 0);
  let from = offset;
  for (let element = 0; element < count; element += 1) {
    gathered.set(storage.bytes.subarray(from * sizeBytes, (from + 1) * sizeBytes), element * sizeBytes);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      from += strides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return gathered;
}
