// Spacing: resamples to given voxel sizes, by MONAI's rules for the new grid.

import { affineOfAxes } from '../imaging/matrices.js';
import { resampleToGrid, type Sampling } from '../imaging/resample-to-grid.js';
import { planSpacing } from '../imaging/spacing.js';
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator } from './operator.js';

export const spacing: Operator = {
  name: 'Spacing',
  arguments: [
    { name: 'pixdim' },
    { name: 'diagonal', defaultValue: false },
    { name: 'mode', defaultValue: 'bilinear', perKey: true },
    { name: 'padding_mode', defaultValue: 'border', perKey: true },
    { name: 'align_corners', defaultValue: false, perKey: true },
    { name: 'dtype', defaultValue: 'float64', ignored: true },
    { name: 'scale_extent', defaultValue: false },
    { name: 'recompute_affine', defaultValue: false },
    { name: 'min_pixdim', defaultValue: null },
    { name: 'max_pixdim', defaultValue: null },
    LAZY,
    { name: 'ensure_same_shape', defaultValue: true, ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    if (read.boolean('align_corners')) {
      read.unsupported(
        'align_corners',
        'align_corners true is not supported',
        'MONAI itself shifts voxels there: use false.',
      );
    }
    if (typeof read.value('mode') === 'number')
      read.unsupported('mode', 'spline orders are not supported', 'Use "bilinear".');
    if (read.boolean('recompute_affine')) {
      read.unsupported(
        'recompute_affine',
        'recompute_affine is not supported',
        "It loses the image's place: use false.",
      );
    }
    return {
      pixdim: read.numbers('pixdim'),
      diagonal: read.boolean('diagonal'),
      mode: read.option('mode', ['bilinear', 'nearest'], ['bicubic']),
      padding_mode: read.option('padding_mode', ['border', 'zeros'], ['reflection']),
      scale_extent: read.boolean('scale_extent'),
      min_pixdim: read.numbersOrNull('min_pixdim'),
      max_pixdim: read.numbersOrNull('max_pixdim'),
    };
  },

  apply(image, args) {
    const axes = image.sizes.length;
    const { sizes, affine } = planSpacing(image.sizes, affineOfAxes(image.affineRas, axes), {
      pixdim: args['pixdim'] as number[],
      diagonal: args['diagonal'] as boolean,
      scaleExtent: args['scale_extent'] as boolean,
      minPixdim: args['min_pixdim'] as number[] | null,
      maxPixdim: args['max_pixdim'] as number[] | null,
    });
    const sampling: Sampling = {
      mode: args['mode'] as Sampling['mode'],
      padding: args['padding_mode'] as Sampling['padding'],
    };
    return after(image, 'Spacing', { ...sampling }, resampleToGrid(image, affine, sizes, sampling));
  },
  invert(image, operation, { nearestInterp }) {
    const { sizesBefore, affineRasBefore, notes } = operation;
    const sampling: Sampling = {
      mode: nearestInterp ? 'nearest' : (notes['mode'] as Sampling['mode']),
      padding: notes['padding'] as Sampling['padding'],
    };
    const affine = affineOfAxes(affineRasBefore, image.sizes.length);
    const back = resampleToGrid(image, affine, sizesBefore, sampling);
    return { ...image, ...back, affineRas: affineRasBefore };
  },
};
