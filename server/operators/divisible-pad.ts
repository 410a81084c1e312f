// DivisiblePad: up to the next multiples of given sizes.

import { divisibleSizes, type Margins, marginsToSize, type PadMode, pad } from '../imaging/crop-pad.js';
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import type { Operator } from './operator.js';
import { unpad } from './undo-margins.js';

export const divisiblePad: Operator = {
  name: 'DivisiblePad',
  arguments: [
    { name: 'k' },
    { name: 'mode', defaultValue: 'constant', perKey: true },
    { name: 'method', defaultValue: 'symmetric' },
    LAZY,
    { name: 'value', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    return {
      k: read.integers('k'),
      mode: padMode(read, 'mode'),
      method: read.option('method', ['symmetric', 'end']),
      value: read.number('value'),
    };
  },

  apply(image, args) {
    const added = marginsToSize(
      image.sizes,
      divisibleSizes(image.sizes, args['k'] as number[]),
      args['method'] === 'symmetric',
    );
    return after(image, 'DivisiblePad', { added }, pad(image, added, args['mode'] as PadMode, args['value'] as number));
  },
  invert(image, operation) {
    return { ...unpad(image, operation.notes['added'] as Margins), affineRas: operation.affineRasBefore };
  },
};
