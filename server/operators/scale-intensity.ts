// ScaleIntensity: the least and the greatest voxel to given values, or by a factor.

import { scaleExtremes } from '../imaging/intensity.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, onlyFloat32 } from './arguments.js';
import type { Operator } from './operator.js';

export const scaleIntensity: Operator = {
  name: 'ScaleIntensity',
  arguments: [
    { name: 'minv', defaultValue: 0 },
    { name: 'maxv', defaultValue: 1 },
    { name: 'factor', defaultValue: null },
    { name: 'channel_wise', defaultValue: false },
    { name: 'dtype', defaultValue: 'float32' },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    onlyFloat32(read, 'dtype');
    return {
      minv: read.numberOrNull('minv'),
      maxv: read.numberOrNull('maxv'),
      factor: read.numberOrNull('factor'),
      channel_wise: read.boolean('channel_wise'),
    };
  },

  apply(image, args) {
    const [minV, maxV, factor] = ['minv', 'maxv', 'factor'].map((name) => args[name] as number | null);
    return onVoxels(image, args['channel_wise'] as boolean, (voxels) => scaleExtremes(voxels, minV!, maxV!, factor!));
  },
};
