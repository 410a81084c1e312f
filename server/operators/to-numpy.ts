// ToNumpy: voxels lie in typed arrays anyhow; only a type that is asked for counts.
import { castVoxels } from '../imaging/cast.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

export const toNumpy: Operator = {
  name: 'ToNumpy',
  arguments: [
    { name: 'dtype', defaultValue: null },
    { name: 'wrap_sequence', defaultValue: true, ignored: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    return { dtype: voxelDtype(new ArgumentReader(args, place), 'dtype') };
  },

  apply(image, { dtype }) {
    return dtype === null ? image : castVoxels(image, dtype as Dtype);
  },
};
