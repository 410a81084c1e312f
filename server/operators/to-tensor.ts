// ToTensor: everything is a tensor here; what counts is a type that is asked for, and whether MONAI loses the place.
import { castVoxels } from '../imaging/cast.js';
import { withoutPlace } from './applied.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

export const toTensor: Operator = {
  name: 'ToTensor',
  arguments: [
    { name: 'dtype', defaultValue: null },
    { name: 'device', defaultValue: null, ignored: true },
    { name: 'wrap_sequence', defaultValue: true, ignored: true },
    { name: 'track_meta', defaultValue: null },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const tracked = read.value('track_meta') === null || read.boolean('track_meta');
    return { dtype: voxelDtype(read, 'dtype'), loses_place: !tracked };
  },

  apply(image, { dtype, loses_place: losesPlace }) {
    const typed = dtype === null ? image : castVoxels(image, dtype as Dtype);
    return losesPlace ? withoutPlace(typed) : typed;
  },
};
