// Cropping (a change of strides) and padding (a copy), with the amounts that MONAI works out.
import { holdsIntegers } from './cast.js';
import type { Image } from './image.js';
import { affineAfter, identity, roundHalfEven } from './matrices.js';
import { type LineMode, padLines } from './pad-lines.js';
import { cOrderStrides, copyVoxels, newArrayLike, voxelsOf } from './voxel-layout.js';

type CopyMode = 'replicate' | 'reflect' | 'circular' | 'symmetric';
export type PadMode = 'constant' | CopyMode | LineMode;

/** Voxels before and behind, for each axis. */
export type Margins = readonly (readonly [number, number])[];

/** The part of an image that is left when `margins` are cut off. The affine follows. */
export function crop(image: Image, margins: Margins): Image {
  const sizes = image.sizes.map((size, axis) => Math.max(0, size - margins[axis]![0] - margins[axis]![1]));
  const offset = margins.reduce((sum, [low], axis) => sum + low * image.strides[axis + 1]!, image.offset);
  return {
    ...image,
    sizes,
    offset,
    affineRas: shifted(
      image,
      margins.map(([low]) => low),
    ),
  };
}

/** The image with `margins` around it. The affine follows. @throws RangeError when there is too little to reflect. */
export function pad(image: Image, margins: Margins, mode: PadMode, value: number): Image {
  if (margins.every(([low, high]) => low === 0 && high === 0)) return image;
  const { sizes, affineRas } = paddedSizes(image, margins);
  const strides = cOrderStrides(sizes);
  const kept = mode === 'constant' ? Number.isInteger(value) && value >= 0 && value <= 127 : isCopyMode(mode);
  const fits = kept || holdsIntegers(image);
  const length = image.channels * voxelsOf(sizes);
  const data = fits ? newArrayLike(image.data, length) : new Float32Array(length);
  if (mode === 'constant' && value !== 0) data.fill(value);
  const inside = margins.reduce((sum, [low], axis) => sum + low * strides[axis + 1]!, 0);
  if (isCopyMode(mode)) {
    fillFrom(image, data, sizes, margins, mode);
  } else {
    copyVoxels(image, data, strides, inside);
    if (mode !== 'constant') padLines(data, image.channels, sizes, margins, mode);
  }
  return { ...image, sizes, data, strides, offset: 0, affineRas, owned: true };
}

/** Sizes and affine of an image with `margins` around it. */
export function paddedSizes(image: Image, margins: Margins): Pick<Image, 'sizes' | 'affineRas'> {
  return {
    sizes: image.sizes.map((size, axis) => size + margins[axis]![0] + margins[axis]![1]),
    affineRas: shifted(
      image,
      margins.map(([low]) => -low),
    ),
  };
}

/** MONAI's BorderPad: one number for all, one for each axis, or two for each. @throws RangeError for another count */
export function marginsOfBorder(axes: number, border: readonly number[]): Margins {
  const widths = border.map((width) => Math.max(width, 0));
  if (![1, axes, 2 * axes].includes(widths.length)) {
    throw new RangeError(`${widths.length} numbers for the border of ${axes} axes: 1, ${axes} or ${2 * axes}`);
  }
  return Array.from({ length: axes }, (_, axis) => {
    if (widths.length === 2 * axes && axes > 0) return [widths[2 * axis]!, widths[2 * axis + 1]!] as const;
    const width = widths.length === 1 ? widths[0]! : widths[axis]!;
    return [width, width] as const;
  });
}

/** MONAI's SpatialPad: half before, the rest behind; or all behind. Sizes of 0 or less ask for nothing. */
export function marginsToSize(sizes: readonly number[], wanted: readonly number[], symmetric: boolean): Margins {
  return sizes.map((size, axis) => {
    const width = Math.max(spread(wanted, axis, sizes) - size, 0);
    const low = symmetric ? Math.floor(width / 2) : 0;
    return [low, width - low];
  });
}

/** MONAI's CenterSpatialCrop. */
export function marginsToCenter(sizes: readonly number[], wanted: readonly number[]): Margins {
  return sizes.map((size, axis) => {
    const roi = spread(wanted, axis, sizes);
    const start = Math.max(Math.floor(size / 2) - Math.floor(roi / 2), 0);
    return [Math.min(start, size), Math.max(size - start - roi, 0)];
  });
}

/** The next sizes that can be divided by `k`. */
export function divisibleSizes(sizes: readonly number[], k: readonly number[]): number[] {
  return sizes.map((size, axis) => {
    const divisor = k.length === 1 ? k[0]! : (k[axis] ?? 0);
    return divisor > 0 ? Math.ceil(size / divisor) * divisor : size;
  });
}

/** Sizes by MONAI's `fall_back_tuple`: one for all axes, and the image's own where it is 0 or less. */
export function spread(wanted: readonly number[], axis: number, sizes: readonly number[]): number {
  const value = wanted.length === 1 ? wanted[0]! : (wanted[axis] ?? 0);
  return value > 0 ? value : sizes[axis]!;
}

/** MONAI's sizes for `size_mode="longest"`. */
export function sizesOfLongest(sizes: readonly number[], longest: number): number[] {
  const scale = longest / Math.max(...sizes);
  return sizes.map((size) => roundHalfEven(size * scale));
}

function shifted(image: Image, by: readonly number[]): Image['affineRas'] {
  const axes = by.length;
  const step = identity(axes + 1);
  by.forEach((shift, axis) => {
    step[axis]![axes] = shift;
  });
  return affineAfter(image.affineRas, step);
}

/** Copies the nearest voxel, the mirrored one or the one a turn away, axis by axis through tables of indices. */
function fillFrom(image: Image, data: Image['data'], sizes: readonly number[], margins: Margins, mode: CopyMode): void {
  const tables = sizes.map((size, axis) =>
    Int32Array.from({ length: size }, (_, o) => {
      const index = sourceIndex(o - margins[axis]![0], image.sizes[axis]!, mode);
      return index * image.strides[axis + 1]!;
    }),
  );
  const [t0, t1, t2] = [...Array.from({ length: 3 - tables.length }, () => Int32Array.of(0)), ...tables];
  let to = 0;
  for (let c = 0; c < image.channels; c++) {
    const start = image.offset + c * image.strides[0]!;
    for (const x of t0!) {
      for (const y of t1!) for (const z of t2!) data[to++] = image.data[start + x + y + z]!;
    }
  }
}

function isCopyMode(mode: PadMode): mode is CopyMode {
  return mode === 'replicate' || mode === 'reflect' || mode === 'circular' || mode === 'symmetric';
}

function sourceIndex(index: number, size: number, mode: CopyMode): number {
  if (mode === 'symmetric') {
    const place = ((index % (2 * size)) + 2 * size) % (2 * size);
    return place < size ? place : 2 * size - 1 - place;
  }
  if (mode === 'replicate') return Math.min(Math.max(index, 0), size - 1);
  if (mode === 'circular') return ((index % size) + size) % size;
  if (index <= -size || index > 2 * size - 2) throw new RangeError('reflected padding as wide as the image or wider');
  return index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index;
}
