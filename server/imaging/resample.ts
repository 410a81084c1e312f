// Sampling an image on a new grid with torch.nn.functional.grid_sample's arithmetic in float64.
import { type AxisTable, samplingTable } from './axis-table.js';
import type { Image, VoxelArray } from './image.js';
import { roundHalfEven } from './matrices.js';
import { axisCoordinates, type SamplingGrid, unnormalise } from './sampling-grid.js';
import { asThreeAxes, newArrayLike } from './voxel-layout.js';

export type Padding = 'border' | 'zeros';

/** Planes of the result that are written together: 16 float32 are one cache line. */
const PLANES = 16;

/** Trilinear samples as a C-order float32 tensor, channel first. */
export function sampleLinear(image: Image, grid: SamplingGrid, padding: Padding): Float32Array {
  const source = asThreeAxes(image);
  const perChannel = grid.newSizes[0] * grid.newSizes[1] * grid.newSizes[2];
  const result = new Float32Array(image.channels * perChannel);
  const tables = grid.separable ? samplingTables(grid, padding) : undefined;
  for (let c = 0; c < image.channels; c++) {
    const target = result.subarray(c * perChannel, (c + 1) * perChannel);
    if (tables) sampleSeparable(source, c, tables, target);
    else sampleOblique(source, c, grid, padding, target);
  }
  return result;
}

/** The tables of a separable grid, one an axis. */
export function samplingTables(grid: SamplingGrid, padding: Padding): [AxisTable, AxisTable, AxisTable] {
  return ([0, 1, 2] as const).map((axis) =>
    samplingTable(axisCoordinates(grid, axis), grid.oldSizes[axis], padding),
  ) as [AxisTable, AxisTable, AxisTable];
}

/** Nearest neighbours in the image's own type, halves to the even index as torch 2; C order, channel first. */
export function sampleNearest(image: Image, grid: SamplingGrid, padding: Padding): VoxelArray {
  const { data, strides, offset, channels } = asThreeAxes(image);
  const [m0, m1, m2] = grid.newSizes;
  const result = newArrayLike(data, channels * m0 * m1 * m2);
  const place = nearestPlaces(grid, padding);
  for (let c = 0; c < channels; c++) {
    const start = offset + c * strides[0]!;
    let to = c * m0 * m1 * m2;
    for (let x = 0; x < m0; x++) {
      for (let y = 0; y < m1; y++) {
        for (let z = 0; z < m2; z++, to++) {
          const at = place(x, y, z, strides);
          if (at !== OUTSIDE) result[to] = data[start + at]!;
        }
      }
    }
  }
  return result;
}

const OUTSIDE = Number.MIN_SAFE_INTEGER;

/** From a new voxel to the place of its nearest old one, in elements from the channel's first voxel. */
function nearestPlaces(
  grid: SamplingGrid,
  padding: Padding,
): (x: number, y: number, z: number, strides: readonly number[]) => number {
  const nearest = (coordinate: number, size: number): number => {
    if (padding === 'border') return roundHalfEven(Math.min(Math.max(coordinate, 0), size - 1));
    const index = roundHalfEven(coordinate);
    return index >= 0 && index < size ? index : OUTSIDE;
  };
  if (grid.aligned) {
    const [i0, i1, i2] = ([0, 1, 2] as const).map((axis) =>
      Array.from(axisCoordinates(grid, axis), (value) => nearest(value, grid.oldSizes[axis])),
    ) as [number[], number[], number[]];
    return (x, y, z, strides) => {
      const [a, b, c] = [i0[x]!, i1[y]!, i2[z]!];
      if (a === OUTSIDE || b === OUTSIDE || c === OUTSIDE) return OUTSIDE;
      return a * strides[1]! + b * strides[2]! + c * strides[3]!;
    };
  }
  return (x, y, z, strides) => {
    let at = 0;
    for (const axis of [0, 1, 2] as const) {
      const index = nearest(coordinate(grid, axis, x, y, z), grid.oldSizes[axis]);
      if (index === OUTSIDE) return OUTSIDE;
      at += index * strides[axis + 1]!;
    }
    return at;
  };
}

/** An old coordinate of a new voxel, with the additions in torch's order. */
export function coordinate(grid: SamplingGrid, axis: 0 | 1 | 2, x: number, y: number, z: number): number {
  const row = grid.theta[axis]!;
  const sum = grid.base[2][z]! * row[2]! + grid.base[1][y]! * row[1]! + grid.base[0][x]! * row[0]! + row[3]!;
  return unnormalise(sum, grid.oldSizes[axis]);
}

function sampleSeparable(
  image: Image,
  channel: number,
  tables: readonly [AxisTable, AxisTable, AxisTable],
  result: Float32Array,
): void {
  const { data, strides, offset } = image;
  const [t0, t1, t2] = tables;
  const [m0, m1, m2] = [t0.low.length, t1.low.length, t2.low.length];
  const start = offset + channel * strides[0]!;
  const low2 = t2.low.map((index) => index * strides[3]!);
  const high2 = t2.high.map((index) => index * strides[3]!);
  for (let z = 0; z < m2; z += PLANES) {
    const end = Math.min(z + PLANES, m2);
    for (let y = 0; y < m1; y++) {
      const [y0, y1] = [t1.low[y]! * strides[2]!, t1.high[y]! * strides[2]!];
      for (let x = 0; x < m0; x++) {
        const [x0, x1] = [start + t0.low[x]! * strides[1]!, start + t0.high[x]! * strides[1]!];
        sampleAlong(
          data,
          x0 + y0,
          x0 + y1,
          x1 + y0,
          x1 + y1,
          t0.lowWeight[x]!,
          t0.highWeight[x]!,
          t1.lowWeight[y]!,
          t1.highWeight[y]!,
          low2,
          high2,
          t2,
          z,
          end,
          result,
          (x * m1 + y) * m2,
        );
      }
    }
  }
}

/** A few samples along the last axis: eight products, weights and sum in the order of torch's grid_sampler_3d. */
function sampleAlong(
  data: VoxelArray,
  at00: number,
  at01: number,
  at10: number,
  at11: number,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
  low: Int32Array,
  high: Int32Array,
  table: AxisTable,
  from: number,
  end: number,
  result: Float32Array,
  to: number,
): void {
  const { lowWeight, highWeight } = table;
  for (let z = from; z < end; z++) {
    const a = low[z]!;
    const b = high[z]!;
    const z0 = lowWeight[z]!;
    const z1 = highWeight[z]!;
    let sum = data[at00 + a]! * (z0 * y0 * x0);
    sum += data[at00 + b]! * (z1 * y0 * x0);
    sum += data[at01 + a]! * (z0 * y1 * x0);
    sum += data[at01 + b]! * (z1 * y1 * x0);
    sum += data[at10 + a]! * (z0 * y0 * x1);
    sum += data[at10 + b]! * (z1 * y0 * x1);
    sum += data[at11 + a]! * (z0 * y1 * x1);
    sum += data[at11 + b]! * (z1 * y1 * x1);
    result[to + z] = sum;
  }
}

function sampleOblique(
  image: Image,
  channel: number,
  grid: SamplingGrid,
  padding: Padding,
  result: Float32Array,
): void {
  const { data, strides, offset } = image;
  const [m0, m1, m2] = grid.newSizes;
  const start = offset + channel * strides[0]!;
  const corner = obliqueCorner(grid, padding);
  const value = (at: number): number => data[start + at]!;
  let to = 0;
  for (let x = 0; x < m0; x++) {
    for (let y = 0; y < m1; y++) {
      for (let z = 0; z < m2; z++) {
        corner.moveTo(x, y, z, strides);
        let sum = 0;
        for (let n = 0; n < 8; n++) if (corner.weight[n] !== 0) sum += value(corner.at[n]!) * corner.weight[n]!;
        result[to++] = sum;
      }
    }
  }
}

/** The eight neighbours of a sample, in torch's order: the last axis first, then the middle, then the first. */
export interface CellCorners {
  /** In elements from the channel's first voxel. */
  readonly at: Float64Array;
  /** 0 for a neighbour outside. */
  readonly weight: Float64Array;
  moveTo(x: number, y: number, z: number, strides: readonly number[]): void;
}

/** Corners for a grid that is not separable. */
export function obliqueCorner(grid: SamplingGrid, padding: Padding): CellCorners {
  const at = new Float64Array(8);
  const weight = new Float64Array(8);
  const low = new Float64Array(3);
  const part = new Float64Array(6);
  return {
    at,
    weight,
    moveTo(x, y, z, strides) {
      for (let axis = 0; axis < 3; axis++) {
        const size = grid.oldSizes[axis]!;
        const row = grid.theta[axis]!;
        const sum = grid.base[2][z]! * row[2]! + grid.base[1][y]! * row[1]! + grid.base[0][x]! * row[0]! + row[3]!;
        let place = unnormalise(sum, size);
        if (padding === 'border') place = Math.min(Math.max(place, 0), size - 1);
        const below = Math.floor(place);
        low[axis] = below;
        part[2 * axis] = below >= 0 && below < size ? below + 1 - place : 0;
        part[2 * axis + 1] = below + 1 >= 0 && below + 1 < size ? place - below : 0;
      }
      for (let n = 0; n < 8; n++) {
        const [a, b, c] = [n >> 2, (n >> 1) & 1, n & 1];
        weight[n] = part[4 + c]! * part[2 + b]! * part[a]!;
        at[n] = (low[0]! + a) * strides[1]! + (low[1]! + b) * strides[2]! + (low[2]! + c) * strides[3]!;
      }
    },
  };
}
