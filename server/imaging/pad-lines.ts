// Padding with numbers that are worked out from each line of the image: numpy's `minimum`, `maximum`, `mean`, `median` and
// `linear_ramp`, axis after axis, so that a later axis sees what an earlier one has added.

import type { Margins } from './crop-pad.js';
import type { VoxelArray } from './image.js';
import { roundHalfEven } from './matrices.js';
import { cOrderStrides } from './voxel-layout.js';

export type LineMode = 'minimum' | 'maximum' | 'mean' | 'median' | 'linear_ramp';

/** Fills the margins of a C-order tensor whose middle is in place. `sizes` are with the margins. */
export function padLines(
  data: VoxelArray,
  channels: number,
  sizes: readonly number[],
  margins: Margins,
  mode: LineMode,
): void {
  const strides = cOrderStrides(sizes);
  margins.forEach(([low, high], axis) => {
    if (low === 0 && high === 0) return;
    const line = { step: strides[axis + 1]!, low, high, length: sizes[axis]! - low - high };
    const starts = lineStarts(channels, sizes, strides, margins, axis);
    if (mode === 'linear_ramp') {
      starts.forEach(rampOf(data, starts, line));
      return;
    }
    const last = axis === sizes.length - 1;
    for (const start of starts) fill(data, start, line, statistic(data, start + low * line.step, line, last, mode));
  });
}

interface Line {
  readonly step: number;
  readonly low: number;
  readonly high: number;
  /** Voxels of the image, between the margins. */
  readonly length: number;
}

/** First voxels of all lines along an axis: whole on the axes before it, the image's own part on those behind it. */
function lineStarts(
  channels: number,
  sizes: readonly number[],
  strides: readonly number[],
  margins: Margins,
  axis: number,
): Float64Array {
  let starts = Array.from({ length: channels }, (_, c) => c * strides[0]!);
  sizes.forEach((size, other) => {
    if (other === axis) return;
    const [low, high] = other < axis ? [0, 0] : margins[other]!;
    starts = starts.flatMap((start) =>
      Array.from({ length: size - low - high }, (_, n) => start + (low + n) * strides[other + 1]!),
    );
  });
  return Float64Array.from(starts);
}

function fill(data: VoxelArray, start: number, { step, low, high, length }: Line, value: number): void {
  for (let n = 0; n < low; n++) data[start + n * step] = value;
  for (let n = 0; n < high; n++) data[start + (low + length + n) * step] = value;
}

function statistic(
  data: VoxelArray,
  first: number,
  { step, length }: Line,
  last: boolean,
  mode: Exclude<LineMode, 'linear_ramp'>,
): number {
  const values = Array.from({ length }, (_, n) => data[first + n * step]!);
  if (values.some(Number.isNaN)) return Number.NaN;
  const whole = !(data instanceof Float32Array || data instanceof Float64Array);
  const round = data instanceof Float32Array ? Math.fround : (value: number): number => value;
  switch (mode) {
    case 'minimum':
      return Math.min(...values);
    case 'maximum':
      return Math.max(...values);
    case 'mean': {
      const mean = round(sum(values, last, round) / length);
      return whole ? roundHalfEven(mean) : mean;
    }
    case 'median': {
      values.sort((a, b) => a - b);
      const middle = values[length >> 1]!;
      if (length % 2 === 1) return middle;
      const median = round(round(values[(length >> 1) - 1]! + middle) / 2);
      return whole ? roundHalfEven(median) : median;
    }
  }
}

/** As numpy adds: along the last axis eight sums side by side from 8 numbers on, otherwise one after the other. */
function sum(values: readonly number[], last: boolean, round: (value: number) => number): number {
  const inOrder = (list: readonly number[], from: number): number =>
    list.reduce((total, value) => round(total + value), from);
  if (!last || values.length < 8) return inOrder(values, 0);
  if (values.length > 128) {
    const half = Math.floor(values.length / 2);
    const cut = half - (half % 8);
    return round(sum(values.slice(0, cut), last, round) + sum(values.slice(cut), last, round));
  }
  const side = values.slice(0, 8);
  let at = 8;
  for (; at + 8 <= values.length; at += 8) for (let n = 0; n < 8; n++) side[n] = round(side[n]! + values[at + n]!);
  const [a, b, c, d, e, f, g, h] = side as [number, number, number, number, number, number, number, number];
  const eight = round(round(round(a + b) + round(c + d)) + round(round(e + f) + round(g + h)));
  return inOrder(values.slice(at), eight);
}

/** From the edge down to 0 at the far end: numpy's linspace in float64, which divides first where any step is 0. */
function rampOf(data: VoxelArray, starts: Float64Array, { step, low, high, length }: Line): (start: number) => void {
  const ends = [
    { width: low, edge: low * step, inner: low, sign: -1 },
    { width: high, edge: (low + length - 1) * step, inner: low + length - 1, sign: 1 },
  ].map((side) => ({ ...side, divides: starts.some((start) => data[start + side.edge]! / side.width === 0) }));
  const whole = !(data instanceof Float32Array || data instanceof Float64Array);
  return (start) => {
    for (const { width, edge, inner, sign, divides } of ends) {
      const from = data[start + edge]!;
      for (let n = 0; n < width; n++) {
        const value = divides ? (n / width) * from : n * (from / width);
        data[start + (inner + sign * (width - n)) * step] = whole ? Math.floor(value) : value;
      }
    }
  };
}
