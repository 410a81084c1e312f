// Spacing: resamples to given voxel sizes, by MONAI's rules for the new grid.

import { affineOfAxes } from '../imaging/matrices.js';
import { planSpacing } from '../imaging/spacing.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Arguments, Operator, Outline } from './operator.js';
import { outlineOfResampling, planSampling, resample, resampleBack, type WorldGrid } from './resampling.js';

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

    const sampling = planSampling(read);
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
      ...sampling,
      scale_extent: read.boolean('scale_extent'),
      min_pixdim: read.numbersOrNull('min_pixdim'),
      max_pixdim: read.numbersOrNull('max_pixdim'),
    };
  },

  outline(image, args) {
    return outlineOfResampling(image, 'Spacing', newGrid(image, args));
  },
  apply(image, args, { threads }) {
    return resample(image, 'Spacing', newGrid(image, args), args, threads);
  },
  invert: resampleBack,
};

function newGrid({ sizes, affineRas }: Outline, args: Arguments): WorldGrid {
  return planSpacing(sizes, affineOfAxes(affineRas, sizes.length), {
    pixdim: args['pixdim'] as number[],
    diagonal: args['diagonal'] as boolean,
    scaleExtent: args['scale_extent'] as boolean,
    minPixdim: args['min_pixdim'] as number[] | null,
    maxPixdim: args['max_pixdim'] as number[] | null,
  });
}
