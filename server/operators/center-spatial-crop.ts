// CenterSpatialCrop: to given sizes around the middle.

import { type Margins, marginsToCenter } from '../imaging/crop-pad.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import { changeMargins, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Arguments, Operator, Outline } from './operator.js';

export const centerSpatialCrop: Operator = {
  name: 'CenterSpatialCrop',
  arguments: [{ name: 'roi_size' }, LAZY, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    return { roi_size: read.integers('roi_size') };
  },

  outline(image, args) {
    return outlineOfMargins(image, 'CenterSpatialCrop', { cut: margins(image, args) });
  },
  apply(image, args) {
    return changeMargins(image, 'CenterSpatialCrop', { cut: margins(image, args) }, args);
  },
  invert: takeMarginsBack,
};

function margins({ sizes }: Outline, args: Arguments): Margins {
  return marginsToCenter(sizes, args['roi_size'] as number[]);
}
