// DivisiblePad: up to the next multiples of given sizes.

import { divisibleSizes, type Margins, marginsToSize } from '../imaging/crop-pad.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import { changeMargins, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Arguments, Operator, Outline } from './operator.js';

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

  outline(image, args) {
    return outlineOfMargins(image, 'DivisiblePad', { added: margins(image, args) });
  },
  apply(image, args) {
    return changeMargins(image, 'DivisiblePad', { added: margins(image, args) }, args);
  },
  invert: takeMarginsBack,
};

function margins({ sizes }: Outline, args: Arguments): Margins {
  return marginsToSize(sizes, divisibleSizes(sizes, args['k'] as number[]), args['method'] === 'symmetric');
}
