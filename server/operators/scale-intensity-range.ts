// ScaleIntensityRange: one range to another, clipped or not.
import { ArgumentReader, DICTIONARY_ARGUMENTS, onlyFloat32 } from './arguments.js';
import type { Operator } from './operator.js';

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
      b_min: read.numberOrNull('b_min'),
      b_max: read.numberOrNull('b_max'),
      clip: read.boolean('clip'),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
