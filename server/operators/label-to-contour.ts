// LabelToContour: 1 where a label ends, 0 inside and outside.
import { contour } from '../imaging/contour.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const labelToContour: Operator = {
  name: 'LabelToContour',
  arguments: [{ name: 'kernel_type', defaultValue: 'Laplace' }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    return { kernel_type: new ArgumentReader(args, place).option('kernel_type', ['Laplace']) };
  },

  apply(image) {
    if (image.sizes.length < 2) throw new RangeError('contours of an image of one axis');
    const data = contour(contiguousTensor(image), image.channels, image.sizes);
    return { ...imageFromTensor(data, image.channels, image.sizes, image), owned: true };
  },
};
