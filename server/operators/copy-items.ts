// CopyItems: images under further keys.
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Arguments, Operator } from './operator.js';
import { imagesOf, shared } from './several-keys.js';

export const copyItems: Operator = {
  name: 'CopyItems',
  dictionaryOnly: true,
  arguments: [
    { name: 'times', defaultValue: 1, dictionaryOnly: true },
    { name: 'names', defaultValue: null, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const value = read.value('names');
    const names = typeof value === 'string' ? [value] : value;
    const texts = Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '');
    if (names !== null && !texts) read.invalid('names', 'the name of a key, or a list of names');
    return { times: read.integer('times', 1), names };
  },

  keysAfter(known, keys, args) {
    return new Set([...known, ...namesOf(keys, args)]);
  },
  combine(images, keys, args) {
    const result = new Map(images);
    const sources = imagesOf(images, keys);
    namesOf(keys, args).forEach((name, n) => {
      if (result.has(name)) throw new RangeError(`there is an image "${name}" already`);
      result.set(name, shared(sources[n % keys.length]!));
    });
    keys.forEach((key, n) => {
      result.set(key, shared(sources[n]!));
    });
    return result;
  },
  apply(image) {
    return image;
  },
};

/** One round of all keys after the other. MONAI's own names go key by key (`a_0`, `a_1`, `b_0`), and are given out so. */
function namesOf(keys: readonly string[], args: Arguments): readonly string[] {
  const times = args['times'] as number;
  const own = keys.flatMap((key) => Array.from({ length: times }, (_, n) => `${key}_${n}`));
  const names = (args['names'] as readonly string[] | null) ?? own;
  if (names.length !== keys.length * times) {
    throw new RangeError(`${names.length} names for ${times} copies of ${keys.length} images`);
  }
  return names;
}
