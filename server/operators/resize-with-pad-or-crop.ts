// ResizeWithPadOrCrop: to given sizes, cropped around the middle where it is too large, padded where it is too small.
import { marginsToCenter, marginsToSize } from '../imaging/crop-pad.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import { changeMargins, type MarginChange, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Operator } from './operator.js';

export const resizeWithPadOrCrop: Operator = {
  name: 'ResizeWithPadOrCrop',
  arguments: [
    { name: 'spatial_size' },
    { name: 'method', defaultValue: 'symmetric' },
    { name: 'mode', defaultValue: 'constant', perKey: true },
    LAZY,
    { name: 'value', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    return {
      spatial_size: read.integers('spatial_size'),
      method: read.option('method', ['symmetric', 'end']),
      mode: padMode(read, 'mode'),
      value: read.number('value'),
    };
  },

  outline(image, { spatial_size: size, method }) {
    const change = marginsToSizes(image.sizes, size as number[], method === 'symmetric');
    return outlineOfMargins(image, 'ResizeWithPadOrCrop', change);
  },
  apply(image, args) {
    const change = marginsToSizes(image.sizes, args['spatial_size'] as number[], args['method'] === 'symmetric');
    return changeMargins(image, 'ResizeWithPadOrCrop', change, args);
  },
  invert: takeMarginsBack,
};

/** Cut off and added so that the sizes become those wanted. */
export function marginsToSizes(
  sizes: readonly number[],
  wanted: readonly number[],
  symmetric: boolean,
): Required<MarginChange> {
  const cut = marginsToCenter(sizes, wanted);
  const left = sizes.map((size, axis) => size - cut[axis]![0] - cut[axis]![1]);
  return { cut, added: marginsToSize(left, wanted, symmetric) };
}
