// MedianSmooth: the median of each voxel's surroundings.
import { smoothMedian } from '../imaging/smoothing.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';
import { perAxis } from './per-axis.js';

export const medianSmooth: Operator = {
  name: 'MedianSmooth',
  arguments: [{ name: 'radius', defaultValue: 1 }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const radius = read.integers('radius');
    if (radius.some((voxels) => voxels < 0)) read.invalid('radius', 'voxels to each side, 0 or more');
    return { radius };
  },

  apply(image, args) {
    const radii = perAxis(args['radius'] as number[], image.sizes.length, 'radius');
    const data = smoothMedian(contiguousTensor(image), image.channels, image.sizes, radii);
    return { ...imageFromTensor(data, image.channels, image.sizes, image), owned: true };
  },
};
