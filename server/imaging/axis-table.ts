// Two neighbours and their weights for every index along one axis: what linear interpolation needs, worked out once.
import type { Strided } from './image.js';

/** Linear interpolation along one axis. Value at o is `low[o]`'s by `lowWeight[o]` plus `high[o]`'s by `highWeight[o]`. */
export interface AxisTable {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Float32 values for torch's interpolate, float64 for its grid_sample. */
  readonly lowWeight: Float64Array;
  readonly highWeight: Float64Array;
}

/** A tensor that is made of a source and tables, one an axis, in `count` parts. */
export interface TablesJob {
  readonly source: Strided;
  readonly tables: readonly [AxisTable, AxisTable, AxisTable];
  /** C order, channel first: filled. */
  readonly result: Float32Array;
  readonly count: number;
}

/**
 * torch.nn.functional.interpolate's table for linear modes, computed in float32 as there.
 * @param fused whether a place is rounded once, as for images of two axes, or twice, as for three
 */
export function resizeTable(oldSize: number, newSize: number, alignCorners: boolean, fused = false): AxisTable {
  const table = emptyTable(newSize);
  const { fround } = Math;
  const scale = alignCorners
    ? newSize > 1
      ? fround((oldSize - 1) / (newSize - 1))
      : 0
    : fround(fround(oldSize) / fround(newSize));
  for (let o = 0; o < newSize; o++) {
    const scaled = scale * (o + 0.5);
    const place = alignCorners ? fround(scale * o) : Math.max(fround((fused ? scaled : fround(scaled)) - 0.5), 0);
    const low = Math.min(Math.floor(place), oldSize - 1);
    const highWeight = Math.min(Math.max(fround(place - low), 0), 1);
    table.low[o] = low;
    table.high[o] = Math.min(low + 1, oldSize - 1);
    table.highWeight[o] = highWeight;
    table.lowWeight[o] = fround(1 - highWeight);
  }
  return table;
}

/**
 * grid_sample's table for coordinates along one axis of a separable grid. With border padding coordinates are clamped;
 * with zeros padding a neighbour outside gets weight 0.
 */
export function samplingTable(coordinates: Float64Array, oldSize: number, padding: 'border' | 'zeros'): AxisTable {
  const table = emptyTable(coordinates.length);
  for (let o = 0; o < coordinates.length; o++) {
    const place = padding === 'border' ? Math.min(Math.max(coordinates[o]!, 0), oldSize - 1) : coordinates[o]!;
    const below = Math.floor(place);
    const inside = (index: number): boolean => index >= 0 && index < oldSize;
    const weights = [inside(below) ? below + 1 - place : 0, inside(below + 1) ? place - below : 0] as const;
    // Just before the first voxel only the higher neighbour counts: it becomes the lower one.
    const low = Math.min(Math.max(below, 0), oldSize - 1);
    table.low[o] = low;
    table.high[o] = Math.min(low + 1, oldSize - 1);
    table.lowWeight[o] = below === -1 ? weights[1] : weights[0];
    table.highWeight[o] = below === -1 ? 0 : weights[1];
  }
  return table;
}

/** The one old index for each new one, for torch.nn.functional.interpolate's `nearest` and `nearest-exact`. */
export function nearestTable(oldSize: number, newSize: number, exact: boolean): Int32Array {
  const scale = Math.fround(Math.fround(oldSize) / Math.fround(newSize));
  return Int32Array.from({ length: newSize }, (_, o) =>
    Math.min(Math.floor(Math.fround(Math.fround(exact ? o + 0.5 : o) * scale)), oldSize - 1),
  );
}

function emptyTable(size: number): AxisTable {
  return {
    low: new Int32Array(size),
    high: new Int32Array(size),
    lowWeight: new Float64Array(size),
    highWeight: new Float64Array(size),
  };
}
