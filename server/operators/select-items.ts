// SelectItems: only the images of some keys stay.
import { DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';
import { imagesOf } from './several-keys.js';

export const selectItems: Operator = {
  name: 'SelectItems',
  dictionaryOnly: true,
  arguments: [...DICTIONARY_ARGUMENTS],
  plan() {
    return {};
  },

  keysAfter(known, keys) {
    return new Set(keys.filter((key) => known.has(key)));
  },
  combine(images, keys) {
    const kept = imagesOf(images, keys);
    return new Map(keys.map((key, n) => [key, kept[n]!]));
  },
  apply(image) {
    return image;
  },
};
