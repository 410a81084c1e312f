// Strides as torch keeps them: they say when a reshape is a view and when it is a copy.
import { stridesOf } from './constant.js';

/** True when the elements lie in C order without gaps. Axes of size 1 have any stride. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  const expected = stridesOf(shape);
  return shape.includes(0) || shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

/** The strides of the same elements in another shape, or undefined when they would have to be copied. */
export function stridesForView(
  shape: readonly number[],
  strides: readonly number[],
  wanted: readonly number[],
): number[] | undefined {
  if (shape.includes(0)) return stridesOf(wanted);
  const result = new Array<number>(wanted.length).fill(1);
  let at = wanted.length - 1;
  let chunkStride = strides.at(-1) ?? 1;
  let chunkSize = 1;
  let filled = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    chunkSize *= shape[axis]!;
    const isEnd = axis === 0 || (shape[axis - 1] !== 1 && strides[axis - 1] !== chunkSize * chunkStride);
    if (!isEnd) continue;
    while (at >= 0 && (filled < chunkSize || wanted[at] === 1)) {
      result[at] = filled * chunkStride;
      filled *= wanted[at]!;
      at -= 1;
    }
    if (filled !== chunkSize) return undefined;
    if (axis > 0) {
      chunkStride = strides[axis - 1]!;
      chunkSize = 1;
      filled = 1;
    }
  }
  return at < 0 ? result : undefined;
}
