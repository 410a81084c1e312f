// Rotate90: by quarter turns in the plane of two axes. Strides and affine change, no voxel moves.
import type { AxisMoves } from '../imaging/orientation.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Arguments, Operator } from './operator.js';
import { flipMoves, outlineOfTurn, spatialAxes, turn, turnBack } from './turn.js';

export const rotate90: Operator = {
  name: 'Rotate90',
  arguments: [
    { name: 'k', defaultValue: 1 },
    { name: 'spatial_axes', defaultValue: [0, 1] },
    LAZY,
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    const axes = read.integers('spatial_axes');
    if (axes.length !== 2 || axes[0] === axes[1]) read.invalid('spatial_axes', 'two axes');
    return { k: ((read.integer('k') % 4) + 4) % 4, spatial_axes: axes };
  },

  outline(image, args) {
    return outlineOfTurn(image, 'Rotate90', moves(image.sizes.length, args));
  },
  apply(image, args) {
    return turn(image, 'Rotate90', moves(image.sizes.length, args));
  },
  invert: turnBack,
};

/** torch.rot90: one turn flips the second axis and swaps both. */
function moves(axes: number, args: Arguments): AxisMoves {
  const k = args['k'] as number;
  const [a, b] = spatialAxes(args['spatial_axes'] as number[], axes) as [number, number];
  if (k % 2 === 0) return flipMoves(axes, new Set(k === 0 ? [] : [a, b]));
  return flipMoves(axes, new Set()).map((move, axis) => {
    if (axis === a) return { to: b, flip: k === 1 ? 1 : -1 };
    if (axis === b) return { to: a, flip: k === 1 ? -1 : 1 };
    return move;
  });
}
