// CastToType: voxels as another type has them.

import { castVoxels } from '../imaging/cast.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

export const castToType: Operator = {
  name: 'CastToType',
  arguments: [{ name: 'dtype', defaultValue: 'float32', perKey: true }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { dtype: voxelDtype(read, 'dtype') };
  },

  apply(image, { dtype }) {
    return dtype === null ? image : castVoxels(image, dtype as Dtype);
  },
};
