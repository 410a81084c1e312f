// Invert: takes an answer back through everything that was done to the image, the last first.
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const invert: Operator = {
  name: 'Invert',
  arguments: [
    { name: 'transform', defaultValue: null, ignored: true },
    { name: 'nearest_interp', defaultValue: true, perKey: true },
    { name: 'device', defaultValue: null, ignored: true },
    { name: 'post_func', defaultValue: null },
    { name: 'to_tensor', defaultValue: true, ignored: true },
    { name: 'orig_keys', defaultValue: null, dictionaryOnly: true, perKey: true },
    { name: 'meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'orig_meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'meta_key_postfix', defaultValue: 'meta_dict', ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.mustBeUnset('post_func', 'a function after the inversion is not supported');
    return { nearest_interp: read.boolean('nearest_interp'), orig_keys: read.stringOrNull('orig_keys') };
  },
  apply() {
    throw new Error('not here yet');
  },
};
