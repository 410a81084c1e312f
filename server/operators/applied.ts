// How operators give an image on: with what was done added to its history, or with its voxels overwritten.
import type { AppliedOperation, Image } from '../imaging/image.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';

/** The image after an operation that `Invert` can undo. `changes` are what is new about it. */
export function after(
  image: Image,
  operator: string,
  notes: AppliedOperation['notes'],
  changes: Partial<Image>,
): Image {
  const operation = { operator, sizesBefore: image.sizes, affineRasBefore: image.affineRas, notes };
  return { ...image, ...changes, applied: [...image.applied, operation] };
}

/** The image with its history from the operation `first` on noted under a key. */
export function underKey(image: Image, key: string, first: number): Image {
  if (image.applied.length <= first) return image;
  return { ...image, applied: image.applied.map((one, n) => (n < first ? one : { ...one, key })) };
}

/**
 * The affine before an operation that is taken back: the very one that there was, unless what was taken back earlier has
 * led elsewhere (`affineThereAndBack` in resize.ts) and `computed` is another.
 */
export function affineBefore(operation: AppliedOperation, computed: Image['affineRas']): Image['affineRas'] {
  const before = operation.affineRasBefore;
  return computed.every((value, n) => Math.abs(value - before[n]!) <= 1e-6) ? before : computed;
}

/**
 * The image where MONAI has a bare array of it: without its place in the world and its history. `Invert` has nothing to
 * undo then, and what is saved has the identity for its affine.
 */
export function withoutPlace(image: Image): Image {
  return { ...image, affineRas: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], applied: [] };
}

/** The image as a float32 tensor in C order that `change` has overwritten: its own memory when it is owned. */
export function withTensor(image: Image, change: (tensor: Float32Array) => void): Image {
  const lying = contiguousTensor(image);
  const tensor = lying === image.data && !image.owned ? lying.slice() : lying;
  change(tensor);
  return { ...imageFromTensor(tensor, image.channels, image.sizes, image), owned: true };
}

/** The same channel by channel, or all voxels at once. */
export function onVoxels(
  image: Image,
  channelWise: boolean,
  change: (voxels: Float32Array, channel: number) => void,
): Image {
  return withTensor(image, (tensor) => {
    if (!channelWise) {
      change(tensor, 0);
      return;
    }
    const perChannel = tensor.length / image.channels;
    for (let c = 0; c < image.channels; c++) change(tensor.subarray(c * perChannel, (c + 1) * perChannel), c);
  });
}
