// Resamples an image onto another grid in the world: MONAI's `spatial_resample`.
import type { Image } from './image.js';
import { affineAfter, affineOfAxes, type Matrix, solve } from './matrices.js';
import { type Padding, sampleLinear } from './resample.js';
import { sampleNearest } from './resample-nearest.js';
import { samplingGrid } from './sampling-grid.js';
import { AFFINE_TOLERANCE } from './spacing.js';
import type { Threads } from './threads.js';
import { cOrderStrides } from './voxel-layout.js';

export interface Sampling {
  readonly mode: 'bilinear' | 'nearest';
  readonly padding: Padding;
}

/** What changes about an image that is resampled. Nothing when the new grid is the old one to within a thousandth. */
export async function resampleToGrid(
  image: Image,
  affine: Matrix,
  sizes: readonly number[],
  { mode, padding }: Sampling,
  threads: Threads,
): Promise<Partial<Image>> {
  const oldFromNew = mapToGrid(image, affine, sizes);
  if (!oldFromNew) return {};
  const grid = samplingGrid(oldFromNew, image.sizes, sizes);
  const sample = mode === 'nearest' ? sampleNearest : sampleLinear;
  const data = await sample(image, grid, padding, threads);
  return { sizes, data, ...laidOut(sizes), affineRas: affineAfter(image.affineRas, oldFromNew), owned: true };
}

/** How new voxel indices become old ones; undefined when nothing changes. @throws RangeError for a singular affine. */
export function mapToGrid(
  image: Pick<Image, 'sizes' | 'affineRas'>,
  affine: Matrix,
  sizes: readonly number[],
): Matrix | undefined {
  const own = affineOfAxes(image.affineRas, image.sizes.length);
  const map = solve(own, affine);
  const sameSizes = sizes.every((size, axis) => size === image.sizes[axis]);
  const near = (a: Matrix, b: (i: number, j: number) => number): boolean =>
    a.every((row, i) =>
      row.every((value, j) => Math.abs(value - b(i, j)) <= AFFINE_TOLERANCE + 1e-5 * Math.abs(b(i, j))),
    );
  const unchanged = near(own, (i, j) => affine[i]![j]!) || near(map, (i, j) => (i === j ? 1 : 0));
  return sameSizes && unchanged ? undefined : map;
}

/** The sizes and the affine that change. */
export function resampledGrid(
  image: Pick<Image, 'sizes' | 'affineRas'>,
  affine: Matrix,
  sizes: readonly number[],
): Partial<Pick<Image, 'sizes' | 'affineRas'>> {
  const oldFromNew = mapToGrid(image, affine, sizes);
  return oldFromNew ? { sizes, affineRas: affineAfter(image.affineRas, oldFromNew) } : {};
}

function laidOut(sizes: readonly number[]): { strides: number[]; offset: number } {
  return { strides: cOrderStrides(sizes), offset: 0 };
}
