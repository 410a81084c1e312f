// EnsureChannelFirst: an image here always has its channels first, from its components or its fourth axis.
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const ensureChannelFirst: Operator = {
  name: 'EnsureChannelFirst',
  arguments: [
    { name: 'strict_check', defaultValue: true, ignored: true },
    { name: 'channel_dim', defaultValue: null },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    const dim = read.value('channel_dim');
    if (dim !== null && dim !== 'no_channel' && dim !== -1 && dim !== 2 && dim !== 3) {
      read.unsupported(
        'channel_dim',
        `channel_dim ${JSON.stringify(dim)} is not supported`,
        'Channels are the last axis.',
      );
    }
    return { channel_dim: dim };
  },

  apply(image) {
    return image;
  },
};
