// CastToType: voxels as another type has them.
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

export const castToType: Operator = {
  name: 'CastToType',
  arguments: [{ name: 'dtype', defaultValue: 'float32', perKey: true }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { dtype: voxelDtype(read, 'dtype') };
  },
  apply() {
    throw new Error('not here yet');
  },
};
