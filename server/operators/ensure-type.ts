// EnsureType: everything is a tensor here; only a type that is asked for counts.

import { castVoxels } from '../imaging/cast.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

export const ensureType: Operator = {
  name: 'EnsureType',
  arguments: [
    { name: 'data_type', defaultValue: 'tensor', ignored: true },
    { name: 'dtype', defaultValue: null, perKey: true },
    { name: 'device', defaultValue: null, ignored: true },
    { name: 'wrap_sequence', defaultValue: true, ignored: true },
    { name: 'track_meta', defaultValue: null, ignored: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { dtype: voxelDtype(read, 'dtype') };
  },

  apply(image, { dtype }) {
    return dtype === null ? image : castVoxels(image, dtype as Dtype);
  },
};
