// EnsureType: everything is a tensor here; what counts is a type that is asked for, and whether MONAI loses the place.

import { castVoxels } from '../imaging/cast.js';
import { withoutPlace } from './applied.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

export const ensureType: Operator = {
  name: 'EnsureType',
  arguments: [
    { name: 'data_type', defaultValue: 'tensor' },
    { name: 'dtype', defaultValue: null, perKey: true },
    { name: 'device', defaultValue: null, ignored: true },
    { name: 'wrap_sequence', defaultValue: true, ignored: true },
    { name: 'track_meta', defaultValue: null },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const bare = read.option('data_type', ['tensor', 'numpy']) === 'numpy';
    const tracked = read.value('track_meta') === null || read.boolean('track_meta');
    return { dtype: voxelDtype(read, 'dtype'), loses_place: bare || !tracked };
  },

  apply(image, { dtype, loses_place: losesPlace }) {
    const typed = dtype === null ? image : castVoxels(image, dtype as Dtype);
    return losesPlace ? withoutPlace(typed) : typed;
  },
};
