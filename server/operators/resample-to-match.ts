// ResampleToMatch: onto the grid of another image.
import { affineOfAxes } from '../imaging/matrices.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator } from './operator.js';
import { planSampling, resample, resampleBack } from './resampling.js';
import { imagesOf } from './several-keys.js';

export const resampleToMatch: Operator = {
  name: 'ResampleToMatch',
  arguments: [
    { name: 'mode', defaultValue: 'bilinear', perKey: true },
    { name: 'padding_mode', defaultValue: 'border', perKey: true },
    { name: 'align_corners', defaultValue: false, perKey: true },
    { name: 'dtype', defaultValue: 'float64', ignored: true },
    LAZY,
    { name: 'key_dst', dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const keyDst = read.stringOrNull('key_dst');
    if (keyDst === null) read.unsupported('key_dst', 'the array form, which has no image to match', 'Use the other.');
    return { ...planSampling(read), key_dst: keyDst };
  },

  /** The grid is another image's. */
  outline() {
    return undefined;
  },
  async apply(image, args, { images, threads }) {
    const [target] = imagesOf(images, [args['key_dst'] as string]);
    const grid = { sizes: target!.sizes, affine: affineOfAxes(target!.affineRas, image.sizes.length) };
    return { ...(await resample(image, 'ResampleToMatch', grid, args, threads)), affineRas: target!.affineRas };
  },
  invert: resampleBack,
};
