// VoteEnsemble: several label maps, or one-hot channels, into what most of them say.
import { voteOfChannels, voteOfLabels } from '../imaging/ensemble.js';
import { ArgumentReader } from './arguments.js';
import type { Operator } from './operator.js';
import { imagesOf, withImage } from './several-keys.js';

export const voteEnsemble: Operator = {
  name: 'VoteEnsemble',
  arguments: [
    { name: 'num_classes', defaultValue: null },
    { name: 'output_key', defaultValue: null, dictionaryOnly: true },
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { num_classes: read.integerOrNull('num_classes', 1), output_key: read.stringOrNull('output_key') };
  },

  keysAfter(known, keys, { output_key: name }) {
    return new Set([...known, (name as string | null) ?? keys[0]!]);
  },
  combine(images, keys, args) {
    if (keys.length < 2) throw new RangeError('an ensemble needs several keys');
    const answers = imagesOf(images, keys);
    const classes = args['num_classes'] as number | null;
    const vote = classes === null ? voteOfChannels(answers) : voteOfLabels(answers, classes);
    return withImage(images, (args['output_key'] as string | null) ?? keys[0]!, vote);
  },
  apply() {
    throw new RangeError('an ensemble needs several keys: use the dictionary form');
  },
};
