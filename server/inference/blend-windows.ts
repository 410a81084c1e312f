// Adds up the answers of overlapping windows by weight, as MONAI does: Σ w·y / Σ w, each step rounded to float32.
import type { Threads } from '../imaging/threads.js';
import { createWindowSums, type Three } from './window-sums.js';
import type { WindowPlan } from './windows.js';

export interface WindowBlend {
  /** Adds the answer [channels, window…] that starts at `answerOffset` of `answer` for the window at `start`. */
  add(start: readonly number[], answer: Float32Array, answerOffset: number): void;
  /** The weighted mean over the image without padding: channel first, the last axis fastest. Call once, at the end. */
  finish(): Float32Array;
}

/** `threads` see the mean. */
export function createWindowBlend(
  plan: WindowPlan,
  channels: number,
  weights: Float32Array,
  threads: Threads,
): WindowBlend {
  const sizes = threeAxes(plan.paddedSizes, 1);
  const window = threeAxes(plan.windowSizes, 1);
  const total = createWindowSums({ channels, sizes, window, weights }, threads);
  return {
    add(start, answer, answerOffset) {
      const [x, y, z] = threeAxes(start, 0);
      total.add((x * sizes[1] + y) * sizes[2] + z, answer, answerOffset);
    },
    finish() {
      total.divide();
      return withoutPadding(total.sums, plan, channels, threads.seeing(total.sums));
    },
  };
}

function withoutPadding(padded: Float32Array, plan: WindowPlan, channels: number, threads: Threads): Float32Array {
  if (plan.sizes.every((size, axis) => size === plan.paddedSizes[axis])) return padded;
  const [d, h, w] = threeAxes(plan.sizes, 1);
  const [pd, ph, pw] = threeAxes(plan.paddedSizes, 1);
  const [bd, bh, bw] = threeAxes(plan.padBefore, 0);
  const result = threads.zeros(Float32Array, channels * d * h * w);
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
