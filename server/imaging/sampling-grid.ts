// Where each voxel of a new grid is sampled in an old one: torch's affine_grid and grid_sample, step by step in float64.
//
// Nearest neighbours at half-way points depend on the last bit, so the steps are torch's own: coordinates are normalised
// to [-1, 1] (align_corners false) and back, with linspace's fused multiply-add.
import { fusedMultiplyAdd } from './fused-multiply-add.js';
import { identity, inverse, type Matrix, multiplyPlainly } from './matrices.js';

/** A map from new to old voxels as torch computes it, for three axes. */
export interface SamplingGrid {
  readonly oldSizes: readonly [number, number, number];
  readonly newSizes: readonly [number, number, number];
  /** Rows of the normalised affine, in the image's order of axes. */
  readonly theta: Matrix;
  /** Normalised coordinates of the new voxels along each axis. */
  readonly base: readonly [Float64Array, Float64Array, Float64Array];
  /** Whether each old coordinate depends on one new axis only, the same: then axes can be sampled one by one. */
  readonly separable: boolean;
  /** Separable without a rounding error beside the diagonal: nearest neighbours may be found axis by axis. */
  readonly aligned: boolean;
}

/** The grid for `oldFromNew`, (n+1)×(n+1), from new voxel indices to old ones; n is 1 to 3 and is lifted to 3. */
export function samplingGrid(
  oldFromNew: Matrix,
  oldSizes: readonly number[],
  newSizes: readonly number[],
): SamplingGrid {
  const map = lift(oldFromNew);
  const from = liftSizes(oldSizes);
  const to = liftSizes(newSizes);
  const theta = multiplyPlainly(multiplyPlainly(normalisation(from), map), inverse(normalisation(to)));
  const base = to.map((size) => baseAxis(size)) as unknown as [Float64Array, Float64Array, Float64Array];
  const beside = theta.slice(0, 3).flatMap((row, i) => row.slice(0, 3).filter((_, j) => i !== j));
  const separable = beside.every((value) => Math.abs(value) * Math.max(...from) < 1e-9);
  const aligned = beside.every((value) => value === 0);
  return { oldSizes: from, newSizes: to, theta, base, separable, aligned };
}

/** For a separable grid: the old coordinate of each new index along one axis, before any padding. */
export function axisCoordinates(grid: SamplingGrid, axis: 0 | 1 | 2): Float64Array {
  const scale = grid.theta[axis]![axis]!;
  const shift = grid.theta[axis]![3]!;
  const size = grid.oldSizes[axis];
  return grid.base[axis].map((value) => unnormalise(value * scale + shift, size));
}

/** torch's grid_sampler_unnormalize for align_corners false. */
export function unnormalise(value: number, size: number): number {
  return ((value + 1) * size - 1) / 2;
}

function normalisation(sizes: readonly number[]): number[][] {
  const matrix = identity(4);
  sizes.forEach((size, axis) => {
    matrix[axis]![axis] = 2 / size;
    matrix[axis]![3] = 1 / size - 1;
  });
  return matrix;
}

/** linspace(-1, 1, n)·(n−1)/n, as torch's affine_grid makes it. */
function baseAxis(size: number): Float64Array {
  const base = new Float64Array(size);
  if (size === 1) return base;
  const step = 2 / (size - 1);
  const half = Math.floor(size / 2);
  for (let i = 0; i < size; i++) {
    const value = i < half ? fusedMultiplyAdd(step, i, -1) : fusedMultiplyAdd(-step, size - 1 - i, 1);
    base[i] = (value * (size - 1)) / size;
  }
  return base;
}

function lift(affine: Matrix): number[][] {
  const axes = affine.length - 1;
  const missing = 3 - axes;
  const full = identity(4);
  for (let i = 0; i < axes; i++) {
    for (let j = 0; j < axes; j++) full[i + missing]![j + missing] = affine[i]![j]!;
    full[i + missing]![3] = affine[i]![axes]!;
  }
  return full;
}

function liftSizes(sizes: readonly number[]): [number, number, number] {
  return [...new Array<number>(3 - sizes.length).fill(1), ...sizes] as [number, number, number];
}
