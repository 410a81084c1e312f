// Undoes on an answer, the last first, what was done to an image.
import type { AppliedOperation, Image } from '../imaging/image.js';
import { borderPad } from './border-pad.js';
import { centerSpatialCrop } from './center-spatial-crop.js';
import { cropForeground } from './crop-foreground.js';
import { divisiblePad } from './divisible-pad.js';
import { flip } from './flip.js';
import type { InvertOptions, Operator } from './operator.js';
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
export async function undo(image: Image, operation: AppliedOperation, options: InvertOptions): Promise<Image> {
  const operator = INVERTIBLE.find(({ name }) => name === operation.operator);
  if (!operator?.invert) throw new RangeError(`${operation.operator} cannot be inverted`);
  return await operator.invert(image, operation, options);
}

/** All of `origin`'s operations undone on `image`, which lies on origin's grid. */
export async function undoAll(image: Image, origin: Image, options: InvertOptions): Promise<Image> {
  let result: Image = { ...image, affineRas: origin.affineRas };
  for (const operation of origin.applied.toReversed()) result = await undo(result, operation, options);
  return { ...result, applied: [] };
}
