// ScaleIntensityRange: one range to another, clipped or not.

import { type RangeOptions, scaleRange } from '../imaging/intensity.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, onlyFloat32 } from './arguments.js';
import type { Arguments, Operator } from './operator.js';

export const scaleIntensityRange: Operator = {
  name: 'ScaleIntensityRange',
  arguments: [
    { name: 'a_min' },
    { name: 'a_max' },
    { name: 'b_min', defaultValue: null },
    { name: 'b_max', defaultValue: null },
    { name: 'clip', defaultValue: false },
    { name: 'dtype', defaultValue: 'float32' },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    onlyFloat32(read, 'dtype');
    return {
      a_min: read.number('a_min'),
      a_max: read.number('a_max'),
      ...planRange(read),
    };
  },

  apply(image, args) {
    const options = rangeOptions(args);
    const [aMin, aMax] = [args['a_min'] as number, args['a_max'] as number];
    return onVoxels(image, false, (voxels) => scaleRange(voxels, aMin, aMax, options));
  },
};

/** `b_min`, `b_max` and `clip`: the range that intensities come to. */
export function planRange(read: ArgumentReader): Arguments {
  return { b_min: read.numberOrNull('b_min'), b_max: read.numberOrNull('b_max'), clip: read.boolean('clip') };
}

/** The same from planned arguments. */
export function rangeOptions(args: Arguments): RangeOptions {
  return {
    bMin: args['b_min'] as number | null,
    bMax: args['b_max'] as number | null,
    clip: args['clip'] as boolean,
  };
}
