// Bicubic resizing of images of two axes with torch's arithmetic: four neighbours on each axis, in float32, each product
// fused onto the sum before it and the first onto the rounded second. Equal to the last bit. Where a product of float32
// is fused, float64 holds it whole.
import type { Image } from './image.js';
import { contiguousTensor } from './tensor.js';

/** torch's constant of the cubic curve. */
const A = -0.75;

interface CubicTable {
  /** Four indices for each place. */
  readonly at: Int32Array;
  readonly weight: Float32Array;
}

/** The resized voxels as a C-order tensor, channel first. @throws RangeError for other than two axes */
export function resizeCubic(image: Image, newSizes: readonly number[], alignCorners: boolean): Float32Array {
  if (image.sizes.length !== 2) throw new RangeError(`bicubic resizing of ${image.sizes.length} axes: it needs two`);
  const [n0, n1] = image.sizes as [number, number];
  const [m0, m1] = newSizes as [number, number];
  const [t0, t1] = [cubicTable(n0, m0, alignCorners), cubicTable(n1, m1, alignCorners)];
  const tensor = contiguousTensor(image);
  const result = new Float32Array(image.channels * m0 * m1);
  const rows = new Float32Array(4);
  let to = 0;
  for (let c = 0; c < image.channels; c++) {
    for (let x = 0; x < m0; x++) {
      for (let y = 0; y < m1; y++) {
        for (let k = 0; k < 4; k++) {
          const row = (c * n0 + t0.at[4 * x + k]!) * n1;
          rows[k] = four(tensor, row, t1.at, t1.weight, 4 * y);
        }
        result[to++] = four(rows, 0, INDICES, t0.weight, 4 * x, 0);
      }
    }
  }
  return result;
}

const INDICES = Int32Array.of(0, 1, 2, 3);

function four(
  values: Float32Array,
  start: number,
  at: Int32Array,
  weight: Float32Array,
  first: number,
  firstIndex = first,
): number {
  const { fround } = Math;
  const second = fround(values[start + at[firstIndex + 1]!]! * weight[first + 1]!);
  let sum = fround(values[start + at[firstIndex]!]! * weight[first]! + second);
  sum = fround(values[start + at[firstIndex + 2]!]! * weight[first + 2]! + sum);
  return fround(values[start + at[firstIndex + 3]!]! * weight[first + 3]! + sum);
}

function cubicTable(oldSize: number, newSize: number, alignCorners: boolean): CubicTable {
  const { fround } = Math;
  const table = { at: new Int32Array(4 * newSize), weight: new Float32Array(4 * newSize) };
  const scale = alignCorners
    ? newSize > 1
      ? fround((oldSize - 1) / (newSize - 1))
      : 0
    : fround(fround(oldSize) / fround(newSize));
  for (let o = 0; o < newSize; o++) {
    const place = alignCorners ? fround(scale * o) : fround(scale * (o + 0.5) - 0.5);
    const below = Math.floor(place);
    const t = Math.min(Math.max(fround(place - below), 0), 1);
    const rest = fround(1 - t);
    table.weight.set([far(fround(t + 1)), near(t), near(rest), far(fround(rest + 1))], 4 * o);
    for (let k = 0; k < 4; k++) table.at[4 * o + k] = Math.min(Math.max(below - 1 + k, 0), oldSize - 1);
  }
  return table;
}

/** The curve up to one voxel away. */
function near(x: number): number {
  const { fround } = Math;
  return fround(fround(fround(fround(fround((A + 2) * x) - (A + 3)) * x) * x) + 1);
}

/** The curve between one and two voxels away. */
function far(x: number): number {
  const { fround } = Math;
  return fround(fround(fround(fround(A * x - 5 * A) * x + 8 * A) * x) - 4 * A);
}
