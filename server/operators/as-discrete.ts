// AsDiscrete: argmax, one-hot, threshold and rounding, in that order. `fuseSteps` may give it the softmax before them.

import { atLeast, oneHot, roundVoxels } from '../imaging/discrete.js';
import { argmaxChannels, argmaxOfSoftmax } from '../imaging/sure-labels.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const asDiscrete: Operator = {
  name: 'AsDiscrete',
  arguments: [
    { name: 'argmax', defaultValue: false, perKey: true },
    { name: 'to_onehot', defaultValue: null, perKey: true },
    { name: 'threshold', defaultValue: null, perKey: true },
    { name: 'rounding', defaultValue: null, perKey: true },
    { name: 'dim', defaultValue: 0 },
    { name: 'keepdim', defaultValue: true },
    { name: 'dtype', defaultValue: 'float32', ignored: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    if (read.integer('dim') !== 0) read.unsupported('dim', 'another axis than the channels', 'Use 0.');
    if (!read.boolean('keepdim')) read.unsupported('keepdim', 'dropping the channel axis', 'Use true.');
    if (typeof read.value('to_onehot') === 'boolean') read.invalid('to_onehot', 'a number of classes');
    const rounding = read.value('rounding');
    if (rounding !== null && read.value('threshold') !== null) read.invalid('rounding', 'null beside a threshold');
    return {
      argmax: read.boolean('argmax'),
      to_onehot: read.integerOrNull('to_onehot', 1),
      threshold: read.numberOrNull('threshold'),
      rounding: rounding === null ? null : read.option('rounding', ['torchrounding']),
    };
  },

  async apply(image, args, { threads }) {
    let discrete = image;
    if (args['argmax']) {
      const argmaxOf = args['softmax'] === true ? argmaxOfSoftmax : argmaxChannels;
      const labels = await argmaxOf(contiguousTensor(image), image.channels, threads);
      discrete = { ...imageFromTensor(labels, 1, image.sizes, image), owned: true };
    }
    const classes = args['to_onehot'] as number | null;
    if (classes !== null) discrete = oneHot(discrete, classes);
    const threshold = args['threshold'] as number | null;
    if (threshold !== null) discrete = atLeast(discrete, threshold);
    return args['rounding'] === null ? discrete : roundVoxels(discrete);
  },
};
