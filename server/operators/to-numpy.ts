// ToNumpy: voxels lie in typed arrays anyhow; what counts is a type that is asked for, and that the place is lost.
import { castVoxels } from '../imaging/cast.js';
import { withoutPlace } from './applied.js';
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
    return withoutPlace(dtype === null ? image : castVoxels(image, dtype as Dtype));
  },
};
