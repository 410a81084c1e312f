// The label of each voxel of a channel-first tensor where it is beyond doubt, and a mark where it is not.
//
// Linear interpolation only mixes: where all corners of a cell have the same greatest channel by a margin larger than
// what rounding can do, every sample in the cell has it too. So only the other cells need arithmetic.

import { softmax } from './activations.js';
import { createKernels, SHARED, SHARED_BYTES, wholeVectors } from './simd/kernels.js';

/** A map of labels, or of doubt. */
export type LabelArray = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** A margin below this part of the values is doubt. Float32 interpolation errs by less than a tenth of it. */
export const MARGIN = 1e-5;

/**
 * A lead below this is doubt where it is the softmax that counts: e to its power is 1.0001, so that the greater probability leads by a ten thousandth of
 * itself, ten times as much as `MARGIN` asks.
 */
const SOFTMAX_GAP = 1e-4;

/** An array for labels 0 to `channels` − 1 and one value more. */
export function newLabels(channels: number, length: number): LabelArray {
  return channels <= 255 ? new Uint8Array(length) : new Uint16Array(length);
}

/** The value that stands for doubt in such an array. */
export function doubtOf(labels: LabelArray): number {
  return labels instanceof Uint8Array ? 255 : 65535;
}

/** The greatest channel of each voxel, the first of equal ones, in the tensor's own order. */
export function argmaxChannels(tensor: Float32Array, channels: number): LabelArray {
  const length = tensor.length / channels;
  const labels = newLabels(channels, length);
  labelSome(tensor, channels, { margin: 0, gap: 0, doubt: -1 }, labels, 0, length);
  return labels;
}

/** A lead of a logit that leaves its probability the greater, whatever rounding does: e^−x is then 8 steps below 1. */
const LOGIT_GAP = 1e-6;

/**
 * The greatest channel of each voxel's softmax, the first of equal ones. Softmax keeps the order of the channels but for
 * leads that rounding may turn into ties: there, and only there, it is computed.
 */
export function argmaxOfSoftmax(tensor: Float32Array, channels: number): LabelArray {
  const length = tensor.length / channels;
  const labels = newLabels(channels, length);
  const doubt = doubtOf(labels);
  labelSome(tensor, channels, { margin: 0, gap: LOGIT_GAP, doubt }, labels, 0, length);
  const places: number[] = [];
  for (let at = labels.indexOf(doubt); at >= 0; at = labels.indexOf(doubt, at + 1)) places.push(at);
  if (places.length === 0) return labels;
  const near = new Float32Array(channels * places.length);
  for (let c = 0; c < channels; c++) {
    for (const [n, at] of places.entries()) near[c * places.length + n] = tensor[c * length + at]!;
  }
  softmax(near, channels);
  const decided = argmaxChannels(near, channels);
  for (const [n, at] of places.entries()) labels[at] = decided[n]!;
  return labels;
}

/** Labels part by part, so that who asks finds the tensor's part still in the cache. */
export interface SureLabeller {
  /** Filled as far as `labelTo` was called. Doubt where a channel before the greatest one is nearly as great. */
  readonly labels: LabelArray;
  labelTo(end: number): void;
}

/** @param softmax whether it is the softmax of these channels that must be beyond doubt. */
export function createSureLabeller(tensor: Float32Array, channels: number, softmax = false): SureLabeller {
  const labels = newLabels(channels, tensor.length / channels);
  const compare = channels === 2 && !softmax ? createTwoChannels(tensor, labels as Uint8Array) : undefined;
  const certainty = { margin: softmax ? 0 : MARGIN, gap: softmax ? SOFTMAX_GAP : 0, doubt: doubtOf(labels) };
  let done = 0;
  return {
    labels,
    labelTo(end) {
      if (compare) compare(done, end);
      else labelSome(tensor, channels, certainty, labels, done, end);
      done = Math.max(done, end);
    },
  };
}

/** All sure labels at once. */
export function sureLabels(tensor: Float32Array, channels: number): LabelArray {
  const labeller = createSureLabeller(tensor, channels);
  labeller.labelTo(labeller.labels.length);
  return labeller.labels;
}

/** Voxels of two channels that are compared in one call. */
const PART = 16384;

/** Voxels of more channels: as many as fit, and no more than the cache holds of several channels. */
const MOST_ACROSS = 4096;

/** `doubt` −1 for none: then every greater value counts. */
function labelSome(
  tensor: Float32Array,
  channels: number,
  { margin, gap, doubt }: Certainty,
  labels: LabelArray,
  from: number,
  end: number,
): void {
  const length = labels.length;
  const width = Math.min(MOST_ACROSS, Math.max(4, Math.floor(SHARED_BYTES / 4 / (channels + 2)) & ~3));
  const scratch = 4 * width * (channels + 2);
  const { f32, i32, greatest } = scratch <= SHARED_BYTES ? SHARED : createKernels(scratch);
  const [most, found] = [width * channels, width * (channels + 1)];
  for (let start = from; start < end; start += width) {
    const count = Math.min(width, end - start);
    const bytes = wholeVectors(4 * count);
    for (let c = 0; c < channels; c++) {
      f32.set(tensor.subarray(c * length + start, c * length + start + count), c * width);
    }
    const sure = doubt < 0 ? -1 : 0;
    greatest(0, 4 * width, 4 * width * channels, bytes, 4 * most, 4 * found, margin, gap, doubt, sure);
    labels.set(i32.subarray(found, found + count), start);
    if (gap > 0) doubtInfinite(f32.subarray(most, most + count), labels, start, doubt);
    else if (doubt >= 0) doubtNaN(f32.subarray(most, most + count), labels, start, doubt);
  }
}

/** When a lead leaves no doubt: beyond `margin` of the values and `gap`. */
interface Certainty {
  readonly margin: number;
  readonly gap: number;
  readonly doubt: number;
}

/** Nothing is sure around NaN. */
function doubtNaN(best: Float32Array, labels: LabelArray, start: number, doubt: number): void {
  for (let n = 0; n < best.length; n++) if (Number.isNaN(best[n]!)) labels[start + n] = doubt;
}

/** The softmax around an infinite number is NaN. */
function doubtInfinite(best: Float32Array, labels: LabelArray, start: number, doubt: number): void {
  for (let n = 0; n < best.length; n++) if (!Number.isFinite(best[n]!)) labels[start + n] = doubt;
}

/** The common case, two channels, sixteen voxels at a time. */
function createTwoChannels(tensor: Float32Array, labels: Uint8Array): (from: number, end: number) => void {
  const { f32, u8, compareTwo } = SHARED;
  const [length, out] = [labels.length, 8 * PART];
  return (from, end) => {
    for (let start = from; start < end; start += PART) {
      const count = Math.min(PART, end - start);
      f32.set(tensor.subarray(start, start + count), 0);
      f32.set(tensor.subarray(length + start, length + start + count), PART);
      compareTwo(0, 4 * PART, out, (4 * count + 63) & ~63, MARGIN, 255);
      labels.set(u8.subarray(out, out + count), start);
    }
  };
}
