// MONAI's intensity transforms on float32 voxels, in place, each step rounded to float32 as torch does.
import { percentiles } from './percentiles.js';
import { SHARED, wholeVectors } from './simd/kernels.js';

/** Bytes that are worked on at a time: a part stays in the cache between its way in and its way out. */
const PART_BYTES = 65536;

export interface RangeOptions {
  readonly bMin: number | null;
  readonly bMax: number | null;
  readonly clip: boolean;
}

/** From [aMin, aMax] to [bMin, bMax]: `ScaleIntensityRange`. Bounds are float64 numbers, as Python has them. */
export function scaleRange(voxels: Float32Array, aMin: number, aMax: number, options: RangeOptions): void {
  const { bMin, bMax, clip } = options;
  const { fround } = Math;
  if (aMax - aMin === 0) {
    addInPlace(voxels, fround(-aMin), bMin === null ? null : fround(bMin));
    return;
  }
  const scaled = bMin !== null && bMax !== null;
  scaleInPlace(
    voxels,
    fround(aMin),
    fround(aMax - aMin),
    scaled ? fround(bMax - bMin) : 1,
    scaled ? fround(bMin) : 0,
    clip && bMin !== null ? fround(bMin) : Number.NEGATIVE_INFINITY,
    clip && bMax !== null ? fround(bMax) : Number.POSITIVE_INFINITY,
  );
}

/** `ScaleIntensityRangePercentiles` on one group of voxels. */
export function scaleRangePercentiles(
  voxels: Float32Array,
  lower: number,
  upper: number,
  relative: boolean,
  options: RangeOptions,
): void {
  const [aMin, aMax] = percentiles(voxels, [lower, upper]) as [number, number];
  const { bMin, bMax, clip } = options;
  if (!relative || bMin === null || bMax === null) {
    scaleRange(voxels, aMin, aMax, options);
    return;
  }
  const at = (percentage: number): number => (bMax - bMin) * (percentage / 100) + bMin;
  scaleRange(voxels, aMin, aMax, { bMin: at(lower), bMax: at(upper), clip });
}

/** `ScaleIntensity` on one group of voxels: least and greatest to given values, or by a factor when neither is given. */
export function scaleExtremes(
  voxels: Float32Array,
  minV: number | null,
  maxV: number | null,
  factor: number | null,
): void {
  const { fround } = Math;
  if (minV === null && maxV === null) {
    if (factor !== null) multiplyInPlace(voxels, fround(1 + factor));
    return;
  }
  const [least, most] = extremes(voxels);
  if (least === most) {
    if (minV !== null) multiplyInPlace(voxels, fround(minV));
    return;
  }
  const scaled = minV !== null && maxV !== null;
  const [by, plus] = scaled ? [fround(maxV - minV), fround(minV)] : [1, 0];
  scaleInPlace(voxels, least, fround(most - least), by, plus, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}

/**
 * `NormalizeIntensity` on one group of voxels: minus the mean, over the population's standard deviation, or by given
 * numbers. Mean and deviation are summed in float64 and rounded to float32.
 */
export function normalise(
  voxels: Float32Array,
  subtrahend: number | null,
  divisor: number | null,
  nonzero: boolean,
): void {
  const { fround } = Math;
  const { count, mean, deviation } = moments(voxels, nonzero);
  if (count === 0) return;
  const minus = fround(subtrahend ?? mean);
  const asked = fround(divisor ?? deviation);
  // No deviation is 1; that of infinite voxels is no number and stays so.
  const over = asked === 0 ? 1 : asked;
  if (!nonzero) {
    scaleInPlace(voxels, minus, over, 1, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    return;
  }
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]!;
    if (value !== 0) voxels[i] = fround(value - minus) / over;
  }
}

/** Count, mean and population standard deviation, of all voxels or of those that are not 0. */
export function moments(voxels: Float32Array, nonzero: boolean): { count: number; mean: number; deviation: number } {
  const shift = voxels.find((value) => value !== 0) ?? 0;
  const sums = nonzero ? sumsOfNonzero(voxels, shift) : sumsOfAll(voxels, shift);
  const meanDistance = sums.sum / sums.count;
  const variance = Math.max(sums.squares / sums.count - meanDistance * meanDistance, 0);
  return { count: sums.count, mean: shift + meanDistance, deviation: Math.sqrt(variance) };
}

interface Sums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

function sumsOfAll(voxels: Float32Array, shift: number): Sums {
  const { f32, f64, addMoments } = SHARED;
  const sums = PART_BYTES / 8;
  f64.fill(0, sums, sums + 4);
  overParts(voxels, (bytes, length) => {
    // What lies behind the last voxel counts for nothing: it is the shift itself.
    f32.fill(shift, length, bytes / 4);
    addMoments(0, bytes, shift, PART_BYTES);
    return false;
  });
  return { count: voxels.length, sum: f64[sums]! + f64[sums + 1]!, squares: f64[sums + 2]! + f64[sums + 3]! };
}

function sumsOfNonzero(voxels: Float32Array, shift: number): Sums {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]!;
    if (value === 0) continue;
    const distance = value - shift;
    count++;
    sum += distance;
    squares += distance * distance;
  }
  return { count, sum, squares };
}

/** The least and the greatest voxel; NaN when any voxel is. */
export function extremes(voxels: Float32Array): [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
    if (Number.isNaN(value)) return [Number.NaN, Number.NaN];
  }
  return [least, most];
}

function scaleInPlace(
  voxels: Float32Array,
  minus: number,
  over: number,
  by: number,
  plus: number,
  least: number,
  most: number,
): void {
  overParts(voxels, (bytes) => {
    SHARED.scale(0, bytes, minus, over, by, plus, least, most);
    return true;
  });
}

/** Takes voxels part by part through the kernels' memory, and back where `work` says so. */
function overParts(voxels: Float32Array, work: (bytes: number, length: number) => boolean): void {
  const { f32 } = SHARED;
  const step = PART_BYTES / 4;
  for (let start = 0; start < voxels.length; start += step) {
    const part = voxels.subarray(start, start + step);
    f32.set(part);
    if (work(wholeVectors(4 * part.length), part.length)) part.set(f32.subarray(0, part.length));
  }
}

function multiplyInPlace(voxels: Float32Array, factor: number): void {
  for (let i = 0; i < voxels.length; i++) voxels[i] = voxels[i]! * factor;
}

function addInPlace(voxels: Float32Array, first: number, second: number | null): void {
  for (let i = 0; i < voxels.length; i++) {
    const value = Math.fround(voxels[i]! + first);
    voxels[i] = second === null ? value : value + second;
  }
}
