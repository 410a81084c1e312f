// Sums over an image to which windows are added by weight: with vectors where their kernel can be used, plainly elsewhere.
// The same numbers either way, since every operation is rounded to float32.
import { createKernels } from '../imaging/simd/kernels.js';
import type { Threads } from '../imaging/threads.js';
import { isWorthSharing } from './share-answer.js';

export type Three = readonly [number, number, number];

/** Sums of float32 numbers, voxel by voxel, and of the weights that they were taken with. */
export interface WindowSums {
  /** [channels, voxels…], 0 at first. */
  readonly sums: Float32Array;
  /** [voxels…], 0 at first. */
  readonly weights: Float32Array;
  /** Adds weight · number, from `from` of `numbers`, to the window whose first voxel is `first`, in one channel. */
  add(channel: number, first: number, numbers: Float32Array, from: number): void;
  /** Adds the weights alone. */
  addWeights(first: number): void;
  /** Divides the sums by the weights, in place. */
  divide(): void;
}

export interface SumsShape {
  readonly channels: number;
  readonly sizes: Three;
  readonly window: Three;
  /** Of a window. */
  readonly weights: Float32Array;
}

/** What kernels can address with signed numbers. */
const MAX_KERNEL_BYTES = 2 ** 31 - 2 ** 16;

/** `threads` see the sums where that pays. */
export function createWindowSums(shape: SumsShape, threads: Threads): WindowSums {
  const { channels, sizes, window, weights } = shape;
  const bytes = 4 * ((channels + 1) * sizes[0] * sizes[1] * sizes[2] + 3 * weights.length);
  return window[2] % 4 === 0 && bytes <= MAX_KERNEL_BYTES
    ? vectorSums(shape, bytes, threads)
    : plainSums(shape, threads);
}

/** In the kernels' memory: the window's weights, ones, a window's numbers, then the sums and the sums of weights. */
function vectorSums({ channels, sizes, window, weights }: SumsShape, bytes: number, threads: Threads): WindowSums {
  const kernels = isWorthSharing(channels, bytes) ? threads.kernels(bytes) : createKernels(bytes);
  const { f32 } = kernels;
  const count = weights.length;
  const voxels = sizes[0] * sizes[1] * sizes[2];
  const [onesAt, numbersAt, sumsAt] = [count, 2 * count, 3 * count];
  const weightsAt = sumsAt + channels * voxels;
  f32.set(weights, 0);
  f32.fill(1, onesAt, onesAt + count);
  const [planes, rows, row] = window;
  const addTo = (target: number, factors: number, numbers: number): void =>
    kernels.addWindow(
      4 * target,
      4 * factors,
      4 * numbers,
      4 * (factors + planes * rows * row),
      4 * row,
      4 * sizes[2],
      4 * rows * row,
      4 * (sizes[1] - rows) * sizes[2],
    );
  return {
    sums: f32.subarray(sumsAt, weightsAt),
    weights: f32.subarray(weightsAt, weightsAt + voxels),
    add(channel, first, numbers, from) {
      f32.set(numbers.subarray(from, from + count), numbersAt);
      addTo(sumsAt + channel * voxels + first, 0, numbersAt);
    },
    // A product with 1 is exact.
    addWeights: (first) => addTo(weightsAt + first, onesAt, 0),
    divide() {
      const whole = voxels - (voxels % 4);
      for (let channel = 0; channel < channels; channel++) {
        const at = sumsAt + channel * voxels;
        if (whole > 0) kernels.divide(4 * at, 4 * whole, 4 * weightsAt);
        for (let i = whole; i < voxels; i++) f32[at + i]! /= f32[weightsAt + i]!;
      }
    },
  };
}

function plainSums({ channels, sizes, window, weights }: SumsShape, threads: Threads): WindowSums {
  const voxels = sizes[0] * sizes[1] * sizes[2];
  const length = channels * voxels;
  const sums = isWorthSharing(channels, 4 * length) ? threads.zeros(Float32Array, length) : new Float32Array(length);
  const weightSums = new Float32Array(voxels);
  return {
    sums,
    weights: weightSums,
    add: (channel, first, numbers, from) =>
      addRows(sums, channel * voxels + first, sizes, window, weights, numbers, from),
    addWeights: (first) => addRows(weightSums, first, sizes, window, undefined, weights, 0),
    divide() {
      for (let channel = 0; channel < channels; channel++) {
        for (let i = 0; i < voxels; i++) sums[channel * voxels + i]! /= weightSums[i]!;
      }
    },
  };
}

function addRows(
  sums: Float32Array,
  first: number,
  sizes: Three,
  window: Three,
  weights: Float32Array | undefined,
  numbers: Float32Array,
  from: number,
): void {
  let at = 0;
  for (let i = 0; i < window[0]; i++) {
    for (let j = 0; j < window[1]; j++) {
      let to = first + (i * sizes[1] + j) * sizes[2];
      for (const end = to + window[2]; to < end; to++, at++) {
        const number = numbers[from + at]!;
        sums[to]! += weights ? Math.fround(weights[at]! * number) : number;
      }
    }
  }
}
