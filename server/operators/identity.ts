// Identity: the image as it is.
import { DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const identity: Operator = {
  name: 'Identity',
  arguments: [...DICTIONARY_ARGUMENTS],
  plan() {
    return {};
  },

  apply(image) {
    return image;
  },
};
