// Resize: to given sizes, with the arithmetic of torch.nn.functional.interpolate.

import { sizesOfLongest, spread } from '../imaging/crop-pad.js';
import type { AppliedOperation, Image } from '../imaging/image.js';
import { type ResizeMode, resizedGrid, resizeImage } from '../imaging/resize.js';
import { smoothGaussian } from '../imaging/smoothing.js';
import { after, withTensor } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Arguments, InvertOptions, Operator, Outline } from './operator.js';
import { outlined } from './outline.js';
import { perAxis } from './per-axis.js';

const MODES = ['trilinear', 'bilinear', 'linear', 'nearest', 'nearest-exact', 'area', 'bicubic'] as const;

export const resize: Operator = {
  name: 'Resize',
  arguments: [
    { name: 'spatial_size' },
    { name: 'size_mode', defaultValue: 'all' },
    { name: 'mode', defaultValue: 'area', perKey: true },
    { name: 'align_corners', defaultValue: null, perKey: true },
    { name: 'anti_aliasing', defaultValue: false, perKey: true },
    { name: 'anti_aliasing_sigma', defaultValue: null, perKey: true },
    { name: 'dtype', defaultValue: 'float32', ignored: true },
    LAZY,
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    const sizeMode = read.option('size_mode', ['all', 'longest']);
    const size = read.integers('spatial_size');
    if (sizeMode === 'longest' && (size.length !== 1 || size[0]! < 1))
      read.invalid('spatial_size', 'one size, for "longest"');
    if (sizeMode === 'all' && (size.length < 2 || size.length > 3)) read.invalid('spatial_size', '2 or 3 sizes');
    if (size.length > 2 && read.value('mode') === 'bicubic') read.invalid('mode', 'another mode, for three axes');
    return {
      spatial_size: size,
      size_mode: sizeMode,
      ...resizeMode(read),
      anti_aliasing: read.boolean('anti_aliasing'),
      anti_aliasing_sigma: read.numbersOrNull('anti_aliasing_sigma'),
    };
  },

  outline(image, args) {
    const grid = resizedGrid(image, newSizes(image, args), args['align_corners'] as boolean);
    return after(outlined(image), 'Resize', {}, grid);
  },
  async apply(image, args, { threads }) {
    const sizes = newSizes(image, args);
    const [mode, alignCorners] = [args['mode'] as ResizeMode, args['align_corners'] as boolean];
    const smooth = args['anti_aliasing']
      ? smoothed(image, sizes, args['anti_aliasing_sigma'] as number[] | null)
      : image;
    const resized = await resizeImage(smooth, sizes, mode, alignCorners, threads);
    return after(image, 'Resize', { mode, alignCorners }, { ...resized, integers: false });
  },
  invert: resizeBack,
};

/** Takes a resizing back, by the same interpolation or by nearest neighbours. */
export async function resizeBack(
  image: Image,
  operation: AppliedOperation,
  { nearestInterp, threads }: InvertOptions,
): Promise<Image> {
  const { sizesBefore, notes } = operation;
  const mode = nearestInterp ? 'nearest' : (notes['mode'] as ResizeMode);
  const alignCorners = !nearestInterp && (notes['alignCorners'] as boolean);
  const resized = await resizeImage(image, sizesBefore, mode, alignCorners, threads);
  const affineRas = affineThereAndBack(operation, image.sizes, alignCorners);
  return { ...image, ...resized, affineRas, integers: false };
}

/**
 * The affine before a resizing, as MONAI comes back to it: scaled there and back again. That differs where corners were
 * aligned on the way there and are not on the way back, since nearest neighbours know no corners.
 */
function affineThereAndBack(
  { sizesBefore, affineRasBefore, notes }: AppliedOperation,
  sizes: readonly number[],
  alignCorners: boolean,
): Image['affineRas'] {
  if (notes['alignCorners'] === alignCorners) return affineRasBefore;
  const before = { sizes: sizesBefore, affineRas: affineRasBefore };
  const there = { ...before, ...resizedGrid(before, sizes, notes['alignCorners'] as boolean) };
  return resizedGrid(there, sizesBefore, alignCorners).affineRas ?? affineRasBefore;
}

/** An interpolation by one of torch's names, without the number of axes: `linear` for `trilinear`. */
export function resizeMode(read: ArgumentReader): { readonly mode: ResizeMode; readonly align_corners: boolean } {
  const asked = read.option('mode', MODES);
  const mode = asked.endsWith('linear') ? 'linear' : (asked as ResizeMode);
  const alignCorners = read.boolean('align_corners');
  if (alignCorners && mode !== 'linear' && mode !== 'bicubic') {
    read.invalid('align_corners', 'null, unless the mode is linear');
  }
  return { mode, align_corners: alignCorners };
}

function newSizes(image: Outline, args: Arguments): number[] {
  const wanted = args['spatial_size'] as number[];
  if (args['size_mode'] === 'longest') return sizesOfLongest(image.sizes, wanted[0]!);
  if (wanted.length !== image.sizes.length) {
    throw new RangeError(`spatial_size has ${wanted.length} sizes, the image ${image.sizes.length} axes`);
  }
  return image.sizes.map((_, axis) => spread(wanted, axis, image.sizes));
}

/** Smoothed along the axes that shrink: by given sigmas, or by half of what the voxels grow. */
function smoothed(image: Image, sizes: readonly number[], sigma: readonly number[] | null): Image {
  const { fround } = Math;
  if (sizes.every((size, axis) => size >= image.sizes[axis]!)) return image;
  const factors = sizes.map((size, axis) => fround(image.sizes[axis]! / size));
  const given = sigma && perAxis(sigma, sizes.length, 'anti_aliasing_sigma');
  const sigmas = factors.map((factor, axis) =>
    given ? (factor > 1 ? given[axis]! : 0) : Math.max(0, fround(fround(factor - 1) / 2)),
  );
  return withTensor(image, (tensor) => smoothGaussian(tensor, image.channels, image.sizes, sigmas, 'erf'));
}
