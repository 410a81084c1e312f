// AddLabelAsGuidance of monai.apps.nuclick: where a label is, as one more channel of an image.
import { concatenateChannels } from '../imaging/channels.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { ArgumentReader } from './arguments.js';
import type { Operator } from './operator.js';
import { imagesOf } from './several-keys.js';

export const addLabelAsGuidance: Operator = {
  name: 'AddLabelAsGuidance',
  dictionaryOnly: true,
  arguments: [{ name: 'source', defaultValue: 'label', dictionaryOnly: true }],
  plan(args, place) {
    return { source: new ArgumentReader(args, place).string('source') };
  },

  apply(image, { source }, { images }) {
    const [label] = imagesOf(images, [source as string]);
    const present = contiguousTensor(label!).map((value) => (value > 0 ? 1 : 0));
    const guidance = imageFromTensor(present, label!.channels, label!.sizes, label!);
    return concatenateChannels([image, guidance]);
  },
};
