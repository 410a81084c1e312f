// ScaleIntensityRangePercentiles: from two percentiles of the image to a range.

import { scaleRangePercentiles } from '../imaging/intensity.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, onlyFloat32 } from './arguments.js';
import type { Operator } from './operator.js';
import { planRange, rangeOptions } from './scale-intensity-range.js';

export const scaleIntensityRangePercentiles: Operator = {
  name: 'ScaleIntensityRangePercentiles',
  arguments: [
    { name: 'lower' },
    { name: 'upper' },
    { name: 'b_min' },
    { name: 'b_max' },
    { name: 'clip', defaultValue: false },
    { name: 'relative', defaultValue: false },
    { name: 'channel_wise', defaultValue: false },
    { name: 'dtype', defaultValue: 'float32' },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    onlyFloat32(read, 'dtype');
    for (const name of ['lower', 'upper']) {
      if (read.number(name) < 0 || read.number(name) > 100) read.invalid(name, 'a percentage from 0 to 100');
    }
    const relative = read.boolean('relative');
    if (relative) for (const name of ['b_min', 'b_max']) read.number(name);
    return {
      lower: read.number('lower'),
      upper: read.number('upper'),
      ...planRange(read),
      relative,
      channel_wise: read.boolean('channel_wise'),
    };
  },

  apply(image, args) {
    const options = rangeOptions(args);
    const [lower, upper] = [args['lower'] as number, args['upper'] as number];
    const relative = args['relative'] as boolean;
    return onVoxels(image, args['channel_wise'] as boolean, (voxels) =>
      scaleRangePercentiles(voxels, lower, upper, relative, options),
    );
  },
};
