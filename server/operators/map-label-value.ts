// MapLabelValue: some labels become others, all at once.

import { onVoxels } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const mapLabelValue: Operator = {
  name: 'MapLabelValue',
  arguments: [
    { name: 'orig_labels' },
    { name: 'target_labels' },
    { name: 'dtype', defaultValue: 'float32', ignored: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const [from, to] = [read.numbers('orig_labels'), read.numbers('target_labels')];
    if (from.length !== to.length) read.invalid('target_labels', `${from.length} labels, as orig_labels has`);
    return { orig_labels: from, target_labels: to };
  },

  apply(image, args) {
    const [from, to] = [args['orig_labels'] as number[], args['target_labels'] as number[]];
    const targets = new Map(from.map((label, n) => [label, to[n]!]));
    return onVoxels(image, false, (voxels) => {
      for (let i = 0; i < voxels.length; i++) voxels[i] = targets.get(voxels[i]!) ?? voxels[i]!;
    });
  },
};
