// Undoes on an answer, the last first, what was done to an image.
import type { AppliedOperation, Image } from '../imaging/image.js';
import { borderPad } from './border-pad.js';
import { centerSpatialCrop } from './center-spatial-crop.js';
import { cropForeground } from './crop-foreground.js';
import { divisiblePad } from './divisible-pad.js';
import { flip } from './flip.js';
import type { Operator } from './operator.js';
import { orientation } from './orientation.js';
import { resampleToMatch } from './resample-to-match.js';
import { resize } from './resize.js';
import { resizeWithPadOrCrop } from './resize-with-pad-or-crop.js';
import { rotate90 } from './rotate90.js';
import { spacing } from './spacing.js';
import { spatialCrop } from './spatial-crop.js';
import { spatialPad } from './spatial-pad.js';
import { spatialResample } from './spatial-resample.js';
import { transpose } from './transpose.js';
import { zoom } from './zoom.js';

const INVERTIBLE: readonly Operator[] = [
  orientation,
  flip,
  rotate90,
  transpose,
  spacing,
  spatialResample,
  resampleToMatch,
  resize,
  zoom,
  cropForeground,
  spatialPad,
  divisiblePad,
  borderPad,
  spatialCrop,
  centerSpatialCrop,
  resizeWithPadOrCrop,
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
