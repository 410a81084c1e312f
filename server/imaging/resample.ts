// Sampling an image on a new grid with torch.nn.functional.grid_sample's arithmetic in float64.
import { type AxisTable, samplingTable } from './axis-table.js';
import { type Image, type Strided, strided } from './image.js';
import { sampleSeparable } from './resample-separable.js';
import { axisCoordinates, type SamplingGrid, unnormalise } from './sampling-grid.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';
import { asThreeAxes } from './voxel-layout.js';

export type Padding = 'border' | 'zeros';

/** Trilinear samples as a C-order float32 tensor, channel first. */
export async function sampleLinear(
  image: Image,
  grid: SamplingGrid,
  padding: Padding,
  threads: Threads,
): Promise<Float32Array> {
  const team = threads.seeing(image.data);
  const source = asThreeAxes(image);
  const [m0, m1, m2] = grid.newSizes;
  const result = team.zeros(Float32Array, image.channels * m0 * m1 * m2);
  if (grid.separable) {
    await sampleSeparable(source, samplingTables(grid, padding), result, team);
    return result;
  }
  const count = partsFor(team, m0, 1);
  await team.run('obliqueSamples', { image: strided(source), grid, padding, result, count }, count);
  return result;
}

/** What is filled plane by plane of the first new axis, each part of a job some planes, in every channel. */
export interface SamplesJob<Result> {
  readonly image: Strided;
  readonly grid: SamplingGrid;
  readonly padding: Padding;
  readonly result: Result;
  readonly count: number;
}

/** The tables of a separable grid, one an axis. */
export function samplingTables(grid: SamplingGrid, padding: Padding): [AxisTable, AxisTable, AxisTable] {
  return ([0, 1, 2] as const).map((axis) =>
    samplingTable(axisCoordinates(grid, axis), grid.oldSizes[axis], padding),
  ) as [AxisTable, AxisTable, AxisTable];
}

/** An old coordinate of a new voxel, with the additions in torch's order. */
export function coordinate(grid: SamplingGrid, axis: 0 | 1 | 2, x: number, y: number, z: number): number {
  const row = grid.theta[axis]!;
  const sum = grid.base[2][z]! * row[2]! + grid.base[1][y]! * row[1]! + grid.base[0][x]! * row[0]! + row[3]!;
  return unnormalise(sum, grid.oldSizes[axis]);
}

export const obliqueSamples = definePart({
  begin: ({ image, grid, padding, result, count }: SamplesJob<Float32Array>) => ({
    image,
    grid,
    result,
    count,
    corner: obliqueCorner(grid, padding),
  }),
  work({ image, grid, result, count, corner }, part) {
    const { data, strides, offset, channels } = image;
    const [m0, m1, m2] = grid.newSizes;
    const [from, end] = rangeOfPart(m0, count, part);
    for (let c = 0; c < channels; c++) {
      const start = offset + c * strides[0]!;
      const value = (at: number): number => data[start + at]!;
      let to = (c * m0 + from) * m1 * m2;
      for (let x = from; x < end; x++) {
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
  },
});

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
