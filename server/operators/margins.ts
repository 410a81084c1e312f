// What cropping and padding share: margins that are cut off and added, and taken back as MONAI does: what was added is cut
// off, what was cut off comes back as zeros.
import { crop, type Margins, type PadMode, pad, paddedSizes } from '../imaging/crop-pad.js';
import type { AppliedOperation, Image } from '../imaging/image.js';
import { affineBefore, after } from './applied.js';
import type { Arguments, Outline } from './operator.js';
import { outlined } from './outline.js';

/** What a transform cuts off first and adds then. */
export interface MarginChange {
  readonly cut?: Margins;
  readonly added?: Margins;
}

/** The image with its margins changed; its history says how. Padding as `mode` and `value` of the arguments say. */
export function changeMargins(image: Image, operator: string, change: MarginChange, args: Arguments): Image {
  const { cut, added } = change;
  const cropped = cut ? crop(image, cut) : image;
  if (cropped.sizes.includes(0)) throw new RangeError(`nothing would be left of ${image.sizes.join(' × ')} voxels`);
  const padded = added ? pad(cropped, added, args['mode'] as PadMode, args['value'] as number) : cropped;
  return after(image, operator, { ...change }, padded);
}

/** The same without voxels. */
export function outlineOfMargins(image: Outline, operator: string, change: MarginChange): Outline {
  const { cut, added } = change;
  const cropped = cut ? crop(outlined(image), cut) : outlined(image);
  if (cropped.sizes.includes(0)) throw new RangeError(`nothing would be left of ${image.sizes.join(' × ')} voxels`);
  return after(
    outlined(image),
    operator,
    { ...change },
    added ? { ...cropped, ...paddedSizes(cropped, added) } : cropped,
  );
}

/** Takes a change of margins back. */
export function takeMarginsBack(image: Image, operation: AppliedOperation): Image {
  const { cut, added } = operation.notes as MarginChange;
  const unpadded = added ? crop(image, added) : image;
  const uncut = cut ? pad(unpadded, cut, 'constant', 0) : unpadded;
  return { ...uncut, affineRas: affineBefore(operation, uncut.affineRas) };
}
