// Constant tensors: bytes in C order, little-endian, and the numbers in them.
import { DTYPES, type DType } from '../dtypes.js';

export interface Constant {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** `elementCount(shape)` elements; often a view into the file that was read. */
  readonly bytes: Uint8Array;
}

/** Numbers of a constant, as JavaScript counts. 64-bit integers beyond 2^53 lose their last digits. */
export type Numbers = ArrayLike<number>;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Strides of C order, counted in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Types whose numbers JavaScript holds in the same bytes, where the machine's order is the file's. */
const NATIVE: Readonly<Partial<Record<DType, TypedArray>>> = {
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};
type TypedArray = Int16ArrayConstructor | Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The numbers of a constant; booleans are 0 and 1. */
export function readNumbers({ dtype, bytes }: Constant): Numbers {
  const { sizeBytes } = DTYPES[dtype];
  const count = bytes.byteLength / sizeBytes;
  const Native = NATIVE[dtype];
  if (Native && IS_LITTLE_ENDIAN && bytes.byteOffset % sizeBytes === 0) {
    return new Native(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'uint8':
    case 'bool':
      return bytes;
    case 'int8':
      return new Int8Array(bytes.buffer, bytes.byteOffset, count);
    case 'int16':
      return fill(new Int16Array(count), (index) => view.getInt16(index * 2, true));
    case 'int32':
      return fill(new Int32Array(count), (index) => view.getInt32(index * 4, true));
    case 'int64':
      return fill(new Float64Array(count), (index) => getInt64(view, index * 8));
    case 'float32':
      return fill(new Float32Array(count), (index) => view.getFloat32(index * 4, true));
    case 'float64':
      return fill(new Float64Array(count), (index) => view.getFloat64(index * 8, true));
    case 'float16':
      return fill(new Float32Array(count), (index) => halfToNumber(view.getUint16(index * 2, true)));
    case 'bfloat16':
      return fill(new Float32Array(count), (index) => bfloatToNumber(view.getUint16(index * 2, true)));
  }
}

/** A constant of these numbers, each rounded, wrapped or cut to the type as torch casts. */
export function makeConstant(dtype: DType, shape: readonly number[], numbers: ArrayLike<number>): Constant {
  const count = elementCount(shape);
  const bytes = new Uint8Array(count * DTYPES[dtype].sizeBytes);
  const Native = NATIVE[dtype];
  if (Native && IS_LITTLE_ENDIAN) {
    // These round, wrap and cut as torch does.
    const made = new Native(bytes.buffer);
    for (let index = 0; index < count; index++) made[index] = numbers[index]!;
    return { dtype, shape: [...shape], bytes };
  }
  if (dtype === 'bool' || dtype === 'uint8' || dtype === 'int8') {
    const isBool = dtype === 'bool';
    for (let index = 0; index < count; index++) bytes[index] = isBool ? Number(numbers[index] !== 0) : numbers[index]!;
    return { dtype, shape: [...shape], bytes };
  }
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) writeNumber(view, dtype, index, numbers[index]!);
  return { dtype, shape: [...shape], bytes };
}

function writeNumber(
  view: DataView,
  dtype: Exclude<DType, 'bool' | 'uint8' | 'int8'>,
  index: number,
  value: number,
): void {
  switch (dtype) {
    case 'int16':
      view.setInt16(index * 2, Math.trunc(value), true);
      break;
    case 'int32':
      view.setInt32(index * 4, Math.trunc(value), true);
      break;
    case 'int64':
      setInt64(view, index * 8, value);
      break;
    case 'float32':
      view.setFloat32(index * 4, value, true);
      break;
    case 'float64':
      view.setFloat64(index * 8, value, true);
      break;
    case 'float16':
      view.setUint16(index * 2, numberToHalf(value), true);
      break;
    case 'bfloat16':
      view.setUint16(index * 2, numberToBfloat(value), true);
  }
}

/** In halves: a bigint for each number takes ten times as long. */
function getInt64(view: DataView, offset: number): number {
  return view.getInt32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
}

function setInt64(view: DataView, offset: number, value: number): void {
  const whole = Math.trunc(value);
  if (!Number.isSafeInteger(whole)) {
    view.setBigInt64(offset, toInt64(value), true);
    return;
  }
  view.setUint32(offset, whole >>> 0, true);
  view.setInt32(offset + 4, Math.floor(whole / 2 ** 32), true);
}

/** Beyond 2^53 a number stands for the end of the range, as in `x[1:]`, whose end is 2^63 - 1. */
function toInt64(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  return BigInt(Math.trunc(value));
}

function fill<Target extends { [index: number]: number; readonly length: number }>(
  target: Target,
  at: (index: number) => number,
): Target {
  for (let index = 0; index < target.length; index++) target[index] = at(index);
  return target;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  if (magnitude === 0) return sign;
  const steps = roundHalfEven(magnitude / 2 ** (exponent - 10));
  const isSubnormal = exponent === -14 && steps < 1024;
  return sign | (isSubnormal ? steps : ((exponent + 15) << 10) + (steps - 1024));
}

function bfloatToNumber(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 65536);
  return view.getFloat32(0);
}

function numberToBfloat(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) / 65536) & 0xffff;
}

/** To the nearest whole number, halves to the even one: what torch's `round` and IEEE casts do. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
