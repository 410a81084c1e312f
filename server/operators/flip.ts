// Flip: the other way round along some axes, or all. Strides and affine change, no voxel moves.
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator } from './operator.js';
import { flipMoves, outlineOfTurn, spatialAxes, turn, turnBack } from './turn.js';

export const flip: Operator = {
  name: 'Flip',
  arguments: [{ name: 'spatial_axis', defaultValue: null }, LAZY, ...DICTIONARY_ARGUMENTS],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    return { spatial_axis: read.integersOrNull('spatial_axis') };
  },

  outline(image, { spatial_axis: axes }) {
    return outlineOfTurn(image, 'Flip', moves(image.sizes.length, axes as number[] | null));
  },
  apply(image, { spatial_axis: axes }) {
    return turn(image, 'Flip', moves(image.sizes.length, axes as number[] | null));
  },
  invert: turnBack,
};

function moves(axes: number, asked: readonly number[] | null) {
  const all = Array.from({ length: axes }, (_, axis) => axis);
  return flipMoves(axes, new Set(asked === null ? all : spatialAxes(asked, axes)));
}
