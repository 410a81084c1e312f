// Channels of several images side by side.
import type { Image, VoxelArray } from './image.js';
import { cOrderStrides, copyVoxels, newArrayLike, voxelsOf } from './voxel-layout.js';

/**
 * All channels in one image, in the geometry and with the history of the first. Types that differ become float32.
 * @throws RangeError for sizes that differ
 */
export function concatenateChannels(images: readonly Image[]): Image {
  const first = images[0];
  if (!first) throw new RangeError('no image to join');
  const other = images.find(({ sizes }) => sizes.join() !== first.sizes.join());
  if (other) throw new RangeError(`images of ${first.sizes.join(' × ')} and ${other.sizes.join(' × ')} voxels`);
  const channels = images.reduce((sum, image) => sum + image.channels, 0);
  const perChannel = voxelsOf(first.sizes);
  const same = images.every(({ data }) => data.constructor === first.data.constructor);
  const length = channels * perChannel;
  const data: VoxelArray = same ? newArrayLike(first.data, length) : new Float32Array(length);
  const strides = cOrderStrides(first.sizes);
  let at = 0;
  for (const image of images) {
    copyVoxels(image, data, strides, at);
    at += image.channels * perChannel;
  }
  return { ...first, channels, data, strides, offset: 0, owned: true };
}
