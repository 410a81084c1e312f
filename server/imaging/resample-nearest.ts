// The nearest old voxel of each new one, halves to the even index as in torch 2's grid_sample.
import { type Image, type Strided, strided, type VoxelArray } from './image.js';
import { roundHalfEven } from './matrices.js';
import { coordinate, type Padding } from './resample.js';
import { axisCoordinates, type SamplingGrid } from './sampling-grid.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';
import { asThreeAxes } from './voxel-layout.js';

/** Nearest neighbours in the image's own type; C order, channel first. Those outside are 0. */
export async function sampleNearest(
  image: Image,
  grid: SamplingGrid,
  padding: Padding,
  threads: Threads,
): Promise<VoxelArray> {
  const [m0, m1, m2] = grid.newSizes;
  const Kind = image.data.constructor as new (buffer: ArrayBufferLike) => VoxelArray;
  const team = threads.seeing(image.data);
  const result = team.zeros(Kind, image.channels * m0 * m1 * m2);
  const count = partsFor(team, m0, 1);
  const job = { image: strided(asThreeAxes(image)), grid, padding, result, count };
  await team.run(grid.aligned ? 'nearestAligned' : 'nearestOblique', job, count);
  return result;
}

/** Each part fills some planes of the first new axis, in every channel. */
export interface NearestJob {
  readonly image: Strided;
  readonly grid: SamplingGrid;
  readonly padding: Padding;
  readonly result: VoxelArray;
  readonly count: number;
}

type Axis = 0 | 1 | 2;

/** For axes that can be looked up one by one. */
export const nearestAligned = definePart({
  begin: ({ grid, padding, ...job }: NearestJob) => {
    const indices = (axis: Axis): Int32Array =>
      Int32Array.from(axisCoordinates(grid, axis), (value) => nearestIndex(value, grid.oldSizes[axis], padding));
    return { ...job, indices: [indices(0), indices(1), indices(2)] as const };
  },
  work({ image, indices: [i0, i1, i2], result, count }, part) {
    const { data, strides, offset, channels } = image;
    const [sc, s0, s1, s2] = strides as [number, number, number, number];
    const [m0, m1, m2] = [i0.length, i1.length, i2.length];
    const [from, end] = rangeOfPart(m0, count, part);
    for (let c = 0; c < channels; c++) {
      for (let x = from; x < end; x++) {
        for (let y = 0; y < m1; y++) {
          if (i0[x] === OUTSIDE || i1[y] === OUTSIDE) continue;
          const start = offset + c * sc + i0[x]! * s0 + i1[y]! * s1;
          copyRow(data, start, s2, i2, result, ((c * m0 + x) * m1 + y) * m2);
        }
      }
    }
  },
});

function copyRow(
  data: VoxelArray,
  start: number,
  step: number,
  indices: Int32Array,
  result: VoxelArray,
  to: number,
): void {
  for (let z = 0; z < indices.length; z++) {
    const index = indices[z]!;
    if (index !== OUTSIDE) result[to + z] = data[start + index * step]!;
  }
}

export const nearestOblique = definePart({
  begin: (job: NearestJob) => job,
  work({ image, grid, padding, result, count }, part) {
    const { data, strides, offset, channels } = image;
    const [m0, m1, m2] = grid.newSizes;
    const [from, end] = rangeOfPart(m0, count, part);
    let to = from * m1 * m2;
    for (let x = from; x < end; x++) {
      for (let y = 0; y < m1; y++) {
        for (let z = 0; z < m2; z++, to++) {
          const at = nearestPlace(grid, padding, strides, x, y, z);
          if (at === undefined) continue;
          for (let c = 0; c < channels; c++) result[c * m0 * m1 * m2 + to] = data[offset + c * strides[0]! + at]!;
        }
      }
    }
  },
});

/** In elements from a channel's first voxel; undefined outside. */
function nearestPlace(
  grid: SamplingGrid,
  padding: Padding,
  strides: readonly number[],
  x: number,
  y: number,
  z: number,
): number | undefined {
  let at = 0;
  for (let axis = 0; axis < 3; axis++) {
    const index = nearestIndex(coordinate(grid, axis as Axis, x, y, z), grid.oldSizes[axis as Axis], padding);
    if (index === OUTSIDE) return undefined;
    at += index * strides[axis + 1]!;
  }
  return at;
}

const OUTSIDE = -1;

function nearestIndex(place: number, size: number, padding: Padding): number {
  if (padding === 'border') return roundHalfEven(Math.min(Math.max(place, 0), size - 1));
  const index = roundHalfEven(place);
  return index >= 0 && index < size ? index : OUTSIDE;
}
