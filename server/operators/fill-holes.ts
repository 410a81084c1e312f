// FillHoles: gives background that a label encloses to that label.

import { fillHoles as fill, labelsOf } from '../imaging/label-maps.js';
import { owned, rowLayout } from '../imaging/runs.js';
import { ArgumentReader, connectivity, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const fillHoles: Operator = {
  name: 'FillHoles',
  arguments: [
    { name: 'applied_labels', defaultValue: null },
    { name: 'connectivity', defaultValue: null },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const labels = read.value('applied_labels');
    // A label that is false to Python, 0 or no list at all, is none: MONAI takes all labels then.
    const all = labels === 0 || (Array.isArray(labels) && labels.length === 0);
    return { applied_labels: all ? null : read.integersOrNull('applied_labels'), connectivity: connectivity(read) };
  },

  apply(image, args) {
    const result = owned(image);
    const oneHot = image.channels > 1;
    const labels = (args['applied_labels'] as number[] | null) ?? labelsOf(result, oneHot);
    const reach = (args['connectivity'] as number | null) ?? image.sizes.length;
    for (const label of [...new Set(labels)].sort((a, b) => a - b)) {
      if (label === 0) continue;
      if (oneHot) fill(rowLayout(result, label), { kind: 'nonzero' }, 1, reach);
      else fill(rowLayout(result, 0), { kind: 'equal', value: label }, label, reach);
    }
    return result;
  },
};
