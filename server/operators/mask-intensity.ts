// MaskIntensity: 0 where another image is not positive.
import { contiguousTensor } from '../imaging/tensor.js';
import { withTensor } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';
import { imagesOf } from './several-keys.js';

export const maskIntensity: Operator = {
  name: 'MaskIntensity',
  arguments: [
    { name: 'mask_data', defaultValue: null },
    { name: 'select_fn', defaultValue: null },
    { name: 'mask_key', defaultValue: null, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.mustBeUnset('mask_data', 'a mask written in the bundle is not supported', 'Name the key of one as mask_key.');
    read.mustBeUnset('select_fn', 'another mask than what is positive is not supported', 'Leave it out.');
    const key = read.stringOrNull('mask_key');
    return { mask_key: key ?? read.invalid('mask_key', 'the key of an image') };
  },

  apply(image, { mask_key: key }, { images }) {
    const [mask] = imagesOf(images, [key as string]);
    if (mask!.sizes.join() !== image.sizes.join() || (mask!.channels !== 1 && mask!.channels !== image.channels)) {
      throw new RangeError(
        `a mask of ${mask!.channels} × ${mask!.sizes.join(' × ')} for ${image.channels} × ${image.sizes.join(' × ')}`,
      );
    }
    const keep = contiguousTensor(mask!);
    return withTensor(image, (voxels) => {
      for (let i = 0; i < voxels.length; i++) voxels[i]! *= keep[i % keep.length]! > 0 ? 1 : 0;
    });
  },
};
