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
  /** Adds weight · number, [channels, window…] from `from` of `numbers`, and the weights, to the window whose first voxel is `first`. */
  add(first: number, numbers: Float32Array, from: number): void;
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
  const planes = 2 * window[1] * window[2];
  const bytes = 4 * ((channels + 1) * sizes[0] * sizes[1] * sizes[2] + weights.length + planes);
  return window[2] % 4 === 0 && bytes <= MAX_KERNEL_BYTES
    ? vectorSums(shape, bytes, threads)
    : plainSums(shape, threads);
}

/**
 * In the kernels' memory: the window's weights, a plane of ones, a plane of a window's numbers, then the sums and the sums
 * of weights. All that is added goes plane by plane: a plane's weights and numbers stay in the processor's cache.
 */
function vectorSums({ channels, sizes, window, weights }: SumsShape, bytes: number, threads: Threads): WindowSums {
  const kernels = isWorthSharing(channels, bytes) ? threads.kernels(bytes) : createKernels(bytes);
  const { f32 } = kernels;
  const voxels = sizes[0] * sizes[1] * sizes[2];
  const [planes, rows, row] = window;
  const plane = rows * row;
  const onesAt = weights.length;
  const numbersAt = onesAt + plane;
  const sumsAt = numbersAt + plane;
  const weightsAt = sumsAt + channels * voxels;
  f32.set(weights, 0);
  f32.fill(1, onesAt, numbersAt);
  const addPlane = (target: number, factors: number, numbers: number): void =>
    kernels.addPlane(4 * target, 4 * factors, 4 * numbers, 4 * (factors + plane), 4 * row, 4 * sizes[2]);
  return {
    sums: f32.subarray(sumsAt, weightsAt),
    weights: f32.subarray(weightsAt, weightsAt + voxels),
    add(first, numbers, from) {
      for (let n = 0; n < planes; n++) {
        const target = first + n * sizes[1] * sizes[2];
        // A product with 1 is exact.
        addPlane(weightsAt + target, n * plane, onesAt);
        for (let channel = 0; channel < channels; channel++) {
          const source = from + channel * weights.length + n * plane;
          f32.set(numbers.subarray(source, source + plane), numbersAt);
          addPlane(sumsAt + channel * voxels + target, n * plane, numbersAt);
        }
      }
    },
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
    add(first, numbers, from) {
      addRows(weightSums, first, sizes, window, undefined, weights, 0);
      for (let channel = 0; channel < channels; channel++) {
        const target = channel * voxels + first;
        addRows(sums, target, sizes, window, weights, numbers, from + channel * weights.length);
      }
    },
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
