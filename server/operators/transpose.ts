// Transpose: the spatial axes in another order. The affine stays as it is, as in MONAI.
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator, Outline } from './operator.js';

export const transpose: Operator = {
  name: 'Transpose',
  arguments: [{ name: 'indices' }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const indices = read.integersOrNull('indices');
    if (indices === null || indices[0] !== 0) {
      return read.unsupported('indices', 'moving the channel axis', 'Begin with 0, as in [0, 2, 1, 3].');
    }
    if ([...indices].sort((x, y) => x - y).some((index, n) => index !== n)) read.invalid('indices', 'each axis once');
    return { indices };
  },

  outline(image, { indices }) {
    const order = spatialOrder(image, indices as number[]);
    return { ...image, sizes: order.map((axis) => image.sizes[axis]!) };
  },
  apply(image, { indices }) {
    const order = spatialOrder(image, indices as number[]);
    const sizes = order.map((axis) => image.sizes[axis]!);
    const strides = [image.strides[0]!, ...order.map((axis) => image.strides[axis + 1]!)];
    return after(image, 'Transpose', { order }, { sizes, strides });
  },
  invert(image, operation) {
    const order = operation.notes['order'] as number[];
    const back = order.map((_, axis) => order.indexOf(axis));
    const strides = [image.strides[0]!, ...back.map((axis) => image.strides[axis + 1]!)];
    return { ...image, sizes: back.map((axis) => image.sizes[axis]!), strides };
  },
};

function spatialOrder(image: Outline, indices: readonly number[]): number[] {
  if (indices.length !== image.sizes.length + 1) {
    throw new RangeError(`${indices.length} indices, the image has ${image.sizes.length + 1} axes with its channels`);
  }
  return indices.slice(1).map((index) => index - 1);
}
