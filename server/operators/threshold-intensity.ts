// ThresholdIntensity: what is not above a number, or not below it, is replaced.
import { threshold } from '../imaging/contrast.js';
import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const thresholdIntensity: Operator = {
  name: 'ThresholdIntensity',
  arguments: [
    { name: 'threshold' },
    { name: 'above', defaultValue: true },
    { name: 'cval', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { threshold: read.number('threshold'), above: read.boolean('above'), cval: read.number('cval') };
  },

  apply(image, args) {
    const [at, above, value] = [args['threshold'] as number, args['above'] as boolean, args['cval'] as number];
    return onVoxels(image, false, (voxels) => threshold(voxels, at, above, value));
  },
};
