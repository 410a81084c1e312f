// Softmax and sigmoid on channel-first float32 tensors, in place.

import { SHARED, wholeVectors } from './simd/kernels.js';

/** Voxels that are worked on in one call: short calls are compiled well before the first image is done. */
const PART = 16384;

/** e^(x − max) over its sum, across the channels; every step rounded to float32. */
export function softmax(tensor: Float32Array, channels: number): void {
  const length = tensor.length / channels;
  for (let start = 0; start < length; start += PART) {
    if (channels === 2) softmaxOfTwo(tensor, length, start, Math.min(start + PART, length));
    else softmaxOfPart(tensor, channels, length, start, Math.min(start + PART, length));
  }
}

function softmaxOfTwo(tensor: Float32Array, length: number, start: number, end: number): void {
  SHARED.f32.set(tensor.subarray(start, end), 0);
  SHARED.f32.set(tensor.subarray(length + start, length + end), PART);
  SHARED.softmaxTwo(0, 4 * PART, wholeVectors(4 * (end - start)));
  tensor.set(SHARED.f32.subarray(0, end - start), start);
  tensor.set(SHARED.f32.subarray(PART, PART + end - start), length + start);
}

/** The voxels from `start` up to `end` only. */
export function softmaxOfPart(
  tensor: Float32Array,
  channels: number,
  length: number,
  start: number,
  end: number,
): void {
  const { exp, fround } = Math;
  const total = channels * length;
  for (let i = start; i < end; i++) {
    let most = tensor[i]!;
    for (let at = i + length; at < total; at += length) most = Math.max(most, tensor[at]!);
    let sum = 0;
    for (let at = i; at < total; at += length) {
      const below = fround(tensor[at]! - most);
      // e^0 is 1: half of the work where there are two channels.
      const power = below === 0 ? 1 : fround(exp(below));
      tensor[at] = power;
      sum = fround(sum + power);
    }
    for (let at = i; at < total; at += length) tensor[at] = tensor[at]! / sum;
  }
}

/** 1 / (1 + e^−x). */
export function sigmoid(tensor: Float32Array): void {
  for (let start = 0; start < tensor.length; start += PART) {
    const part = tensor.subarray(start, start + PART);
    for (let i = 0; i < part.length; i++) part[i] = 1 / (1 + Math.exp(-part[i]!));
  }
}
