// SpatialPad: up to given sizes.
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import type { Operator } from './operator.js';

export const spatialPad: Operator = {
  name: 'SpatialPad',
  arguments: [
    { name: 'spatial_size' },
    { name: 'method', defaultValue: 'symmetric' },
    { name: 'mode', defaultValue: 'constant', perKey: true },
    LAZY,
    { name: 'value', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    return {
      spatial_size: read.integers('spatial_size'),
      method: read.option('method', ['symmetric', 'end']),
      mode: padMode(read, 'mode'),
      value: read.number('value'),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
