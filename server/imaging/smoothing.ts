// Gaussian and median filters on channel-first float32 tensors in C order, with MONAI's kernels and edges.
import { erf } from './error-function.js';
import { cOrderStrides, voxelsOf } from './voxel-layout.js';

export type GaussianKind = 'erf' | 'sampled';

/** MONAI's `gaussian_1d`, cut off at four sigmas: float32 weights, an odd number of them. */
export function gaussianKernel(sigma: number, kind: GaussianKind): Float32Array {
  const { fround } = Math;
  const width = fround(sigma);
  const tail = Math.trunc(Math.max(width * 4, 0.5) + 0.5);
  return Float32Array.from({ length: 2 * tail + 1 }, (_, n) => {
    const x = n - tail;
    if (kind === 'sampled') {
      const exponent = fround(fround(fround(1 / fround(width * width)) * -0.5) * fround(x * x));
      return fround(fround(Math.exp(exponent)) / fround(2.5066282 * width));
    }
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: MONAI's own number, rounded so.
    const t = fround(fround(1 / Math.abs(width)) * fround(0.70710678));
    const above = fround(erf(fround(t * (x + 0.5))));
    const below = fround(erf(fround(t * (x - 0.5))));
    return Math.max(fround(0.5 * fround(above - below)), 0);
  });
}

/**
 * Smooths along each axis in turn, the first first; beyond the edge everything is 0. One sigma for each axis. Products are
 * added in order: rounded before that for one channel, fused for several, as oneDNN's kernels do it (on one thread
 * alone it rounds along the first axis too).
 */
export function smoothGaussian(
  tensor: Float32Array,
  channels: number,
  sizes: readonly number[],
  sigmas: readonly number[],
  kind: GaussianKind,
): void {
  const strides = cOrderStrides(sizes);
  sizes.forEach((size, axis) => {
    const kernel = gaussianKernel(sigmas[axis]!, kind);
    if (kernel.length === 1 && kernel[0] === 1) return;
    const step = strides[axis + 1]!;
    const block = step * size;
    const line = new Float32Array(size);
    for (let outer = 0; outer < channels * voxelsOf(sizes); outer += block) {
      for (let inner = 0; inner < step; inner++) smoothLine(tensor, outer + inner, step, line, kernel, channels > 1);
    }
  });
}

function smoothLine(
  tensor: Float32Array,
  start: number,
  step: number,
  line: Float32Array,
  kernel: Float32Array,
  fused: boolean,
): void {
  const { fround } = Math;
  const tail = kernel.length >> 1;
  for (let n = 0, at = start; n < line.length; n++, at += step) line[n] = tensor[at]!;
  for (let n = 0, at = start; n < line.length; n++, at += step) {
    let sum = 0;
    const last = Math.min(kernel.length, line.length - n + tail);
    for (let k = Math.max(0, tail - n); k < last; k++) {
      const product = kernel[k]! * line[n + k - tail]!;
      sum = fround((fused ? product : fround(product)) + sum);
    }
    tensor[at] = sum;
  }
}

/**
 * The median of a window around each voxel, the edge repeated. NaN where a number in the window is not finite, as MONAI
 * has it.
 * @param radii voxels to each side, one number for each axis
 */
export function smoothMedian(
  tensor: Float32Array,
  channels: number,
  sizes: readonly number[],
  radii: readonly number[],
): Float32Array {
  const missing = 3 - sizes.length;
  const [n0, n1, n2] = [...new Array<number>(missing).fill(1), ...sizes] as [number, number, number];
  const [r0, r1, r2] = [...new Array<number>(missing).fill(0), ...radii] as [number, number, number];
  const window = new Float32Array((2 * r0 + 1) * (2 * r1 + 1) * (2 * r2 + 1));
  const result = new Float32Array(tensor.length);
  const clamp = (index: number, size: number): number => Math.min(Math.max(index, 0), size - 1);
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let x = 0; x < n0; x++) {
      for (let y = 0; y < n1; y++) {
        for (let z = 0; z < n2; z++) {
          let count = 0;
          let finite = true;
          for (let i = x - r0; i <= x + r0; i++) {
            for (let j = y - r1; j <= y + r1; j++) {
              const row = ((c * n0 + clamp(i, n0)) * n1 + clamp(j, n1)) * n2;
              for (let k = z - r2; k <= z + r2; k++) {
                const value = tensor[row + clamp(k, n2)]!;
                window[count++] = value;
                finite &&= Number.isFinite(value);
              }
            }
          }
          result[to++] = finite ? window.sort()[count >> 1]! : Number.NaN;
        }
      }
    }
  }
  return result;
}
