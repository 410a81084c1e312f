// Several answers of the same shape into one: their mean, or what most of them say.
import type { Image } from './image.js';
import { roundHalfEven } from './matrices.js';
import { contiguousTensor } from './tensor.js';
import { imageFromTensor } from './volume-view.js';

/**
 * The mean, in float32, of fewer than 16 images to the last bit.
 * @param weights one for each image, or null; they count by their ratio to their own mean
 */
export function meanOfImages(images: readonly Image[], weights: readonly number[] | null): Image {
  const { fround } = Math;
  const first = checkSameShape(images);
  const own = weights?.map(fround);
  const meanWeight = own ? fround(own.reduce((sum, one) => fround(sum + one), 0) / own.length) : 1;
  const tensors = images.map(contiguousTensor).map((tensor, n) => {
    if (!own) return tensor;
    return tensor.map((value) => fround(fround(value * own[n]!) / meanWeight));
  });
  const mean = new Float32Array(tensors[0]!.length);
  // torch adds the last of 32 voxels and less in four sums side by side.
  const inOrder = mean.length - (mean.length % 32);
  const inFours = 4 * Math.floor(tensors.length / 4);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    if (i < inOrder || inFours === 0) {
      for (const tensor of tensors) sum = fround(sum + tensor[i]!);
    } else {
      const side = [0, 0, 0, 0];
      tensors.forEach((tensor, n) => {
        const to = n < inFours ? n % 4 : 0;
        side[to] = fround(side[to]! + tensor[i]!);
      });
      sum = side.reduce((total, one) => fround(total + one));
    }
    mean[i] = sum / tensors.length;
  }
  return { ...imageFromTensor(mean, first.channels, first.sizes, first), owned: true };
}

/** The label that most images have, the lowest of those that are equally frequent. */
export function voteOfLabels(images: readonly Image[], classes: number): Image {
  const first = checkSameShape(images);
  if (first.channels !== 1) throw new RangeError(`votes of ${first.channels} channels: labels have one`);
  const tensors = images.map(contiguousTensor);
  const votes = new Uint16Array(classes);
  const result = new Float32Array(tensors[0]!.length);
  for (let i = 0; i < result.length; i++) {
    votes.fill(0);
    for (const tensor of tensors) {
      const label = Math.trunc(tensor[i]!);
      if (!(label >= 0 && label < classes)) throw new RangeError(`label ${tensor[i]} is none of ${classes} classes`);
      votes[label]!++;
    }
    let best = 0;
    for (let label = 1; label < classes; label++) if (votes[label]! > votes[best]!) best = label;
    result[i] = best;
  }
  return { ...imageFromTensor(result, 1, first.sizes, first), owned: true };
}

/** One-hot channels: 1 where more than half of the images have it; a draw goes to the even number, 0. */
export function voteOfChannels(images: readonly Image[]): Image {
  const mean = meanOfImages(images, null);
  const data = mean.data as Float32Array;
  for (let i = 0; i < data.length; i++) data[i] = roundHalfEven(data[i]!);
  return mean;
}

function checkSameShape(images: readonly Image[]): Image {
  const first = images[0];
  if (!first) throw new RangeError('an ensemble of nothing');
  const shapeOf = ({ channels, sizes }: Image): string => [channels, ...sizes].join(' × ');
  const other = images.find((image) => shapeOf(image) !== shapeOf(first));
  if (other) throw new RangeError(`an ensemble of ${shapeOf(first)} and ${shapeOf(other)} voxels`);
  return first;
}
