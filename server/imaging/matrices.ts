// Small square matrices as rows of numbers, in float64: what geometry needs of linear algebra.
//
// The order of operations is LAPACK's and OpenBLAS's, found by comparing last bits with numpy: whether a size is rounded
// up, or which of two neighbours is the nearest, may depend on them.
import { fusedMultiplyAdd } from './fused-multiply-add.js';
import type { Mat4 } from './geometry.js';

/** Rows of a square matrix. */
export type Matrix = readonly (readonly number[])[];

/** The n×n identity. */
export function identity(n: number): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
}

/** A·B as BLAS has it: fused multiply-adds, from the first term. */
export function multiply(a: Matrix, b: Matrix): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => fusedMultiplyAdd(value, b[k]![j]!, sum), 0)));
}

/** A·B with every product and sum rounded, from the first term: torch's product of small matrices. */
export function multiplyPlainly(a: Matrix, b: Matrix): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}

/** A·v as BLAS's gemv has it: fused multiply-adds, the second term before the first, then the third. */
export function multiplyVector(a: Matrix, v: readonly number[]): number[] {
  const order = [1, 0, 2].filter((k) => k < v.length);
  return a.map((row) => order.reduce((sum, k) => fusedMultiplyAdd(row[k]!, v[k]!, sum), 0));
}

export function transpose(a: Matrix): number[][] {
  return a[0]!.map((_, j) => a.map((row) => row[j]!));
}

/** X of A·X = B: LAPACK's gesv, numpy's `solve`. @throws RangeError when A is singular. */
export function solve(a: Matrix, b: Matrix): number[][] {
  const { lu, order } = factored(a);
  const n = a.length;
  const x = order.map((row) => [...b[row]!]);
  for (let j = 0; j < b[0]!.length; j++) {
    for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) x[i]![j]! -= lu[i]![k]! * x[k]![j]!;
    for (let i = n - 1; i >= 0; i--) {
      for (let k = n - 1; k > i; k--) x[i]![j]! -= lu[i]![k]! * x[k]![j]!;
      x[i]![j]! *= 1 / lu[i]![i]!;
    }
  }
  return x;
}

/** Lower and upper triangle in one, column by column with dot products; `order` lists the rows as they were swapped. */
function factored(a: Matrix): { lu: number[][]; order: number[] } {
  const n = a.length;
  const lu = a.map((row) => [...row]);
  const order = a.map((_, i) => i);
  for (let j = 0; j < n; j++) {
    for (let i = 1; i < n; i++) {
      let dot = 0;
      for (let k = 0; k < Math.min(i, j); k++) dot += lu[i]![k]! * lu[k]![j]!;
      lu[i]![j]! -= dot;
    }
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(lu[i]![j]!) > Math.abs(lu[pivot]![j]!)) pivot = i;
    if (!(Math.abs(lu[pivot]![j]!) > 0)) throw new RangeError('the matrix is singular');
    [lu[j], lu[pivot]] = [lu[pivot]!, lu[j]!];
    [order[j], order[pivot]] = [order[pivot]!, order[j]!];
    for (let i = j + 1; i < n; i++) lu[i]![j]! *= 1 / lu[j]![j]!;
  }
  return { lu, order };
}

/** The inverse. @throws RangeError when there is none. */
export function inverse(a: Matrix): number[][] {
  return solve(a, identity(a.length));
}

/** The upper triangle U of A = UᵀU. @throws RangeError unless A is positive definite. */
export function choleskyUpper(a: Matrix): number[][] {
  const n = a.length;
  const upper = identity(n).map((row) => row.map(() => 0));
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let dot = 0;
      for (let k = 0; k < i; k++) dot += upper[k]![i]! * upper[k]![j]!;
      const sum = a[i]![j]! - dot;
      if (i === j && !(sum > 0)) throw new RangeError('the matrix is not positive definite');
      upper[i]![j] = i === j ? Math.sqrt(sum) : sum * (1 / upper[i]![i]!);
    }
  }
  return upper;
}

/** The orthogonal matrix nearest to A: the factor R of its polar decomposition. @throws RangeError when singular. */
export function nearestOrthogonal(a: Matrix): number[][] {
  let r = a.map((row) => [...row]);
  for (let step = 0; step < 100; step++) {
    const back = transpose(inverse(r));
    const next = r.map((row, i) => row.map((value, j) => (value + back[i]![j]!) / 2));
    const change = Math.max(...next.flatMap((row, i) => row.map((value, j) => Math.abs(value - r[i]![j]!))));
    r = next;
    if (change < 1e-15) break;
  }
  return r;
}

/** The part of an affine that `axes` spatial axes use: (axes+1)×(axes+1), as MONAI's `to_affine_nd`. */
export function affineOfAxes(affine: Mat4, axes: number): number[][] {
  const own = identity(axes + 1);
  for (let i = 0; i < axes; i++) {
    for (let j = 0; j < axes; j++) own[i]![j] = affine[4 * i + j]!;
    own[i]![axes] = affine[4 * i + 3]!;
  }
  return own;
}

/** The 4×4 of an affine of fewer axes; the others keep what `rest` has. */
export function mat4Of(affine: Matrix, rest: Mat4): Mat4 {
  const axes = affine.length - 1;
  const full = [...rest];
  for (let i = 0; i < axes; i++) {
    for (let j = 0; j < axes; j++) full[4 * i + j] = affine[i]![j]!;
    full[4 * i + 3] = affine[i]![axes]!;
  }
  return full;
}

/** A affine after a step in index space: from the new indices over the old ones to the world. */
export function affineAfter(affineRas: Mat4, oldFromNew: Matrix): Mat4 {
  const rest = Array.from({ length: 4 }, (_, i) => affineRas.slice(4 * i, 4 * i + 4));
  const step = identity(4);
  const axes = oldFromNew.length - 1;
  for (let i = 0; i < axes; i++) {
    for (let j = 0; j < axes; j++) step[i]![j] = oldFromNew[i]![j]!;
    step[i]![3] = oldFromNew[i]![axes]!;
  }
  return multiplyPlainly(rest, step).flat();
}

/** Lengths of the columns of the spatial part: millimetres a voxel. */
export function spacingOf(affine: Matrix): number[] {
  const axes = affine.length - 1;
  return Array.from({ length: axes }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < axes; i++) sum += affine[i]![j]! * affine[i]![j]!;
    return Math.sqrt(sum);
  });
}

/** Rounds as Python and numpy do: halves to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
