// CropForeground: to the box of what is foreground, with a margin.

import { divisibleSizes, type Margins } from '../imaging/crop-pad.js';
import { foregroundBox } from '../imaging/foreground.js';
import type { Place } from '../workflows/plan.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode, placeOfArgument } from './arguments.js';
import { evaluateLambda } from './lambda-evaluate.js';
import { keepsChannelAxis, NOWHERE, readLambda } from './lambda-expression.js';
import { changeMargins, takeMarginsBack } from './margins.js';
import type { Operator } from './operator.js';

export const cropForeground: Operator = {
  name: 'CropForeground',
  arguments: [
    { name: 'select_fn', defaultValue: null },
    { name: 'channel_indices', defaultValue: null },
    { name: 'margin', defaultValue: 0 },
    { name: 'allow_smaller', defaultValue: false },
    { name: 'return_coords', defaultValue: false },
    { name: 'k_divisible', defaultValue: 1 },
    { name: 'mode', defaultValue: 'constant' },
    LAZY,
    { name: 'value', defaultValue: 0 },
    { name: 'source_key', dictionaryOnly: true },
    { name: 'start_coord_key', defaultValue: 'foreground_start_coord', ignored: true, dictionaryOnly: true },
    { name: 'end_coord_key', defaultValue: 'foreground_end_coord', ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    read.mustBeUnset('return_coords', 'return_coords is not supported');
    return {
      ...foregroundTest(read, placeOfArgument(place, 'select_fn')),
      channel_indices: read.integersOrNull('channel_indices'),
      margin: read.integers('margin'),
      allow_smaller: read.boolean('allow_smaller'),
      k_divisible: read.integers('k_divisible'),
      mode: padMode(read, 'mode'),
      value: read.number('value'),
      source_key: read.stringOrNull('source_key'),
    };
  },

  /** The box depends on the voxels. */
  outline() {
    return undefined;
  },
  apply(image, args, { images }) {
    const sourceKey = args['source_key'] as string | null;
    const source = sourceKey === null ? image : images.get(sourceKey);
    if (!source) throw new RangeError(`there is no image "${sourceKey}" to find the foreground in`);
    const select = args['select'] as string | null;
    const tested = select === null ? source : evaluateLambda(source, readLambda(select, NOWHERE));
    const box = foregroundBox(tested, args['above'] as number, args['channel_indices'] as number[] | null);
    if (box.every(([start, end]) => start === end)) throw new RangeError('there is no foreground');
    const margins = cropMargins(
      box,
      image.sizes,
      args['margin'] as number[],
      args['allow_smaller'] as boolean,
      args['k_divisible'] as number[],
    );
    const cut = margins.map(([low, high]) => [Math.max(low, 0), Math.max(high, 0)] as const);
    const added = margins.map(([low, high]) => [Math.max(-low, 0), Math.max(-high, 0)] as const);
    return changeMargins(image, 'CropForeground', { cut, added }, args);
  },
  invert: takeMarginsBack,
};

/** Foreground is what is greater than a number, as MONAI's `is_positive` has it, or what a lambda `select` says. */
function foregroundTest(
  read: ArgumentReader,
  place: Place,
): { readonly above: number; readonly select: string | null } {
  const select = read.value('select_fn');
  if (select === null || (typeof select === 'string' && /(^|\.)is_positive$/.test(select))) {
    return { above: 0, select: null };
  }
  const text = read.string('select_fn');
  const lambda = /^\$?\s*lambda (\w+)\s*:\s*\1\s*>\s*(-?[\d.]+)\s*$/.exec(text);
  if (lambda) return { above: Number(lambda[2]), select: null };
  const tree = readLambda(text, place);
  if (!keepsChannelAxis(tree)) read.unsupported('select_fn', 'a function that drops the channel axis');
  return { above: 0, select: text };
}

/** Voxels to cut off (or, when negative, to add) before and behind, on each axis. */
function cropMargins(
  box: readonly (readonly [number, number])[],
  sizes: readonly number[],
  margin: readonly number[],
  allowSmaller: boolean,
  k: readonly number[],
): Margins {
  const wide = box.map(([start, end], axis): [number, number] => {
    const by = Math.max(margin.length === 1 ? margin[0]! : (margin[axis] ?? 0), 0);
    const [low, high] = [start - by, end + by];
    return allowSmaller ? [Math.max(low, 0), Math.min(high, sizes[axis]!)] : [low, high];
  });
  const own = wide.map(([low, high]) => high - low);
  return divisibleSizes(own, k).map((size, axis) => {
    const low = wide[axis]![0] - Math.floor((size - own[axis]!) / 2);
    return [low, sizes[axis]! - (low + size)];
  });
}
