// KeepLargestConnectedComponent: clears all but the largest components of each label.

import type { Image } from '../imaging/image.js';
import { clearRuns, droppedRuns, keepLargest, labelsOf, unionOfChannels } from '../imaging/label-maps.js';
import { owned, rowLayout } from '../imaging/runs.js';
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

  apply(image, args) {
    const result = owned(image);
    const oneHot = (args['is_onehot'] as boolean | null) ?? image.channels > 1;
    const labels =
      (args['applied_labels'] as number[] | null) ?? labelsOf(result, oneHot).filter((label) => label !== 0);
    const reach = (args['connectivity'] as number | null) ?? image.sizes.length;
    const keep = args['num_components'] as number;
    if (oneHot && labels.some((label) => label < 0 || label >= image.channels)) {
      throw new RangeError(`labels ${labels.join(', ')} of an image of ${image.channels} channels`);
    }
    if (args['independent']) {
      for (const label of labels) {
        const rows = rowLayout(result, oneHot ? label : 0);
        keepLargest(rows, oneHot ? { kind: 'positive' } : { kind: 'equal', value: label }, reach, keep);
      }
    } else if (oneHot) {
      keepLargestUnion(result, labels, reach, keep);
    } else {
      const wanted = new Set(labels);
      keepLargest(rowLayout(result, 0), { kind: 'test', test: (value) => wanted.has(value) }, reach, keep);
    }
    return result;
  },
};

/** One-hot channels taken together: the small components of their union are cleared in each of them. */
function keepLargestUnion(image: Image, channels: readonly number[], reach: number, keep: number): void {
  const union = unionOfChannels(image, channels);
  const [runs, dropped] = droppedRuns(rowLayout(union, 0), { kind: 'positive' }, reach, keep);
  for (const channel of channels) clearRuns(rowLayout(image, channel), runs, dropped);
}
