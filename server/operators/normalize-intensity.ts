// NormalizeIntensity: mean to 0, standard deviation to 1, or by given numbers.

import { normalise } from '../imaging/intensity.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, onlyFloat32 } from './arguments.js';
import type { Operator } from './operator.js';

export const normalizeIntensity: Operator = {
  name: 'NormalizeIntensity',
  arguments: [
    { name: 'subtrahend', defaultValue: null },
    { name: 'divisor', defaultValue: null },
    { name: 'nonzero', defaultValue: false },
    { name: 'channel_wise', defaultValue: false },
    { name: 'dtype', defaultValue: 'float32' },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    onlyFloat32(read, 'dtype');
    const channelWise = read.boolean('channel_wise');
    const [subtrahend, divisor] = ['subtrahend', 'divisor'].map((name) => {
      const list = read.numbersOrNull(name);
      const isList = Array.isArray(read.value(name));
      if (list !== null && isList !== channelWise) {
        read.invalid(name, channelWise ? 'a list with a number for each channel' : 'one number');
      }
      return list;
    });
    return { subtrahend: subtrahend!, divisor: divisor!, nonzero: read.boolean('nonzero'), channel_wise: channelWise };
  },

  apply(image, args) {
    const [subtrahend, divisor] = ['subtrahend', 'divisor'].map((name) => args[name] as number[] | null);
    const channelWise = args['channel_wise'] as boolean;
    for (const list of [subtrahend, divisor]) {
      if (channelWise && list && list.length !== image.channels) {
        throw new RangeError(`${list.length} numbers for an image of ${image.channels} channels`);
      }
    }
    return onVoxels(image, channelWise, (voxels, channel) =>
      normalise(voxels, subtrahend?.[channel] ?? null, divisor?.[channel] ?? null, args['nonzero'] as boolean),
    );
  },
};
