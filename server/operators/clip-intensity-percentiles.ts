// ClipIntensityPercentiles: what lies beyond two percentiles of the image is moved to them.
import { percentiles } from '../imaging/percentiles.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, onlyFloat32 } from './arguments.js';
import type { Operator } from './operator.js';

export const clipIntensityPercentiles: Operator = {
  name: 'ClipIntensityPercentiles',
  arguments: [
    { name: 'lower' },
    { name: 'upper' },
    { name: 'sharpness_factor', defaultValue: null },
    { name: 'channel_wise', defaultValue: false },
    { name: 'return_clipping_values', defaultValue: false, ignored: true },
    { name: 'dtype', defaultValue: 'float32' },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    onlyFloat32(read, 'dtype');
    read.mustBeUnset('sharpness_factor', 'soft clipping is not supported', 'Leave it out.');
    const [lower, upper] = [read.numberOrNull('lower'), read.numberOrNull('upper')];
    if (lower === null && upper === null) read.invalid('lower', 'a percentage, or one as upper');
    for (const name of ['lower', 'upper']) {
      const value = read.numberOrNull(name);
      if (value !== null && (value < 0 || value > 100)) read.invalid(name, 'a percentage from 0 to 100');
    }
    if ((lower ?? 0) > (upper ?? 100)) read.invalid('upper', 'as much as lower, or more');
    return { lower: lower ?? 0, upper: upper ?? 100, channel_wise: read.boolean('channel_wise') };
  },

  apply(image, { lower, upper, channel_wise: channelWise }) {
    return onVoxels(image, channelWise as boolean, (voxels) => {
      const [least, most] = percentiles(voxels, [lower as number, upper as number]) as [number, number];
      for (let i = 0; i < voxels.length; i++) voxels[i] = Math.min(Math.max(voxels[i]!, least), most);
    });
  },
};
