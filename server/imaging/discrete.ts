// From numbers to classes: one-hot channels, thresholds, rounding.
import type { Image } from './image.js';
import { roundHalfEven } from './matrices.js';
import { contiguousTensor } from './tensor.js';
import { imageFromTensor } from './volume-view.js';
import { cOrderVoxels } from './voxel-layout.js';

/** One channel of 0 and 1 for each class. @throws RangeError when a label is none of them. */
export function oneHot(image: Image, classes: number): Image {
  if (image.channels !== 1) throw new RangeError(`one-hot of ${image.channels} channels: labels have one`);
  const labels = cOrderVoxels(image);
  const data = new Uint8Array(classes * labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = Math.trunc(labels[i]!);
    if (!(label >= 0 && label < classes)) throw new RangeError(`label ${labels[i]} is none of ${classes} classes`);
    data[label * labels.length + i] = 1;
  }
  return { ...imageFromTensor(data, classes, image.sizes, image), owned: true };
}

/** 1 where a voxel is at least the threshold, which is rounded to float32 as torch does; 0 elsewhere and for NaN. */
export function atLeast(image: Image, threshold: number): Image {
  const voxels = cOrderVoxels(image);
  const least = Math.fround(threshold);
  const data = new Uint8Array(voxels.length);
  for (let i = 0; i < voxels.length; i++) if (voxels[i]! >= least) data[i] = 1;
  return { ...imageFromTensor(data, image.channels, image.sizes, image), owned: true };
}

/** To whole numbers, halves to the even one. */
export function roundVoxels(image: Image): Image {
  const data = contiguousTensor(image).map(roundHalfEven);
  return { ...imageFromTensor(data, image.channels, image.sizes, image), owned: true };
}
