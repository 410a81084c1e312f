// Outlines: images without voxels, so that shape and geometry are known before anything is computed.
import type { Image } from '../imaging/image.js';
import type { Arguments, Operator, Outline } from './operator.js';

/** An image whose every voxel is the one same 0: what only changes strides can be tried on it for nothing. */
export function outlined({ channels, sizes, affineRas, applied }: Outline): Image {
  return {
    channels,
    sizes,
    affineRas,
    applied,
    data: new Uint8Array(1),
    strides: [0, ...sizes.map(() => 0)],
    offset: 0,
  };
}

/** What a step will give; undefined when it depends on the voxels. @throws RangeError */
export function outlineAfter(image: Outline, operator: Operator, args: Arguments): Outline | undefined {
  return operator.outline ? operator.outline(image, args) : image;
}
