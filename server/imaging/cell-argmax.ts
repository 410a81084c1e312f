// The greatest channel of samples in cells where it must be computed: torch's two ways of mixing eight corners.
import type { ChannelTensor } from './argmax-resample.js';
import type { AxisTable } from './axis-table.js';
import type { LabelArray } from './sure-labels.js';

/** 'nested': `interpolate`, float32, axis by axis from the last. 'products': `grid_sample`, float64, eight products. */
export type Interpolation = 'nested' | 'products';

/** Places (from a channel's first voxel) and weights of the lower and higher neighbours along one axis. */
export interface CellWeights {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly lowWeight: Float64Array;
  readonly highWeight: Float64Array;
}

/**
 * Computes labels of the samples `from` to `end` along the fast axis, at new indices `g` and `h` of the two other axes,
 * and writes them from `start` with `step`.
 */
export type Evaluator = (
  labels: LabelArray,
  start: number,
  step: number,
  from: number,
  end: number,
  g: number,
  h: number,
  middle: number,
  slow: number,
) => void;

export function createEvaluator(
  tensor: ChannelTensor,
  tables: readonly [AxisTable, AxisTable, AxisTable],
  interpolation: Interpolation,
  fast: number,
): Evaluator {
  const { data, channels, sizes } = tensor;
  const steps = [sizes[1] * sizes[2], sizes[2], 1];
  const perChannel = sizes[0] * sizes[1] * sizes[2];
  const axes = tables.map(
    (table, axis): CellWeights => ({
      ...table,
      low: table.low.map((index) => index * steps[axis]!),
      high: table.high.map((index) => index * steps[axis]!),
    }),
  ) as [CellWeights, CellWeights, CellWeights];
  const mix = interpolation === 'nested' ? mixNested : mixProducts;
  const index = [0, 0, 0];
  return (labels, start, step, from, end, g, h, middle, slow) => {
    index[middle] = g;
    index[slow] = h;
    for (let o = from; o < end; o++) {
      index[fast] = o;
      labels[start + o * step] = mix(data, channels, perChannel, axes, index[0]!, index[1]!, index[2]!);
    }
  };
}

type Mix = (
  data: Float32Array,
  channels: number,
  perChannel: number,
  axes: readonly [CellWeights, CellWeights, CellWeights],
  x: number,
  y: number,
  z: number,
) => number;

const mixNested: Mix = (data, channels, perChannel, axes, x, y, z) => {
  const ax = axes[0];
  const ay = axes[1];
  const az = axes[2];
  const { fround } = Math;
  const x0 = ax.low[x]!;
  const x1 = ax.high[x]!;
  const wx0 = ax.lowWeight[x]!;
  const wx1 = ax.highWeight[x]!;
  const y0 = ay.low[y]!;
  const y1 = ay.high[y]!;
  const wy0 = ay.lowWeight[y]!;
  const wy1 = ay.highWeight[y]!;
  const z0 = az.low[z]!;
  const z1 = az.high[z]!;
  const wz0 = az.lowWeight[z]!;
  const wz1 = az.highWeight[z]!;
  let best = Number.NEGATIVE_INFINITY;
  let label = 0;
  for (let c = 0, at = 0; c < channels; c++, at += perChannel) {
    const a = fround(data[at + x0 + y0 + z0]! * wz0 + fround(data[at + x0 + y0 + z1]! * wz1));
    const b = fround(data[at + x0 + y1 + z0]! * wz0 + fround(data[at + x0 + y1 + z1]! * wz1));
    const d = fround(data[at + x1 + y0 + z0]! * wz0 + fround(data[at + x1 + y0 + z1]! * wz1));
    const e = fround(data[at + x1 + y1 + z0]! * wz0 + fround(data[at + x1 + y1 + z1]! * wz1));
    const low = fround(a * wy0 + fround(b * wy1));
    const high = fround(d * wy0 + fround(e * wy1));
    const value = fround(low * wx0 + fround(high * wx1));
    if (value <= best) continue;
    if (value > best || !Number.isNaN(best)) {
      best = value;
      label = c;
    }
  }
  return label;
};

const mixProducts: Mix = (data, channels, perChannel, axes, x, y, z) => {
  const ax = axes[0];
  const ay = axes[1];
  const az = axes[2];
  const x0 = ax.low[x]!;
  const x1 = ax.high[x]!;
  const wx0 = ax.lowWeight[x]!;
  const wx1 = ax.highWeight[x]!;
  const y0 = ay.low[y]!;
  const y1 = ay.high[y]!;
  const wy0 = ay.lowWeight[y]!;
  const wy1 = ay.highWeight[y]!;
  const z0 = az.low[z]!;
  const z1 = az.high[z]!;
  const wz0 = az.lowWeight[z]!;
  const wz1 = az.highWeight[z]!;
  let best = Number.NEGATIVE_INFINITY;
  let label = 0;
  for (let c = 0, at = 0; c < channels; c++, at += perChannel) {
    let sum = data[at + x0 + y0 + z0]! * (wz0 * wy0 * wx0);
    sum += data[at + x0 + y0 + z1]! * (wz1 * wy0 * wx0);
    sum += data[at + x0 + y1 + z0]! * (wz0 * wy1 * wx0);
    sum += data[at + x0 + y1 + z1]! * (wz1 * wy1 * wx0);
    sum += data[at + x1 + y0 + z0]! * (wz0 * wy0 * wx1);
    sum += data[at + x1 + y0 + z1]! * (wz1 * wy0 * wx1);
    sum += data[at + x1 + y1 + z0]! * (wz0 * wy1 * wx1);
    sum += data[at + x1 + y1 + z1]! * (wz1 * wy1 * wx1);
    const value = Math.fround(sum);
    if (value <= best) continue;
    if (value > best || !Number.isNaN(best)) {
      best = value;
      label = c;
    }
  }
  return label;
};
