// Axes as torch counts them: negative ones from the end.
import type { Arguments } from './arguments.js';

/** @throws OperatorError when the axis is outside -rank … rank - 1. A scalar counts as having one axis. */
export function normalizeAxis(args: Arguments, axis: number, rank: number): number {
  const limit = Math.max(rank, 1);
  if (axis < -limit || axis >= limit) throw args.error(`Axis ${axis} of a tensor with ${rank} axes.`);
  return axis < 0 ? axis + limit : axis;
}

export function normalizeAxes(args: Arguments, axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => normalizeAxis(args, axis, rank));
}
