// SaveImage: the edge where an answer leaves. The runner writes it; what is left is its type.

import { castVoxels, scaleToInteger } from '../imaging/cast.js';
import { affineOfAxes } from '../imaging/matrices.js';
import { resampleToGrid, type Sampling } from '../imaging/resample-to-grid.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const saveImage: Operator = {
  name: 'SaveImage',
  arguments: [
    { name: 'output_dir', defaultValue: './', ignored: true },
    { name: 'output_postfix', defaultValue: 'trans', ignored: true },
    { name: 'output_ext', defaultValue: '.nii.gz', ignored: true },
    { name: 'output_dtype', defaultValue: 'float32' },
    { name: 'resample', defaultValue: false },
    { name: 'mode', defaultValue: 'nearest' },
    { name: 'padding_mode', defaultValue: 'border' },
    { name: 'scale', defaultValue: null },
    { name: 'dtype', defaultValue: 'float64', ignored: true },
    { name: 'squeeze_end_dims', defaultValue: true, ignored: true },
    { name: 'data_root_dir', defaultValue: '', ignored: true },
    { name: 'separate_folder', defaultValue: true, ignored: true },
    { name: 'print_log', defaultValue: true, ignored: true },
    { name: 'output_format', defaultValue: '', ignored: true },
    { name: 'writer', defaultValue: null, ignored: true },
    { name: 'channel_dim', defaultValue: 0 },
    { name: 'output_name_formatter', defaultValue: null, ignored: true },
    { name: 'folder_layout', defaultValue: null, ignored: true },
    { name: 'savepath_in_metadict', defaultValue: false, ignored: true },
    { name: 'meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'meta_key_postfix', defaultValue: 'meta_dict', ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    const channelDim = read.integerOrNull('channel_dim');
    if (channelDim !== 0) read.unsupported('channel_dim', 'another channel axis than the first', 'Use 0.');
    const scale = read.integerOrNull('scale');
    if (scale !== null && scale !== 255 && scale !== 65535) read.invalid('scale', '255, 65535 or null');
    const resample = read.boolean('resample');
    return {
      output_dtype: read.dtype('output_dtype'),
      resample,
      mode: resample ? read.option('mode', ['nearest', 'bilinear'], ['bicubic', 'area']) : 'nearest',
      padding_mode: resample ? read.option('padding_mode', ['border', 'zeros'], ['reflection']) : 'border',
      scale,
    };
  },

  async apply(image, args, { threads }) {
    const first = image.applied[0];
    const sampling: Sampling = {
      mode: args['mode'] as Sampling['mode'],
      padding: args['padding_mode'] as Sampling['padding'],
    };
    const placed =
      args['resample'] && first
        ? {
            ...image,
            ...(await resampleToGrid(
              image,
              affineOfAxes(first.affineRasBefore, image.sizes.length),
              first.sizesBefore,
              sampling,
              threads,
            )),
            affineRas: first.affineRasBefore,
          }
        : image;
    const scale = args['scale'] as number | null;
    if (scale !== null) return scaleToInteger(placed, scale);
    const dtype = args['output_dtype'] as Dtype | null;
    // Labels that stand for float32 leave as the integers they are.
    return dtype === null || dtype.startsWith('float') ? placed : castVoxels(placed, dtype);
  },
};
