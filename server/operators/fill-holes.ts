// FillHoles: gives background that a label encloses to that label.
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
    return { applied_labels: read.integersOrNull('applied_labels'), connectivity: connectivity(read) };
  },
  apply() {
    throw new Error('not here yet');
  },
};
