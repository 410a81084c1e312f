// AdjustContrast: intensities along a power curve between the least and the greatest.
import { adjustContrast as adjust } from '../imaging/contrast.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const adjustContrast: Operator = {
  name: 'AdjustContrast',
  arguments: [
    { name: 'gamma' },
    { name: 'invert_image', defaultValue: false },
    { name: 'retain_stats', defaultValue: false },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return {
      gamma: read.number('gamma'),
      invert_image: read.boolean('invert_image'),
      retain_stats: read.boolean('retain_stats'),
    };
  },

  apply(image, args) {
    const contrast = {
      gamma: args['gamma'] as number,
      invert: args['invert_image'] as boolean,
      retainStats: args['retain_stats'] as boolean,
    };
    return onVoxels(image, false, (voxels) => adjust(voxels, contrast));
  },
};
