// What Flip, Rotate90 and Orientation share: axes that are turned by strides alone, and turned back.
import type { AppliedOperation, Image } from '../imaging/image.js';
import { type AxisMoves, invertMoves, moveAxes } from '../imaging/orientation.js';
import { affineBefore, after } from './applied.js';
import type { Outline } from './operator.js';
import { outlined } from './outline.js';

/** The image with its axes moved; its history says how. */
export function turn(image: Image, operator: string, moves: AxisMoves): Image {
  return after(image, operator, { moves }, moveAxes(image, moves));
}

/** The same without voxels. */
export function outlineOfTurn(image: Outline, operator: string, moves: AxisMoves): Outline {
  return turn(outlined(image), operator, moves);
}

/** Takes a turn back. */
export function turnBack(image: Image, operation: AppliedOperation): Image {
  const moved = moveAxes(image, invertMoves(operation.notes['moves'] as AxisMoves));
  return { ...image, ...moved, affineRas: affineBefore(operation, moved.affineRas) };
}

/** Axes as they are, but for those that are flipped. */
export function flipMoves(axes: number, flipped: ReadonlySet<number>): AxisMoves {
  return Array.from({ length: axes }, (_, axis) => ({ to: axis, flip: flipped.has(axis) ? -1 : 1 }));
}

/** Spatial axes by Python's indices. @throws RangeError for one that the image does not have */
export function spatialAxes(asked: readonly number[], axes: number): number[] {
  return asked.map((axis) => {
    if (axis < -axes || axis >= axes) throw new RangeError(`axis ${axis} of an image of ${axes} axes`);
    return axis < 0 ? axis + axes : axis;
  });
}
