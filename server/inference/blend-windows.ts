// Adds up the answers of overlapping windows by weight, as MONAI does: Σ w·y / Σ w, each step rounded to float32.
//
// The loops over voxels stand in functions of their own and take four voxels a turn: written plainly, within a closure,
// they take three times as long.
import type { WindowPlan } from './windows.js';

export interface WindowBlend {
  /** Adds the answer [channels, window…] that starts at `answerOffset` of `answer` for the window at `start`. */
  add(start: readonly number[], answer: Float32Array, answerOffset: number): void;
  /** The weighted mean over the image without padding: channel first, the last axis fastest. Call once, at the end. */
  finish(): Float32Array;
}

type Three = readonly [number, number, number];

export function createWindowBlend(plan: WindowPlan, channels: number, weights: Float32Array): WindowBlend {
  const sizes = threeAxes(plan.paddedSizes, 1);
  const window = threeAxes(plan.windowSizes, 1);
  const voxels = sizes[0] * sizes[1] * sizes[2];
  const sums = new Float32Array(channels * voxels);
  const weightSums = new Float32Array(voxels);
  return {
    add(start, answer, answerOffset) {
      const [x, y, z] = threeAxes(start, 0);
      const first = (x * sizes[1] + y) * sizes[2] + z;
      addWeights(weightSums, first, sizes, weights, window);
      for (let channel = 0; channel < channels; channel++) {
        const from = answerOffset + channel * weights.length;
        addWeighted(sums, channel * voxels + first, sizes, weights, answer, from, window);
      }
    },
    finish() {
      for (let channel = 0; channel < channels; channel++) divide(sums, channel * voxels, weightSums);
      return withoutPadding(sums, plan, channels);
    },
  };
}

function addWeights(sums: Float32Array, first: number, sizes: Three, weights: Float32Array, window: Three): void {
  let at = 0;
  for (let i = 0; i < window[0]; i++) {
    for (let j = 0; j < window[1]; j++) {
      let to = first + (i * sizes[1] + j) * sizes[2];
      const end = to + window[2];
      for (; to + 4 <= end; to += 4, at += 4) {
        sums[to]! += weights[at]!;
        sums[to + 1]! += weights[at + 1]!;
        sums[to + 2]! += weights[at + 2]!;
        sums[to + 3]! += weights[at + 3]!;
      }
      for (; to < end; to++, at++) sums[to]! += weights[at]!;
    }
  }
}

function addWeighted(
  sums: Float32Array,
  first: number,
  sizes: Three,
  weights: Float32Array,
  answer: Float32Array,
  answerOffset: number,
  window: Three,
): void {
  let at = 0;
  for (let i = 0; i < window[0]; i++) {
    for (let j = 0; j < window[1]; j++) {
      let to = first + (i * sizes[1] + j) * sizes[2];
      const end = to + window[2];
      for (; to + 4 <= end; to += 4, at += 4) {
        const from = answerOffset + at;
        sums[to]! += Math.fround(weights[at]! * answer[from]!);
        sums[to + 1]! += Math.fround(weights[at + 1]! * answer[from + 1]!);
        sums[to + 2]! += Math.fround(weights[at + 2]! * answer[from + 2]!);
        sums[to + 3]! += Math.fround(weights[at + 3]! * answer[from + 3]!);
      }
      for (; to < end; to++, at++) sums[to]! += Math.fround(weights[at]! * answer[answerOffset + at]!);
    }
  }
}

function divide(sums: Float32Array, first: number, weightSums: Float32Array): void {
  for (let i = 0; i < weightSums.length; i++) sums[first + i]! /= weightSums[i]!;
}

function withoutPadding(padded: Float32Array, plan: WindowPlan, channels: number): Float32Array {
  if (plan.sizes.every((size, axis) => size === plan.paddedSizes[axis])) return padded;
  const [d, h, w] = threeAxes(plan.sizes, 1);
  const [pd, ph, pw] = threeAxes(plan.paddedSizes, 1);
  const [bd, bh, bw] = threeAxes(plan.padBefore, 0);
  const result = new Float32Array(channels * d * h * w);
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let x = 0; x < d; x++) {
      for (let y = 0; y < h; y++, to += w) {
        const from = ((c * pd + x + bd) * ph + y + bh) * pw + bw;
        result.set(padded.subarray(from, from + w), to);
      }
    }
  }
  return result;
}

function threeAxes(values: readonly number[], missing: number): Three {
  return [...Array.from({ length: 3 - values.length }, () => missing), ...values] as unknown as Three;
}
