// Shifts, thresholds and gamma curves on float32 voxels, in place, each step rounded to float32 as torch does.
import { extremes, moments } from './intensity.js';

/** `ShiftIntensity`. */
export function shift(voxels: Float32Array, offset: number): void {
  const by = Math.fround(offset);
  for (let i = 0; i < voxels.length; i++) voxels[i] = voxels[i]! + by;
}

/** `ThresholdIntensity`: what is not above (or not below) the threshold becomes `value`; so does NaN. */
export function threshold(voxels: Float32Array, at: number, above: boolean, value: number): void {
  const limit = Math.fround(at);
  for (let i = 0; i < voxels.length; i++) {
    const kept = above ? voxels[i]! > limit : voxels[i]! < limit;
    if (!kept) voxels[i] = value;
  }
}

/** What keeps a range of 0 from a division by 0. */
const EPSILON = 1e-7;

export interface Contrast {
  readonly gamma: number;
  /** The curve of the negative image. */
  readonly invert: boolean;
  /** Mean and deviation as they were. */
  readonly retainStats: boolean;
}

/** `AdjustContrast`: from the least to the greatest voxel along a power curve. */
export function adjustContrast(voxels: Float32Array, { gamma, invert, retainStats }: Contrast): void {
  const { fround } = Math;
  if (invert) negate(voxels);
  const before = retainStats ? statistics(voxels) : undefined;
  const [least, most] = extremes(voxels);
  const range = fround(most - least);
  const over = fround(range + fround(EPSILON));
  const power = powerOf(gamma);
  for (let i = 0; i < voxels.length; i++) {
    const part = fround(fround(voxels[i]! - least) / over);
    voxels[i] = fround(fround(power(part)) * range) + least;
  }
  if (before) {
    const after = statistics(voxels);
    for (let i = 0; i < voxels.length; i++) voxels[i] = voxels[i]! - after.mean;
    const deviation = fround(statistics(voxels).deviation + fround(1e-8));
    for (let i = 0; i < voxels.length; i++) {
      voxels[i] = fround(before.deviation * fround(voxels[i]! / deviation)) + before.mean;
    }
  }
  if (invert) negate(voxels);
}

/** torch's shortcuts for small powers, which are products. */
function powerOf(gamma: number): (value: number) => number {
  const { fround } = Math;
  if (gamma === 0.5) return Math.sqrt;
  if (gamma === 2) return (value) => value * value;
  if (gamma === 3) return (value) => fround(value * value) * value;
  const exponent = fround(gamma);
  return (value) => value ** exponent;
}

function negate(voxels: Float32Array): void {
  for (let i = 0; i < voxels.length; i++) voxels[i] = -voxels[i]!;
}

/** Mean and the sample's deviation (over n − 1), rounded to float32. */
function statistics(voxels: Float32Array): { mean: number; deviation: number } {
  const { mean, deviation, count } = moments(voxels, false);
  const unbiased = deviation * Math.sqrt(count / (count - 1));
  return { mean: Math.fround(mean), deviation: Math.fround(unbiased) };
}
