// Undoes on an answer, the last first, what was done to an image.
import type { AppliedOperation, Image } from '../imaging/image.js';
import { centerSpatialCrop } from './center-spatial-crop.js';
import { cropForeground } from './crop-foreground.js';
import { divisiblePad } from './divisible-pad.js';
import type { Operator } from './operator.js';
import { orientation } from './orientation.js';
import { resize } from './resize.js';
import { spacing } from './spacing.js';
import { spatialPad } from './spatial-pad.js';

const INVERTIBLE: readonly Operator[] = [
  orientation,
  spacing,
  resize,
  cropForeground,
  spatialPad,
  divisiblePad,
  centerSpatialCrop,
];

/** One operation undone. */
export function undo(image: Image, operation: AppliedOperation, nearestInterp: boolean): Image {
  const operator = INVERTIBLE.find(({ name }) => name === operation.operator);
  if (!operator?.invert) throw new RangeError(`${operation.operator} cannot be inverted`);
  return operator.invert(image, operation, { nearestInterp });
}

/** All of `origin`'s operations undone on `image`, which lies on origin's grid. */
export function undoAll(image: Image, origin: Image, nearestInterp: boolean): Image {
  let result: Image = { ...image, affineRas: origin.affineRas };
  for (const operation of origin.applied.toReversed()) result = undo(result, operation, nearestInterp);
  return { ...result, applied: [] };
}
