// RemoveSmallObjects: clears components below a size.
import { ArgumentReader, connectivity, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const removeSmallObjects: Operator = {
  name: 'RemoveSmallObjects',
  arguments: [
    { name: 'min_size', defaultValue: 64 },
    { name: 'connectivity', defaultValue: 1 },
    { name: 'independent_channels', defaultValue: true },
    { name: 'by_measure', defaultValue: false },
    { name: 'pixdim', defaultValue: null, ignored: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    return {
      min_size: read.number('min_size'),
      connectivity: connectivity(read),
      independent_channels: read.boolean('independent_channels'),
      by_measure: read.boolean('by_measure'),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
