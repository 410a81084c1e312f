// CenterSpatialCrop: to given sizes around the middle.
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator } from './operator.js';

export const centerSpatialCrop: Operator = {
  name: 'CenterSpatialCrop',
  arguments: [{ name: 'roi_size' }, LAZY, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    return { roi_size: read.integers('roi_size') };
  },
  apply() {
    throw new Error('not here yet');
  },
};
