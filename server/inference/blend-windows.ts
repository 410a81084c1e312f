// Adds up the answers of overlapping windows by weight, as MONAI does: Σ w·y / Σ w, each step rounded to float32.
import type { WindowPlan } from './windows.js';

export interface WindowBlend {
  /** Adds the answer [channels, window…] that starts at `answerOffset` of `answer` for the window at `start`. */
  add(start: readonly number[], answer: Float32Array, answerOffset: number): void;
  /** The weighted mean over the image without padding: channel first, the last axis fastest. Call once, at the end. */
  finish(): Float32Array;
}

export function createWindowBlend(plan: WindowPlan, channels: number, weights: Float32Array): WindowBlend {
  const [, h, w] = threeAxes(plan.paddedSizes, 1);
  const [wd, wh, ww] = threeAxes(plan.windowSizes, 1);
  const voxels = plan.paddedSizes.reduce((product, size) => product * size, 1);
  const sums = new Float32Array(channels * voxels);
  const weightSums = new Float32Array(voxels);
  const windowVoxels = wd * wh * ww;

  /** Calls back with where each row of a window lies in the image and in the window. */
  const eachRow = (start: readonly number[], visit: (imageAt: number, windowAt: number) => void) => {
    const [x, y, z] = threeAxes(start, 0);
    for (let i = 0; i < wd; i++) {
      for (let j = 0; j < wh; j++) visit(((x + i) * h + y + j) * w + z, (i * wh + j) * ww);
    }
  };

  return {
    add(start, answer, answerOffset) {
      eachRow(start, (imageAt, windowAt) => {
        for (let i = 0; i < ww; i++) weightSums[imageAt + i]! += weights[windowAt + i]!;
      });
      for (let channel = 0; channel < channels; channel++) {
        const from = answerOffset + channel * windowVoxels;
        const to = channel * voxels;
        eachRow(start, (imageAt, windowAt) => {
          for (let i = 0; i < ww; i++) {
            sums[to + imageAt + i]! += Math.fround(weights[windowAt + i]! * answer[from + windowAt + i]!);
          }
        });
      }
    },
    finish() {
      for (let channel = 0; channel < channels; channel++) {
        const at = channel * voxels;
        for (let i = 0; i < voxels; i++) sums[at + i]! /= weightSums[i]!;
      }
      return withoutPadding(sums, plan, channels);
    },
  };
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

function threeAxes(values: readonly number[], missing: number): readonly [number, number, number] {
  return [...Array.from({ length: 3 - values.length }, () => missing), ...values] as unknown as [
    number,
    number,
    number,
  ];
}
