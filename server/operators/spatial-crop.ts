// SpatialCrop: to a box, given by its centre and sizes or by where it begins and ends.
import type { Margins } from '../imaging/crop-pad.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import { changeMargins, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Arguments, Operator, Outline } from './operator.js';

export const spatialCrop: Operator = {
  name: 'SpatialCrop',
  arguments: [
    { name: 'roi_center', defaultValue: null },
    { name: 'roi_size', defaultValue: null },
    { name: 'roi_start', defaultValue: null },
    { name: 'roi_end', defaultValue: null },
    { name: 'roi_slices', defaultValue: null },
    LAZY,
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    read.mustBeUnset('roi_slices', 'a list of slices is not supported', 'Write roi_start and roi_end.');
    const [center, size, start, end] = ['roi_center', 'roi_size', 'roi_start', 'roi_end'].map((name) =>
      read.integersOrNull(name),
    );
    if (center && size) {
      const axes = Math.max(center.length, size.length);
      const starts = fitted(center, axes, read, 'roi_center').map((at, n) =>
        Math.max(at - Math.floor(fitted(size, axes, read, 'roi_size')[n]! / 2), 0),
      );
      return { start: starts, end: starts.map((at, n) => at + fitted(size, axes, read, 'roi_size')[n]!) };
    }
    if (!start || !end) return read.invalid('roi_start', 'a box: roi_center and roi_size, or roi_start and roi_end');
    const axes = Math.max(start.length, end.length);
    const starts = fitted(start, axes, read, 'roi_start').map((at) => Math.max(at, 0));
    return { start: starts, end: fitted(end, axes, read, 'roi_end') };
  },

  outline(image, args) {
    return outlineOfMargins(image, 'SpatialCrop', { cut: margins(image, args) });
  },
  apply(image, args) {
    return changeMargins(image, 'SpatialCrop', { cut: margins(image, args) }, args);
  },
  invert: takeMarginsBack,
};

/** One number stands for as many as there are axes. */
function fitted(list: readonly number[], axes: number, read: ArgumentReader, name: string): readonly number[] {
  if (list.length === axes) return list;
  return list.length === 1 ? Array.from({ length: axes }, () => list[0]!) : read.invalid(name, `${axes} whole numbers`);
}

/** Axes that the box does not name are kept whole. */
function margins({ sizes }: Outline, args: Arguments): Margins {
  const [starts, ends] = [args['start'] as number[], args['end'] as number[]];
  return sizes.map((size, axis) => {
    if (axis >= starts.length) return [0, 0];
    const start = Math.min(starts[axis]!, size);
    return [start, size - Math.max(Math.min(ends[axis]!, size), start)];
  });
}
