// ShiftIntensity: a number added to every voxel; integers stay such, their fraction cut off.
import { castVoxels, holdsIntegers, integerType } from '../imaging/cast.js';
import { shift } from '../imaging/contrast.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const shiftIntensity: Operator = {
  name: 'ShiftIntensity',
  arguments: [
    { name: 'offset' },
    { name: 'safe', defaultValue: false, ignored: true },
    { name: 'factor_key', defaultValue: null, dictionaryOnly: true },
    { name: 'meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'meta_key_postfix', defaultValue: 'meta_dict', ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.mustBeUnset('factor_key', "a factor from the file's header is not supported", 'Write the number as offset.');
    return { offset: read.number('offset') };
  },

  apply(image, { offset }) {
    const shifted = onVoxels(image, false, (voxels) => shift(voxels, offset as number));
    return holdsIntegers(image) ? castVoxels(shifted, integerType(image.data)) : shifted;
  },
};
