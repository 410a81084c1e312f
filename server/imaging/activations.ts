// Softmax and sigmoid on channel-first float32 tensors, in place.
import { type Kernels, kernelsWith, SHARED, wholeVectors } from './simd/kernels.js';

/** Voxels that are worked on in one call: short calls are compiled well before the first image is done. */
const PART = 16384;

/** e^(x − max) over its sum, across the channels; every step rounded to float32. */
export function softmax(tensor: Float32Array, channels: number): void {
  const length = tensor.length / channels;
  if (channels === 2) {
    for (let start = 0; start < length; start += PART) {
      softmaxOfTwo(tensor, length, start, Math.min(start + PART, length));
    }
    return;
  }
  const strips = createSoftmaxStrips(channels, Math.max(4, Math.floor(PART / channels)));
  for (let start = 0; start < length; start += strips.width) {
    strips.apply(tensor, length, start, Math.min(start + strips.width, length));
  }
}

function softmaxOfTwo(tensor: Float32Array, length: number, start: number, end: number): void {
  SHARED.f32.set(tensor.subarray(start, end), 0);
  SHARED.f32.set(tensor.subarray(length + start, length + end), PART);
  SHARED.softmaxTwo(0, 4 * PART, wholeVectors(4 * (end - start)));
  tensor.set(SHARED.f32.subarray(0, end - start), start);
  tensor.set(SHARED.f32.subarray(PART, PART + end - start), length + start);
}

/** Softmax of some neighbouring voxels, `width` of them at most. */
export interface SoftmaxStrips {
  readonly width: number;
  /** Those from `start` up to `end` of a tensor whose channels are `length` apart. */
  apply(tensor: Float32Array, length: number, start: number, end: number): void;
}

export function createSoftmaxStrips(channels: number, width: number): SoftmaxStrips {
  const rowBytes = wholeVectors(4 * width);
  const scratch = (channels + 2) * rowBytes;
  const kernels: Kernels = kernelsWith(scratch);
  const { f32, most, powers, overSums } = kernels;
  const [greatest, sums] = [channels * rowBytes, (channels + 1) * rowBytes];
  return {
    width,
    apply(tensor, length, start, end) {
      const bytes = wholeVectors(4 * (end - start));
      for (let c = 0; c < channels; c++) {
        f32.set(tensor.subarray(c * length + start, c * length + end), (c * rowBytes) / 4);
      }
      f32.fill(Number.NEGATIVE_INFINITY, greatest / 4, sums / 4);
      f32.fill(0, sums / 4, (sums + bytes) / 4);
      for (let c = 0; c < channels; c++) most(c * rowBytes, greatest, bytes);
      for (let c = 0; c < channels; c++) powers(c * rowBytes, greatest, sums, bytes);
      for (let c = 0; c < channels; c++) {
        const from = (c * rowBytes) / 4;
        overSums(c * rowBytes, sums, bytes);
        tensor.set(f32.subarray(from, from + end - start), c * length + start);
      }
    },
  };
}

/** 1 / (1 + e^−x), every step rounded to float32. */
export function sigmoid(tensor: Float32Array): void {
  for (let start = 0; start < tensor.length; start += PART) {
    const part = tensor.subarray(start, start + PART);
    SHARED.f32.set(part, 0);
    SHARED.sigmoids(0, wholeVectors(4 * part.length));
    part.set(SHARED.f32.subarray(0, part.length));
  }
}
