// KeepLargestConnectedComponent: clears all but the largest components of each label.
import { ArgumentReader, connectivity, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const keepLargestConnectedComponent: Operator = {
  name: 'KeepLargestConnectedComponent',
  arguments: [
    { name: 'applied_labels', defaultValue: null },
    { name: 'is_onehot', defaultValue: null },
    { name: 'independent', defaultValue: true },
    { name: 'connectivity', defaultValue: null },
    { name: 'num_components', defaultValue: 1 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    return {
      applied_labels: read.integersOrNull('applied_labels'),
      is_onehot: read.value('is_onehot') === null ? null : read.boolean('is_onehot'),
      independent: read.boolean('independent'),
      connectivity: connectivity(read),
      num_components: read.integer('num_components', 1),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
