// MeanEnsemble: several answers into their mean.
import { meanOfImages } from '../imaging/ensemble.js';
import { ArgumentReader } from './arguments.js';
import type { Operator } from './operator.js';
import { imagesOf, withImage } from './several-keys.js';

export const meanEnsemble: Operator = {
  name: 'MeanEnsemble',
  arguments: [
    { name: 'weights', defaultValue: null },
    { name: 'output_key', defaultValue: null, dictionaryOnly: true },
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { weights: read.numbersOrNull('weights'), output_key: read.stringOrNull('output_key') };
  },

  keysAfter(known, keys, { output_key: name }) {
    return new Set([...known, (name as string | null) ?? keys[0]!]);
  },
  combine(images, keys, args) {
    if (keys.length < 2) throw new RangeError('an ensemble needs several keys');
    const weights = args['weights'] as number[] | null;
    if (weights && weights.length !== keys.length) {
      throw new RangeError(`${weights.length} weights for ${keys.length} images`);
    }
    const mean = meanOfImages(imagesOf(images, keys), weights);
    return withImage(images, (args['output_key'] as string | null) ?? keys[0]!, mean);
  },
  apply() {
    throw new RangeError('an ensemble needs several keys: use the dictionary form');
  },
};
