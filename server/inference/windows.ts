// Where the windows of a sliding-window inferer lie: MONAI's dense_patch_slices and its padding. Pure.
import type { PlannedInferer } from '../workflows/plan.js';

type SlidingWindow = Extract<PlannedInferer, { kind: 'sliding-window' }>;

/** Windows over an image. All lists have one entry for each spatial axis. */
export interface WindowPlan {
  /** The image's own sizes. */
  readonly sizes: readonly number[];
  /** Voxels added before the image's first, where it is smaller than a window. */
  readonly padBefore: readonly number[];
  /** Sizes with padding on both ends: at least a window's. */
  readonly paddedSizes: readonly number[];
  readonly windowSizes: readonly number[];
  /** First voxel of each window in the padded image; the last axis changes fastest. */
  readonly starts: readonly (readonly number[])[];
}

/**
 * Plans the windows. A size of 0 or less in `roiSize` takes the image's. Steps are ⌊roi·(1 − overlap)⌋, at least 1;
 * the last window on an axis is moved back to end with the image.
 */
export function planWindows(
  sizes: readonly number[],
  { roiSize, overlap }: Pick<SlidingWindow, 'roiSize' | 'overlap'>,
): WindowPlan {
  const windowSizes = sizes.map((size, axis) => (roiSize[axis]! > 0 ? roiSize[axis]! : size));
  const missing = sizes.map((size, axis) => Math.max(windowSizes[axis]! - size, 0));
  const paddedSizes = sizes.map((size, axis) => size + missing[axis]!);
  const onAxes = paddedSizes.map((size, axis) => axisStarts(size, windowSizes[axis]!, overlap[axis]!));
  const starts = onAxes.reduce<readonly (readonly number[])[]>(
    (before, axis) => before.flatMap((start) => axis.map((next) => [...start, next])),
    [[]],
  );
  return { sizes, padBefore: missing.map((count) => Math.floor(count / 2)), paddedSizes, windowSizes, starts };
}

function axisStarts(size: number, window: number, overlap: number): readonly number[] {
  const step = window === size ? window : Math.max(Math.trunc(window * (1 - overlap)), 1);
  const starts: number[] = [];
  for (let start = 0; ; start += step) {
    starts.push(Math.min(start, size - window));
    if (start + window >= size) return starts;
  }
}
