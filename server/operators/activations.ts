// Activations: softmax over the channels, or sigmoid.

import { sigmoid, softmax } from '../imaging/activations.js';
import { withTensor } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, placeOfArgument } from './arguments.js';
import { evaluateLambda } from './lambda-evaluate.js';
import { keepsChannelAxis, NOWHERE, readLambda } from './lambda-expression.js';
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

    const other = read.stringOrNull('other');
    if (other !== null && !keepsChannelAxis(readLambda(other, placeOfArgument(place, 'other')))) {
      read.unsupported('other', 'a function that drops the channel axis', 'Write x[[0]] where you wrote x[0].');
    }
    if (read.integer('dim') !== 0) read.unsupported('dim', 'softmax along another axis than the channels', 'Use 0.');
    return { sigmoid: read.boolean('sigmoid'), softmax: read.boolean('softmax'), other };
  },

  apply(image, args) {
    const active = withTensor(image, (tensor) => {
      if (args['sigmoid']) sigmoid(tensor);
      if (args['softmax']) softmax(tensor, image.channels);
    });
    return args['other'] === null ? active : evaluateLambda(active, readLambda(args['other'] as string, NOWHERE));
  },
};
