// Constants of an ONNX graph: bytes to numbers and back.
import { DATA_TYPE, EXTERNAL, type Int64, type OnnxTensor } from './messages.js';

/** A constant's numbers. 64-bit integers are numbers: sizes and axes, never as large as 2^53. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: Float32Array | readonly number[];
}

export function toNumber(value: Int64): number {
  return typeof value === 'number' ? value : value.toNumber();
}

/** The numbers of a float32 or integer tensor; undefined for other types and for tensors kept in another file. */
export function readConstant(tensor: OnnxTensor): Constant | undefined {
  if (tensor.dataLocation === EXTERNAL) return undefined;
  const dims = tensor.dims.map(toNumber);
  const raw = tensor.rawData && tensor.rawData.length > 0 ? tensor.rawData : undefined;
  switch (tensor.dataType) {
    case DATA_TYPE.float32:
      return { dims, values: raw ? new Float32Array(alignedCopy(raw)) : Float32Array.from(tensor.floatData ?? []) };
    case DATA_TYPE.int64:
      return {
        dims,
        values: raw ? Array.from(new BigInt64Array(alignedCopy(raw)), Number) : (tensor.int64Data ?? []).map(toNumber),
      };
    case DATA_TYPE.int32:
      return { dims, values: raw ? Array.from(new Int32Array(alignedCopy(raw))) : [...(tensor.int32Data ?? [])] };
    default:
      return undefined;
  }
}

/** A float32 tensor. */
export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims: [...dims], dataType: DATA_TYPE.float32, rawData };
}

/** A one-dimensional int64 tensor, as shapes and axes are given. */
export function int64Tensor(name: string, values: readonly number[]): OnnxTensor {
  const bytes = BigInt64Array.from(values, BigInt);
  return { name, dims: [values.length], dataType: DATA_TYPE.int64, rawData: new Uint8Array(bytes.buffer) };
}

function alignedCopy(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
