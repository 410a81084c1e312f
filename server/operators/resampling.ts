// What Spacing, SpatialResample and ResampleToMatch share: an image resampled onto a grid in the world, and back.
import type { AppliedOperation, Image } from '../imaging/image.js';
import { affineOfAxes, type Matrix } from '../imaging/matrices.js';
import { resampledGrid, resampleToGrid, type Sampling } from '../imaging/resample-to-grid.js';
import type { Threads } from '../imaging/threads.js';
import { after } from './applied.js';
import type { ArgumentReader } from './arguments.js';
import type { InvertOptions, Outline } from './operator.js';
import { outlined } from './outline.js';

/** A grid in the world: `affine` is (n+1)×(n+1). */
export interface WorldGrid {
  readonly sizes: readonly number[];
  readonly affine: Matrix;
}

/**
 * `mode`, `padding_mode`, `align_corners` and `lazy` as the operators here take them. Corners or not, MONAI normalises
 * both grids alike, and a new voxel is sampled at the same place: `align_corners` changes nothing.
 */
export function planSampling(read: ArgumentReader): { readonly mode: string; readonly padding_mode: string } {
  read.notLazy();
  if (typeof read.value('mode') === 'number') {
    read.unsupported('mode', 'spline orders are not supported', 'Use "bilinear".');
  }
  return {
    mode: read.option('mode', ['bilinear', 'nearest'], ['bicubic']),
    padding_mode: read.option('padding_mode', ['border', 'zeros'], ['reflection']),
  };
}

/** Resamples as planned arguments say; the history says how. */
export async function resample(
  image: Image,
  operator: string,
  { sizes, affine }: WorldGrid,
  args: Readonly<Record<string, unknown>>,
  threads: Threads,
): Promise<Image> {
  const sampling = { mode: args['mode'], padding: args['padding_mode'] } as Sampling;
  const resampled = await resampleToGrid(image, affine, sizes, sampling, threads);
  return after(image, operator, { ...sampling }, { ...resampled, integers: false });
}

/** The same without voxels. */
export function outlineOfResampling(image: Outline, operator: string, { sizes, affine }: WorldGrid): Outline {
  return after(outlined(image), operator, {}, resampledGrid(image, affine, sizes));
}

/** Takes a resampling back: onto the grid that there was before, by the same interpolation or by nearest neighbours. */
export async function resampleBack(
  image: Image,
  operation: AppliedOperation,
  { nearestInterp, threads }: InvertOptions,
): Promise<Image> {
  const { sizesBefore, affineRasBefore, notes } = operation;
  const sampling = {
    mode: nearestInterp ? 'nearest' : notes['mode'],
    padding: notes['padding'],
  } as Sampling;
  const affine = affineOfAxes(affineRasBefore, image.sizes.length);
  const resampled = await resampleToGrid(image, affine, sizesBefore, sampling, threads);
  return { ...image, ...resampled, affineRas: affineRasBefore, integers: false };
}
