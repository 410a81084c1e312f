// RemoveSmallObjects: clears components up to a size. MONAI documents `min_size` as the least size that stays; it hands it
// to scikit-image by its place though, where it has been the greatest size that goes since 0.26 (deprecate_parameter).

import { changeValues, removeRareValues, removeSmall, valuesOf } from '../imaging/label-maps.js';
import { affineOfAxes, spacingOf } from '../imaging/matrices.js';
import { owned, rowLayout } from '../imaging/runs.js';
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

  apply(image, args) {
    const values = valuesOf(image);
    if (values.length === 1) return image;
    const result = owned(image);
    const spacing = spacingOf(affineOfAxes(image.affineRas, image.sizes.length));
    const voxelVolume = spacing.reduce((product, mm) => product * mm, 1) || 1;
    const asked = args['min_size'] as number;
    const maxSize = args['by_measure'] ? Math.ceil(asked / voxelVolume) : asked;
    const reach = (args['connectivity'] as number | null) ?? image.sizes.length + 1;
    // A map of several labels is taken for one whose components are numbered: voxels are counted label by label. What is
    // no whole number becomes one first, as MONAI hands it to scikit-image: an integer, or a boolean.
    const numbered = args['independent_channels'] && Math.max(...values) > 1;
    if (args['independent_channels']) changeValues(result, numbered ? Math.trunc : (value) => (value === 0 ? 0 : 1));
    if (numbered) removeRareValues(result, maxSize);
    else
      removeSmall(rowLayout(result), { kind: args['independent_channels'] ? 'nonzero' : 'positive' }, reach, maxSize);
    return result;
  },
};
