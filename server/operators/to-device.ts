// ToDevice: where a tensor lies is this host's business; the image stays as it is.
import { DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const toDevice: Operator = {
  name: 'ToDevice',
  arguments: [{ name: 'device', ignored: true }, ...DICTIONARY_ARGUMENTS],
  plan() {
    return {};
  },

  apply(image) {
    return image;
  },
};
