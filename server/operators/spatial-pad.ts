// SpatialPad: up to given sizes.

import { type Margins, marginsToSize, type PadMode, pad } from '../imaging/crop-pad.js';
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import type { Operator } from './operator.js';
import { unpad } from './undo-margins.js';

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

  apply(image, args) {
    const added = marginsToSize(image.sizes, args['spatial_size'] as number[], args['method'] === 'symmetric');
    return after(image, 'SpatialPad', { added }, pad(image, added, args['mode'] as PadMode, args['value'] as number));
  },
  invert(image, operation) {
    return { ...unpad(image, operation.notes['added'] as Margins), affineRas: operation.affineRasBefore };
  },
};
