// SqueezeDim: drops a spatial axis of one voxel. Strides and affine change, no voxel moves.
import type { Image } from '../imaging/image.js';
import { affineOfAxes, mat4Of } from '../imaging/matrices.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator, Outline } from './operator.js';
import { outlined } from './outline.js';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

export const squeezeDim: Operator = {
  name: 'SqueezeDim',
  arguments: [{ name: 'dim', defaultValue: 0 }, { name: 'update_meta', defaultValue: true }, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const dim = read.integerOrNull('dim');
    if (dim === null || dim === 0) {
      return read.unsupported('dim', 'dropping the channel axis', 'Images here keep it: name a spatial axis.');
    }
    return { dim, update_meta: read.boolean('update_meta') };
  },

  outline(image, args) {
    return squeezed(outlined(image), args['dim'] as number, args['update_meta'] as boolean);
  },
  apply(image, args) {
    return squeezed(image, args['dim'] as number, args['update_meta'] as boolean);
  },
};

function squeezed(image: Image, dim: number, updateMeta: boolean): Image {
  const axes = image.sizes.length;
  const axis = (dim < 0 ? dim + axes + 1 : dim) - 1;
  check(image, axis, dim);
  const without = <T>(list: readonly T[], place: number): T[] => list.filter((_, n) => n !== place);
  const rows = without(affineOfAxes(image.affineRas, axes), axis).map((row) => without(row, axis));
  return {
    ...image,
    sizes: without(image.sizes, axis),
    strides: without(image.strides, axis + 1),
    affineRas: updateMeta ? mat4Of(rows, IDENTITY) : image.affineRas,
  };
}

function check(image: Outline, axis: number, dim: number): void {
  if (axis < 0 || axis >= image.sizes.length) {
    throw new RangeError(`axis ${dim} of an image of ${image.sizes.length + 1} axes with its channels`);
  }
  if (image.sizes[axis] !== 1) throw new RangeError(`axis ${dim} has ${image.sizes[axis]} voxels, not one`);
  if (image.sizes.length === 1) throw new RangeError('no axis would be left');
}
