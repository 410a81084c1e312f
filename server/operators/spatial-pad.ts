// SpatialPad: up to given sizes.

import { type Margins, marginsToSize } from '../imaging/crop-pad.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import { changeMargins, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Arguments, Operator, Outline } from './operator.js';

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

  outline(image, args) {
    return outlineOfMargins(image, 'SpatialPad', { added: margins(image, args) });
  },
  apply(image, args) {
    return changeMargins(image, 'SpatialPad', { added: margins(image, args) }, args);
  },
  invert: takeMarginsBack,
};

function margins({ sizes }: Outline, args: Arguments): Margins {
  return marginsToSize(sizes, args['spatial_size'] as number[], args['method'] === 'symmetric');
}
