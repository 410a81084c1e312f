// Spacing: resamples to given voxel sizes, by MONAI's rules for the new grid.
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
    return {
      pixdim: read.numbers('pixdim'),
      diagonal: read.boolean('diagonal'),
      mode: read.option('mode', ['bilinear', 'nearest'], ['bicubic']),
      padding_mode: read.option('padding_mode', ['border', 'zeros'], ['reflection']),
      scale_extent: read.boolean('scale_extent'),
      recompute_affine: read.boolean('recompute_affine'),
      min_pixdim: read.numbersOrNull('min_pixdim'),
      max_pixdim: read.numbersOrNull('max_pixdim'),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
