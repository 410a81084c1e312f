// CenterSpatialCrop: to given sizes around the middle.

import { crop, type Margins, marginsToCenter } from '../imaging/crop-pad.js';
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator } from './operator.js';
import { uncrop } from './undo-margins.js';

export const centerSpatialCrop: Operator = {
  name: 'CenterSpatialCrop',
  arguments: [{ name: 'roi_size' }, LAZY, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    return { roi_size: read.integers('roi_size') };
  },

  apply(image, args) {
    const cut = marginsToCenter(image.sizes, args['roi_size'] as number[]);
    return after(image, 'CenterSpatialCrop', { cut }, crop(image, cut));
  },
  invert(image, operation) {
    return { ...uncrop(image, operation.notes['cut'] as Margins), affineRas: operation.affineRasBefore };
  },
};
