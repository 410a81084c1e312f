// Invert: takes an answer back through everything that was done to the image, the last first.

import type { Image } from '../imaging/image.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, placeOfArgument } from './arguments.js';
import { evaluateLambda } from './lambda-evaluate.js';
import { keepsChannelAxis, NOWHERE, readLambda } from './lambda-expression.js';
import type { Arguments, Operator } from './operator.js';
import { undoAll } from './undo.js';

export const invert: Operator = {
  name: 'Invert',
  arguments: [
    { name: 'transform', defaultValue: null, ignored: true },
    { name: 'nearest_interp', defaultValue: true, perKey: true },
    { name: 'device', defaultValue: null, ignored: true },
    { name: 'post_func', defaultValue: null, perKey: true },
    { name: 'to_tensor', defaultValue: true, ignored: true },
    { name: 'orig_keys', defaultValue: null, dictionaryOnly: true, perKey: true },
    { name: 'meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'orig_meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'meta_key_postfix', defaultValue: 'meta_dict', ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    const postFunc = read.stringOrNull('post_func');
    if (postFunc !== null && !keepsChannelAxis(readLambda(postFunc, placeOfArgument(place, 'post_func')))) {
      read.unsupported('post_func', 'a function that drops the channel axis', 'Write x[[0]] where you wrote x[0].');
    }
    return {
      nearest_interp: read.boolean('nearest_interp'),
      post_func: postFunc,
      orig_keys: read.stringOrNull('orig_keys'),
    };
  },

  async apply(image, args, { images, threads }) {
    const nearestInterp = args['nearest_interp'] as boolean;
    const inverted = await undoAll(image, originOf(image, args, images), { nearestInterp, threads });
    return args['post_func'] === null
      ? inverted
      : evaluateLambda(inverted, readLambda(args['post_func'] as string, NOWHERE));
  },
};

/**
 * The image whose history is undone: the one under `orig_keys`, or the answer itself, which has the input's history. Of
 * a history only what was done under that very key: MONAI's transforms look for it among their keys, so that an image
 * joined of others keeps what was done to those.
 */
export function originOf(image: Image, args: Arguments, images: ReadonlyMap<string, Image>): Image {
  const key = args['orig_keys'] as string | null;
  if (key === null) return image;
  const origin = images.get(key);
  if (!origin) throw new RangeError(`there is no image "${key}" whose transforms could be inverted`);
  return { ...origin, applied: origin.applied.filter((one) => one.key === undefined || one.key === key) };
}
