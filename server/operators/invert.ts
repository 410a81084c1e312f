// Invert: takes an answer back through everything that was done to the image, the last first.

import type { Image } from '../imaging/image.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Arguments, Operator } from './operator.js';
import { undoAll } from './undo.js';

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

  apply(image, args, { images }) {
    return undoAll(image, originOf(image, args, images), args['nearest_interp'] as boolean);
  },
};

/** The image whose history is undone: the one under `orig_keys`, or the answer itself, which has the input's history. */
export function originOf(image: Image, args: Arguments, images: ReadonlyMap<string, Image>): Image {
  const key = args['orig_keys'] as string | null;
  if (key === null) return image;
  const origin = images.get(key);
  if (!origin) throw new RangeError(`there is no image "${key}" whose transforms could be inverted`);
  return origin;
}
