// AsDiscrete: argmax, one-hot, threshold and rounding, in that order.
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
    return {
      argmax: read.boolean('argmax'),
      to_onehot: read.integerOrNull('to_onehot', 1),
      threshold: read.numberOrNull('threshold'),
      rounding: rounding === null ? null : read.option('rounding', ['torchrounding']),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
