// ConcatItems: the channels of several images in one.
import { concatenateChannels } from '../imaging/channels.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';
import { imagesOf, withImage } from './several-keys.js';

export const concatItems: Operator = {
  name: 'ConcatItems',
  dictionaryOnly: true,
  arguments: [
    { name: 'name', dictionaryOnly: true },
    { name: 'dim', defaultValue: 0, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    if (read.integer('dim') !== 0) read.unsupported('dim', 'joining along another axis than the channels', 'Use 0.');
    return { name: read.string('name') };
  },

  keysAfter(known, _keys, { name }) {
    return new Set([...known, name as string]);
  },
  combine(images, keys, { name }) {
    return withImage(images, name as string, concatenateChannels(imagesOf(images, keys)));
  },
  apply(image) {
    return image;
  },
};
