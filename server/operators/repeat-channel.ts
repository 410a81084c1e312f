// RepeatChannel: each channel several times over, one beside the other.
import { concatenateChannels } from '../imaging/channels.js';
import type { Image } from '../imaging/image.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

/** More would only fill the memory. */
const MOST = 4_096;

export const repeatChannel: Operator = {
  name: 'RepeatChannel',
  arguments: [{ name: 'repeats' }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const repeats = read.integer('repeats', 1);
    return { repeats: repeats <= MOST ? repeats : read.invalid('repeats', `at most ${MOST}`) };
  },

  outline(image, { repeats }) {
    return { ...image, channels: image.channels * (repeats as number) };
  },
  apply(image, { repeats }) {
    const channels = Array.from({ length: image.channels }, (_, c) => channelOf(image, c));
    return concatenateChannels(channels.flatMap((channel) => new Array<Image>(repeats as number).fill(channel)));
  },
};

/** One channel of an image, as a view. */
function channelOf(image: Image, channel: number): Image {
  return { ...image, channels: 1, offset: image.offset + channel * image.strides[0]! };
}
