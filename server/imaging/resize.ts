// Resizing to given sizes by each of torch.nn.functional.interpolate's modes that MONAI bundles use.
import { nearestTable } from './axis-table.js';
import type { Image, VoxelArray } from './image.js';
import { affineAfter, identity } from './matrices.js';
import { resizeCubic } from './resize-cubic.js';
import { resizeLinear } from './resize-linear.js';
import type { Threads } from './threads.js';
import { asThreeAxes, cOrderStrides, newArrayLike, voxelsOf } from './voxel-layout.js';

export type ResizeMode = 'linear' | 'nearest' | 'nearest-exact' | 'area' | 'bicubic';

/** What changes about an image that is resized. Nothing when it has the sizes already. */
export async function resizeImage(
  image: Image,
  sizes: readonly number[],
  mode: ResizeMode,
  alignCorners: boolean,
  threads: Threads,
): Promise<Partial<Image>> {
  const resized = resizedGrid(image, sizes, alignCorners);
  if (!resized.sizes) return {};
  const data = await resizeVoxels(image, sizes, mode, alignCorners, threads);
  return { ...resized, data, strides: cOrderStrides(sizes), offset: 0, owned: true };
}

/** The sizes and the affine that change. */
export function resizedGrid(
  image: Pick<Image, 'sizes' | 'affineRas'>,
  sizes: readonly number[],
  alignCorners: boolean,
): Partial<Pick<Image, 'sizes' | 'affineRas'>> {
  if (sizes.every((size, axis) => size === image.sizes[axis])) return {};
  return { sizes, affineRas: affineAfter(image.affineRas, scaling(image.sizes, sizes, alignCorners)) };
}

/** MONAI's `scale_affine`: from new voxel indices to old ones, around the centre. */
function scaling(oldSizes: readonly number[], newSizes: readonly number[], alignCorners: boolean): number[][] {
  const axes = oldSizes.length;
  const scale = identity(axes + 1);
  for (let axis = 0; axis < axes; axis++) {
    const [from, to] = [oldSizes[axis]!, newSizes[axis]!];
    const factor = !alignCorners ? from / to : to === 1 ? 0 : (from - 1) / (to - 1);
    scale[axis]![axis] = factor;
    scale[axis]![axes] = alignCorners ? 0 : (factor - 1) / 2;
  }
  return scale;
}

/** The resized voxels as a C-order tensor, channel first: float32, or the image's own type for nearest neighbours. */
export async function resizeVoxels(
  image: Image,
  newSizes: readonly number[],
  mode: ResizeMode,
  alignCorners: boolean,
  threads: Threads,
): Promise<VoxelArray> {
  if (mode === 'linear') return await resizeLinear(image, newSizes, alignCorners, threads);
  if (mode === 'area') return resizeArea(image, newSizes);
  if (mode === 'bicubic') return resizeCubic(image, newSizes, alignCorners);
  return resizeNearest(image, newSizes, mode === 'nearest-exact');
}

function resizeNearest(image: Image, newSizes: readonly number[], exact: boolean): VoxelArray {
  const { sizes, strides, offset, data, channels } = asThreeAxes(image);
  const ends = [...new Array<number>(3 - newSizes.length).fill(1), ...newSizes];
  const [t0, t1, t2] = sizes.map((size, axis) =>
    nearestTable(size, ends[axis]!, exact).map((index) => index * strides[axis + 1]!),
  ) as [Int32Array, Int32Array, Int32Array];
  const result = newArrayLike(data, channels * voxelsOf(newSizes));
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (let x = 0; x < t0.length; x++) {
      for (let y = 0; y < t1.length; y++) {
        const from = offset + c * strides[0]! + t0[x]! + t1[y]!;
        for (let z = 0; z < t2.length; z++) result[to++] = data[from + t2[z]!]!;
      }
    }
  }
  return result;
}

/** Means over windows, summed and divided in float32 in torch's order (adaptive_avg_pool). */
function resizeArea(image: Image, newSizes: readonly number[]): Float32Array {
  const { sizes, strides, offset, data, channels } = asThreeAxes(image);
  const ends = [...new Array<number>(3 - newSizes.length).fill(1), ...newSizes];
  const [w0, w1, w2] = sizes.map((size, axis) => windows(size, ends[axis]!)) as [Windows, Windows, Windows];
  const [sc, s0, s1, s2] = strides as [number, number, number, number];
  const result = new Float32Array(channels * voxelsOf(newSizes));
  const { fround } = Math;
  let to = 0;
  for (let c = 0; c < channels; c++) {
    for (const [x0, x1] of w0) {
      for (const [y0, y1] of w1) {
        for (const [z0, z1] of w2) {
          let sum = 0;
          for (let x = x0; x < x1; x++) {
            for (let y = y0; y < y1; y++) {
              let from = offset + c * sc + x * s0 + y * s1 + z0 * s2;
              for (let z = z0; z < z1; z++, from += s2) sum = fround(sum + data[from]!);
            }
          }
          result[to++] = fround(fround(sum / (z1 - z0)) / (y1 - y0)) / (x1 - x0);
        }
      }
    }
  }
  return result;
}

type Windows = readonly (readonly [number, number])[];

function windows(oldSize: number, newSize: number): Windows {
  return Array.from({ length: newSize }, (_, o) => [
    Math.floor((o * oldSize) / newSize),
    Math.ceil(((o + 1) * oldSize) / newSize),
  ]);
}
