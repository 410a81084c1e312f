// LabelFilter: clears the labels that are not listed.

import { filterValues } from '../imaging/label-maps.js';
import { owned } from '../imaging/runs.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const labelFilter: Operator = {
  name: 'LabelFilter',
  arguments: [{ name: 'applied_labels' }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { applied_labels: read.integers('applied_labels') };
  },

  apply(image, args) {
    const kept = new Set(args['applied_labels'] as number[]);
    const result = owned(image);
    filterValues(result, (value) => kept.has(value));
    return result;
  },
};
