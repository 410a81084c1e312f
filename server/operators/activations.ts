// Activations: softmax over the channels, or sigmoid.

import { sigmoid, softmax } from '../imaging/activations.js';
import { withTensor } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const activations: Operator = {
  name: 'Activations',
  arguments: [
    { name: 'sigmoid', defaultValue: false, perKey: true },
    { name: 'softmax', defaultValue: false, perKey: true },
    { name: 'other', defaultValue: null, perKey: true },
    { name: 'dim', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.mustBeUnset('other', 'a function as activation is not supported', 'This host does sigmoid and softmax.');
    if (read.integer('dim') !== 0) read.unsupported('dim', 'softmax along another axis than the channels', 'Use 0.');
    return { sigmoid: read.boolean('sigmoid'), softmax: read.boolean('softmax') };
  },

  apply(image, args) {
    return withTensor(image, (tensor) => {
      if (args['sigmoid']) sigmoid(tensor);
      if (args['softmax']) softmax(tensor, image.channels);
    });
  },
};
