// LabelFilter: clears the labels that are not listed.
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const labelFilter: Operator = {
  name: 'LabelFilter',
  arguments: [{ name: 'applied_labels' }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { applied_labels: read.integers('applied_labels') };
  },
  apply() {
    throw new Error('not here yet');
  },
};
