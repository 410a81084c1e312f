// DeleteItems: the images of some keys go.
import { ArgumentReader } from './arguments.js';
import type { Operator } from './operator.js';

export const deleteItems: Operator = {
  name: 'DeleteItems',
  dictionaryOnly: true,
  arguments: [
    { name: 'sep', defaultValue: '.', dictionaryOnly: true },
    { name: 'use_re', defaultValue: false, dictionaryOnly: true, perKey: true },
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    if (read.boolean('use_re')) read.unsupported('use_re', 'keys by a pattern', 'Name the keys.');
    return { sep: read.string('sep') };
  },

  keysAfter(known, keys) {
    return new Set([...known].filter((key) => !keys.includes(key)));
  },
  combine(images, keys) {
    return new Map([...images].filter(([key]) => !keys.includes(key)));
  },
  apply(image) {
    return image;
  },
};
