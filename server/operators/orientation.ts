// Orientation: turns the axes towards given directions. Strides and affine change, no voxel moves.

import { type AxisMoves, axisDirections, axisMoves, directionsOfCodes } from '../imaging/orientation.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator, Outline } from './operator.js';
import { outlineOfTurn, turn, turnBack } from './turn.js';

export const orientation: Operator = {
  name: 'Orientation',
  arguments: [
    { name: 'axcodes', defaultValue: null },
    { name: 'as_closest_canonical', defaultValue: false },
    { name: 'labels', defaultValue: null },
    LAZY,
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    const labels = read.value('labels');
    if (labels !== null && JSON.stringify(labels) !== '[["L","R"],["P","A"],["I","S"]]') {
      read.unsupported(
        'labels',
        'other labels than left-right, posterior-anterior, inferior-superior',
        'Leave them out.',
      );
    }
    if (read.boolean('as_closest_canonical')) return { axcodes: null };
    const axcodes = read.string('axcodes');
    const axes = [...axcodes].map((code) => ['LR', 'PA', 'IS'].findIndex((pair) => pair.includes(code)));
    if (axes.length < 2 || axes.length > 3 || axes.includes(-1) || new Set(axes).size !== axes.length) {
      read.invalid('axcodes', 'one letter each of L or R, P or A, I or S, such as "RAS"');
    }
    return { axcodes };
  },

  outline(image, { axcodes }) {
    return outlineOfTurn(image, 'Orientation', moves(image, axcodes as string | null));
  },
  apply(image, { axcodes }) {
    return turn(image, 'Orientation', moves(image, axcodes as string | null));
  },
  invert: turnBack,
};

function moves({ sizes, affineRas }: Outline, axcodes: string | null): AxisMoves {
  const axes = sizes.length;
  const codes = (axcodes ?? 'RAS').slice(0, axes);
  return axisMoves(axisDirections(affineRas, axes), directionsOfCodes(codes));
}
