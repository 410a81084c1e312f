// Nodes of constants, computed while the program is read: index arithmetic, masks, tables of positions.
import { DTYPES } from '../dtypes.js';
import { type Constant, elementCount, makeConstant, type Numbers, readNumbers, stridesOf } from './constant.js';
import { BINARY, cutRemainder, remainder, UNARY } from './fold-elementwise.js';
import type { AttributeValue, ValueFacts } from './graph.js';

interface Folding {
  readonly inputs: readonly (Constant | undefined)[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly output: ValueFacts;
}

type Fold = (folding: Folding) => Constant | undefined;

/** The node's answer, or undefined for operators that are left to ONNX Runtime. */
export function foldNode(
  opType: string,
  inputs: readonly (Constant | undefined)[],
  attributes: Readonly<Record<string, AttributeValue>>,
  output: ValueFacts,
): Constant | undefined {
  const folding = { inputs, attributes, output };
  const unary = UNARY[opType];
  if (unary) return foldUnary(folding, unary);
  const binary = BINARY[opType];
  if (binary) return foldBinary(folding, binary);
  if (opType === 'Mod') return foldBinary(folding, attributes['fmod'] === 1 ? cutRemainder : remainder);
  return FOLDS[opType]?.(folding);
}

/** Numbers that are computed for that answer: none where its bytes are those of the input. */
export function numbersToFold(opType: string, inputs: readonly (Constant | undefined)[], output: ValueFacts): number {
  const fold = FOLDS[opType];
  if (fold === sameNumbers) return 0;
  if (fold === undefined && !UNARY[opType] && !BINARY[opType] && opType !== 'Mod') return 0;
  const counts = [output.shape, ...inputs.map((input) => (opType.startsWith('Reduce') ? (input?.shape ?? []) : []))];
  return Math.max(...counts.map(elementCount));
}

const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: sameNumbers,
  Reshape: sameNumbers,
  Unsqueeze: sameNumbers,
  Squeeze: sameNumbers,
  Flatten: sameNumbers,
  Cast: ({ inputs, output }) => makeConstant(output.dtype, output.shape, castNumbers(inputs[0]!, output)),
  Transpose: foldTranspose,
  Slice: foldSlice,
  Expand: ({ inputs, output }) =>
    stridedCopy(inputs[0]!, 0, broadcastStrides(inputs[0]!.shape, output.shape), output.shape),
  Concat: foldConcat,
  Gather: foldGather,
  Where: foldWhere,
  Range: ({ inputs, output }) => {
    const [start, , step] = inputs.map((input) => readNumbers(input!)[0]!);
    return makeConstant(
      output.dtype,
      output.shape,
      Float64Array.from(output.shape[0] ? indexes(output.shape[0]) : [], (i) => start! + i * step!),
    );
  },
  ReduceSum: foldReduce(
    () => 0,
    (sum, value) => sum + value,
  ),
  ReduceProd: foldReduce(
    () => 1,
    (product, value) => product * value,
  ),
  ReduceMax: foldReduce(() => Number.NEGATIVE_INFINITY, Math.max),
  ReduceMin: foldReduce(() => Number.POSITIVE_INFINITY, Math.min),
};

function sameNumbers({ inputs, output }: Folding): Constant {
  return { dtype: output.dtype, shape: [...output.shape], bytes: inputs[0]!.bytes };
}

function castNumbers(input: Constant, output: ValueFacts): Numbers {
  const numbers = readNumbers(input);
  if (output.dtype !== 'bool' || input.dtype === 'bool') return numbers;
  const found = new Uint8Array(numbers.length);
  for (let i = 0; i < found.length; i++) found[i] = numbers[i] === 0 ? 0 : 1;
  return found;
}

function foldUnary({ inputs, output }: Folding, compute: (x: number) => number): Constant {
  const numbers = Float64Array.from(readNumbers(inputs[0]!));
  for (let i = 0; i < numbers.length; i++) numbers[i] = compute(numbers[i]!);
  return makeConstant(output.dtype, output.shape, numbers);
}

function foldBinary(
  { inputs, output }: Folding,
  compute: (a: number, b: number, integer: boolean) => number,
): Constant | undefined {
  const [a, b] = inputs;
  if (inputs.length !== 2 || !a || !b) return undefined;
  const [left, right] = [spreadNumbers(a, output.shape), spreadNumbers(b, output.shape)];
  const integer = DTYPES[a.dtype].category !== 'float';
  const numbers = new Float64Array(elementCount(output.shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = compute(left[i]!, right[i]!, integer);
  return makeConstant(output.dtype, output.shape, numbers);
}

function foldWhere({ inputs, output }: Folding): Constant {
  const [condition, yes, no] = inputs.map((input) => spreadNumbers(input!, output.shape)) as [
    Numbers,
    Numbers,
    Numbers,
  ];
  const numbers = new Float64Array(elementCount(output.shape));
  for (let i = 0; i < numbers.length; i++) numbers[i] = condition[i] ? yes[i]! : no[i]!;
  return makeConstant(output.dtype, output.shape, numbers);
}

/** The numbers of a constant as if it had a larger shape. */
function spreadNumbers(constant: Constant, shape: readonly number[]): Numbers {
  const numbers = readNumbers(constant);
  const count = elementCount(shape);
  if (numbers.length === count) return numbers;
  if (numbers.length === 1) return new Float64Array(count).fill(numbers[0]!);
  const places = sourceIndexes(0, broadcastStrides(constant.shape, shape), shape);
  const spread = new Float64Array(count);
  for (let i = 0; i < count; i++) spread[i] = numbers[places[i]!]!;
  return spread;
}

function foldTranspose({ inputs, attributes, output }: Folding): Constant {
  const strides = stridesOf(inputs[0]!.shape);
  const perm = attributes['perm'] as readonly number[];
  return stridedCopy(
    inputs[0]!,
    0,
    perm.map((axis) => strides[axis]!),
    output.shape,
  );
}

function foldSlice({ inputs, output }: Folding): Constant {
  const [data, ...rest] = inputs as [Constant, ...Constant[]];
  const [starts, , axes, steps] = rest.map((input) => Array.from(readNumbers(input)));
  const strides = stridesOf(data.shape);
  const own = [...strides];
  let offset = 0;
  (axes ?? starts!.map((_, axis) => axis)).forEach((axis, index) => {
    const step = steps?.[index] ?? 1;
    const size = data.shape[axis]!;
    const start = starts![index]! < 0 ? starts![index]! + size : starts![index]!;
    offset += Math.min(Math.max(start, 0), step < 0 ? size - 1 : size) * strides[axis]!;
    own[axis] = strides[axis]! * step;
  });
  return stridedCopy(data, offset, own, output.shape);
}

function foldConcat({ inputs, attributes, output }: Folding): Constant {
  const axis = attributes['axis'] as number;
  const inner = elementCount(output.shape.slice(axis + 1)) * DTYPES[output.dtype].sizeBytes;
  const outer = elementCount(output.shape.slice(0, axis));
  const bytes = new Uint8Array(elementCount(output.shape) * DTYPES[output.dtype].sizeBytes);
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const input of inputs) {
      const length = input!.shape[axis]! * inner;
      bytes.set(input!.bytes.subarray(row * length, (row + 1) * length), at);
      at += length;
    }
  }
  return { dtype: output.dtype, shape: [...output.shape], bytes };
}

function foldGather({ inputs, attributes, output }: Folding): Constant {
  const [data, picks] = inputs as [Constant, Constant];
  const axis = attributes['axis'] as number;
  const size = data.shape[axis]!;
  const inner = elementCount(data.shape.slice(axis + 1)) * DTYPES[data.dtype].sizeBytes;
  const outer = elementCount(data.shape.slice(0, axis));
  const chosen = Array.from(readNumbers(picks), (index) => (index < 0 ? index + size : index));
  const rows = new Int32Array(outer * chosen.length);
  for (let row = 0, at = 0; row < outer; row++) for (const index of chosen) rows[at++] = row * size + index;
  return { dtype: output.dtype, shape: [...output.shape], bytes: pickRows(data.bytes, rows, inner) };
}

/** Axes come as the second input (`ReduceSum`) or as an attribute; without either all are reduced. */
function foldReduce(start: () => number, combine: (a: number, b: number) => number): Fold {
  return ({ inputs, attributes, output }) => {
    const data = inputs[0]!;
    const listed = inputs[1]
      ? Array.from(readNumbers(inputs[1]))
      : (attributes['axes'] as readonly number[] | undefined);
    const axes = new Set(listed ?? data.shape.map((_, axis) => axis));
    const kept = data.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
    const target = sourceIndexes(0, broadcastStrides(kept, data.shape), data.shape);
    const sums = new Float64Array(elementCount(kept)).fill(start());
    const numbers = readNumbers(data);
    for (let i = 0; i < numbers.length; i++) sums[target[i]!] = combine(sums[target[i]!]!, numbers[i]!);
    return makeConstant(output.dtype, output.shape, sums);
  };
}

/** Strides, in elements, that read a smaller shape as if it were spread over a larger one. */
function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]!));
}

/** For each element of `shape`, in C order, the index that an offset and strides give. */
function sourceIndexes(offset: number, strides: readonly number[], shape: readonly number[]): Int32Array {
  let found = new Int32Array([offset]);
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const stride = strides[axis]!;
    const next = new Int32Array(found.length * size);
    let at = 0;
    for (const start of found) {
      for (let k = 0, place = start; k < size; k++, place += stride) next[at++] = place;
    }
    found = next;
  }
  return found;
}

/** A constant of the elements that offset and strides choose. */
export function stridedCopy(
  data: Constant,
  offset: number,
  strides: readonly number[],
  shape: readonly number[],
): Constant {
  const sources = sourceIndexes(offset, strides, shape);
  return { dtype: data.dtype, shape: [...shape], bytes: pickRows(data.bytes, sources, DTYPES[data.dtype].sizeBytes) };
}

/** The rows of `rowBytes` each that `picks` names, one after the other. */
function pickRows(bytes: Uint8Array, picks: ArrayLike<number>, rowBytes: number): Uint8Array {
  const made = new Uint8Array(picks.length * rowBytes);
  const isAligned = rowBytes % 4 === 0 && bytes.byteOffset % 4 === 0 && bytes.byteLength % 4 === 0;
  const from = isAligned ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4) : bytes;
  const to = isAligned ? new Uint32Array(made.buffer) : made;
  const width = isAligned ? rowBytes / 4 : rowBytes;
  // A call for each short row would cost more than its numbers.
  const isShort = width <= 32;
  for (let row = 0, at = 0; row < picks.length; row++) {
    const start = picks[row]! * width;
    if (isShort) for (let i = 0; i < width; i++) to[at++] = from[start + i]!;
    else {
      to.set(from.subarray(start, start + width), at);
      at += width;
    }
  }
  return made;
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
