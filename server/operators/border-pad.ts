// BorderPad: by given widths.
import { type Margins, marginsOfBorder } from '../imaging/crop-pad.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import { changeMargins, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Arguments, Operator, Outline } from './operator.js';

export const borderPad: Operator = {
  name: 'BorderPad',
  arguments: [
    { name: 'spatial_border' },
    { name: 'mode', defaultValue: 'constant', perKey: true },
    LAZY,
    { name: 'value', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    return {
      spatial_border: read.integers('spatial_border'),
      mode: padMode(read, 'mode'),
      value: read.number('value'),
    };
  },

  outline(image, args) {
    return outlineOfMargins(image, 'BorderPad', { added: margins(image, args) });
  },
  apply(image, args) {
    return changeMargins(image, 'BorderPad', { added: margins(image, args) }, args);
  },
  invert: takeMarginsBack,
};

function margins({ sizes }: Outline, args: Arguments): Margins {
  return marginsOfBorder(sizes.length, args['spatial_border'] as number[]);
}
