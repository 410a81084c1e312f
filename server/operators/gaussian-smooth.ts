// GaussianSmooth: each voxel with its neighbours, weighted by a bell curve. Sigmas are in voxels.
import { type GaussianKind, smoothGaussian } from '../imaging/smoothing.js';
import { withTensor } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';
import { perAxis } from './per-axis.js';

export const gaussianSmooth: Operator = {
  name: 'GaussianSmooth',
  arguments: [{ name: 'sigma', defaultValue: 1 }, { name: 'approx', defaultValue: 'erf' }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { sigma: read.numbers('sigma'), approx: read.option('approx', ['erf', 'sampled'], ['scalespace']) };
  },

  apply(image, args) {
    const sigmas = perAxis(args['sigma'] as number[], image.sizes.length, 'sigma');
    return withTensor(image, (tensor) =>
      smoothGaussian(tensor, image.channels, image.sizes, sigmas, args['approx'] as GaussianKind),
    );
  },
};
