// Tensors of a pickle: their storages' records found, their sizes and strides checked against the bytes that are there.
import { DTYPES, type DType } from '../dtypes.js';
import { TorchScriptError } from '../error.js';
import type { Pickled, PickledTensor, Storage } from './pickled.js';

/** The bytes of the record that a persistent id names. @throws TorchScriptError */
export type LoadStorage = (key: string) => { readonly record: string; readonly bytes: Uint8Array };

export type StoredStorage = Storage;

const MAX_AXES = 16;

/** @throws TorchScriptError damaged when the record holds fewer elements than the pickle says */
export function makeStorage(dtype: DType, key: string, count: bigint, load: LoadStorage, where: string): Storage {
  const { record, bytes } = load(key);
  const { sizeBytes } = DTYPES[dtype];
  if (count < 0n || count * BigInt(sizeBytes) > BigInt(bytes.length)) {
    const sizes = `${bytes.length} bytes, ${where} expects ${count} elements of ${dtype}`;
    throw new TorchScriptError('damaged', record, `it has ${sizes}. Copy the file again.`);
  }
  return { record, dtype, bytes: bytes.subarray(0, Number(count) * sizeBytes) };
}

/** @throws TorchScriptError damaged when an element would lie outside the storage */
export function makeTensor(
  storage: Storage,
  offset: Pickled | undefined,
  shape: readonly Pickled[],
  strides: readonly Pickled[],
  where: string,
): PickledTensor {
  if (shape.length !== strides.length || shape.length > MAX_AXES) {
    throw new TorchScriptError('damaged', where, `a tensor has ${shape.length} sizes and ${strides.length} strides.`);
  }
  const numbers = [offset ?? null, ...shape, ...strides].map((one) => (typeof one === 'bigint' ? Number(one) : -1));
  const [start = -1, ...rest] = numbers;
  const sizes = rest.slice(0, shape.length);
  const steps = rest.slice(shape.length);
  const elements = storage.bytes.length / DTYPES[storage.dtype].sizeBytes;
  const isEmpty = sizes.includes(0);
  const reach = sizes.reduce((sum, size, axis) => sum + (size - 1) * (steps[axis] ?? 0), start);
  const count = sizes.reduce((product, size) => product * size, 1);
  const fits = isEmpty ? start <= elements : reach < elements;
  // A tensor may repeat its numbers (strides of 0), but not to blow a few bytes up to more than fit anywhere.
  const blownUp = count > Math.max(elements, 2 ** 20);
  if (numbers.some((n) => n < 0) || !fits || blownUp) {
    const view = `sizes [${sizes.join(', ')}], strides [${steps.join(', ')}], offset ${start}`.slice(0, 200);
    const message = `a tensor (${view}) reaches beyond the ${elements} elements of ${storage.record}.`;
    throw new TorchScriptError('damaged', where, `${message} Copy the file again.`);
  }
  return { kind: 'stored-tensor', storage, offset: start, shape: sizes, strides: steps };
}
