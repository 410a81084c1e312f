// Resize: to given sizes, with the arithmetic of torch.nn.functional.interpolate.

import { sizesOfLongest, spread } from '../imaging/crop-pad.js';
import type { Image } from '../imaging/image.js';
import { type ResizeMode, resizeImage } from '../imaging/resize.js';
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator } from './operator.js';

const MODES = ['trilinear', 'bilinear', 'linear', 'nearest', 'nearest-exact', 'area'] as const;

export const resize: Operator = {
  name: 'Resize',
  arguments: [
    { name: 'spatial_size' },
    { name: 'size_mode', defaultValue: 'all' },
    { name: 'mode', defaultValue: 'area', perKey: true },
    { name: 'align_corners', defaultValue: null, perKey: true },
    { name: 'anti_aliasing', defaultValue: false, perKey: true },
    { name: 'anti_aliasing_sigma', defaultValue: null, ignored: true },
    { name: 'dtype', defaultValue: 'float32', ignored: true },
    LAZY,
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    if (read.boolean('anti_aliasing'))
      read.unsupported('anti_aliasing', 'anti-aliasing is not supported', 'Set it to false.');
    const sizeMode = read.option('size_mode', ['all', 'longest']);
    const size = read.integers('spatial_size');
    if (sizeMode === 'longest' && (size.length !== 1 || size[0]! < 1))
      read.invalid('spatial_size', 'one size, for "longest"');
    if (sizeMode === 'all' && (size.length < 2 || size.length > 3)) read.invalid('spatial_size', '2 or 3 sizes');
    const asked = read.option('mode', MODES, ['bicubic']);
    const mode = asked.endsWith('linear') ? 'linear' : asked;
    const alignCorners = read.boolean('align_corners');
    if (alignCorners && mode !== 'linear') read.invalid('align_corners', 'null, unless the mode is linear');
    return { spatial_size: size, size_mode: sizeMode, mode, align_corners: alignCorners };
  },

  apply(image, args) {
    const wanted = args['spatial_size'] as number[];
    const sizes = args['size_mode'] === 'longest' ? sizesOfLongest(image.sizes, wanted[0]!) : sizesFor(image, wanted);
    const [mode, alignCorners] = [args['mode'] as ResizeMode, args['align_corners'] as boolean];
    return after(image, 'Resize', { mode, alignCorners }, resizeImage(image, sizes, mode, alignCorners));
  },
  invert(image, operation, { nearestInterp }) {
    const { sizesBefore, affineRasBefore, notes } = operation;
    const mode = nearestInterp ? 'nearest' : (notes['mode'] as ResizeMode);
    const alignCorners = !nearestInterp && (notes['alignCorners'] as boolean);
    return { ...image, ...resizeImage(image, sizesBefore, mode, alignCorners), affineRas: affineRasBefore };
  },
};

function sizesFor(image: Image, wanted: readonly number[]): number[] {
  if (wanted.length !== image.sizes.length) {
    throw new RangeError(`spatial_size has ${wanted.length} sizes, the image ${image.sizes.length} axes`);
  }
  return image.sizes.map((_, axis) => spread(wanted, axis, image.sizes));
}
