// The label of each voxel of a channel-first tensor where it is beyond doubt, and a mark where it is not.
//
// Linear interpolation only mixes: where all corners of a cell have the same greatest channel by a margin larger than
// what rounding can do, every sample in the cell has it too. So only the other cells need arithmetic.

import { softmax } from './activations.js';
import { SharedCopy } from './copy-shared.js';
import { kernelsWith, SHARED, SHARED_BYTES, wholeVectors } from './simd/kernels.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';

/** A map of labels, or of doubt. */
export type LabelArray = Uint8Array | Uint16Array;

/** A margin below this part of the values is doubt. Float32 interpolation errs by less than a tenth of it. */
export const MARGIN = 1e-5;

/**
 * A lead below this is doubt where it is the softmax that counts: e to its power is 1.0001, so that the greater probability leads by a ten thousandth of
 * itself, ten times as much as `MARGIN` asks.
 */
const SOFTMAX_GAP = 1e-4;

/** An array for labels 0 to `channels` − 1 and one value more. */
export function newLabels(channels: number, length: number, threads: Threads): LabelArray {
  return threads.zeros<LabelArray>(channels <= 255 ? Uint8Array : Uint16Array, length);
}

/** The value that stands for doubt in such an array. */
export function doubtOf(labels: LabelArray): number {
  return labels instanceof Uint8Array ? 255 : 65535;
}

/** Voxels that a part has at least. */
const LEAST_PART = 65536;

/** The greatest channel of each voxel, the first of equal ones, in the tensor's own order. */
export function argmaxChannels(tensor: Float32Array, channels: number, threads: Threads): Promise<LabelArray> {
  return labelAll({ tensor, channels, margin: 0, gap: 0, doubts: false }, threads);
}

/** A lead of a logit that leaves its probability the greater, whatever rounding does: e^−x is then 8 steps below 1. */
const LOGIT_GAP = 1e-6;

/**
 * The greatest channel of each voxel's softmax, the first of equal ones. Softmax keeps the order of the channels but for
 * leads that rounding may turn into ties: there, and only there, it is computed.
 */
export async function argmaxOfSoftmax(tensor: Float32Array, channels: number, threads: Threads): Promise<LabelArray> {
  const labels = await labelAll({ tensor, channels, margin: 0, gap: LOGIT_GAP, doubts: true }, threads);
  const doubt = doubtOf(labels);
  const places: number[] = [];
  for (let at = labels.indexOf(doubt); at >= 0; at = labels.indexOf(doubt, at + 1)) places.push(at);
  if (places.length === 0) return labels;
  const near = new Float32Array(channels * places.length);
  for (let c = 0; c < channels; c++) {
    for (const [n, at] of places.entries()) near[c * places.length + n] = tensor[c * labels.length + at]!;
  }
  softmax(near, channels);
  const decided = new Uint16Array(places.length);
  labelSome({ tensor: near, channels, margin: 0, gap: 0, doubts: false }, decided, 0, places.length);
  for (const [n, at] of places.entries()) labels[at] = decided[n]!;
  return labels;
}

/** All sure labels at once. */
export function sureLabels(tensor: Float32Array, channels: number, threads: Threads): Promise<LabelArray> {
  return labelAll({ tensor, channels, ...certainty(false), doubts: true }, threads);
}

/** Which labels are asked for: `doubts` whether there is any doubt at all, beyond `margin` of the values and `gap`. */
export interface Labelling {
  readonly tensor: Float32Array;
  readonly channels: number;
  readonly margin: number;
  readonly gap: number;
  readonly doubts: boolean;
}

async function labelAll(labelling: Labelling, threads: Threads): Promise<LabelArray> {
  const team = threads.seeing(labelling.tensor);
  const voxels = labelling.tensor.length / labelling.channels;
  const labels = newLabels(labelling.channels, voxels, team);
  const count = partsFor(team, voxels, LEAST_PART);
  await team.run('labelVoxels', { ...labelling, labels, count }, count);
  return labels;
}

export interface LabellingJob extends Labelling {
  readonly labels: LabelArray;
  readonly count: number;
}

/** Labels of one stretch of the voxels. */
export const labelVoxels = definePart({
  begin: (job: LabellingJob) => ({ ...job, label: createLabeller(job, job.labels) }),
  work: ({ labels, count, label }, part) => label(...rangeOfPart(labels.length, count, part)),
});

/** Fills labels from one voxel up to another: part by part, so that who asks finds the tensor's part still in the cache. */
export type Labeller = (from: number, end: number) => void;

/**
 * Writes sure labels, and doubt where a channel before the greatest one is nearly as great. A label is written once, as
 * it stays: another thread may write the same.
 * @param softmax whether it is the softmax of these channels that must be beyond doubt.
 */
export function createSureLabeller(
  tensor: Float32Array,
  channels: number,
  softmax: boolean,
  labels: LabelArray,
): Labeller {
  return createLabeller({ tensor, channels, ...certainty(softmax), doubts: true }, labels);
}

function certainty(softmax: boolean): Pick<Labelling, 'margin' | 'gap'> {
  return softmax ? { margin: 0, gap: SOFTMAX_GAP } : { margin: MARGIN, gap: 0 };
}

function createLabeller(labelling: Labelling, labels: LabelArray): Labeller {
  const { tensor, channels, doubts, gap } = labelling;
  if (channels === 2 && doubts && gap === 0) return createTwoChannels(tensor, labels as Uint8Array);
  return (from, end) => labelSome(labelling, labels, from, end);
}

/** Voxels of two channels that are compared in one call. */
const PART = 16384;

/** Voxels of more channels: as many as fit, and no more than the cache holds of several channels. */
const MOST_ACROSS = 4096;

function labelSome(
  { tensor, channels, margin, gap, doubts }: Labelling,
  labels: LabelArray,
  from: number,
  end: number,
): void {
  const length = labels.length;
  const doubt = doubtOf(labels);
  const width = Math.min(MOST_ACROSS, Math.max(4, Math.floor((SHARED_BYTES / 4 - 8) / (channels + 2) - 1) & ~3));
  // Rows lie in the scratch memory as channels lie in the tensor within eight bytes: shared memory is copied fast then.
  const [row, first] = [width + (length & 1), from & 1];
  const most = wholeVectors(4 * (row * channels + 4)) / 4;
  const found = most + width;
  const { f32, i32, greatest } = kernelsWith(4 * (found + width));
  const [copyIn, copyOut] = [new SharedCopy(f32, tensor), new SharedCopy(labels, i32)];
  for (let start = from; start < end; start += width) {
    const count = Math.min(width, end - start);
    const bytes = wholeVectors(4 * count);
    for (let c = 0; c < channels; c++) {
      copyIn.copy(first + c * row, c * length + start, c * length + start + count);
    }
    const sure = doubts ? 0 : -1;
    greatest(4 * first, 4 * row, 4 * row * channels, bytes, 4 * most, 4 * found, margin, gap, doubt, sure);
    const [best, labelled] = [f32.subarray(most, most + count), i32.subarray(found, found + count)];
    if (gap > 0) doubtInfinite(best, labelled, doubt);
    else if (doubts) doubtNaN(best, labelled, doubt);
    copyOut.copy(start, found, found + count);
  }
}

/** Nothing is sure around NaN. */
function doubtNaN(best: Float32Array, labelled: Int32Array, doubt: number): void {
  for (let n = 0; n < best.length; n++) if (Number.isNaN(best[n]!)) labelled[n] = doubt;
}

/** The softmax around an infinite number is NaN. */
function doubtInfinite(best: Float32Array, labelled: Int32Array, doubt: number): void {
  for (let n = 0; n < best.length; n++) if (!Number.isFinite(best[n]!)) labelled[n] = doubt;
}

/** The common case, two channels, sixteen voxels at a time. */
function createTwoChannels(tensor: Float32Array, labels: Uint8Array): (from: number, end: number) => void {
  const { f32, u8, compareTwo } = SHARED;
  const [length, out] = [labels.length, 8 * PART];
  const [copyIn, copyOut] = [new SharedCopy(f32, tensor), new SharedCopy(labels, u8)];
  return (from, end) => {
    for (let start = from; start < end; start += PART) {
      const count = Math.min(PART, end - start);
      copyIn.copy(0, start, start + count);
      copyIn.copy(PART, length + start, length + start + count);
      compareTwo(0, 4 * PART, out, (4 * count + 63) & ~63, MARGIN, 255);
      copyOut.copy(start, out, out + count);
    }
  };
}
