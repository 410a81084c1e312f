// Zoom: sizes times a factor, and then, unless asked otherwise, padded or cropped back to what they were.
import type { PadMode } from '../imaging/crop-pad.js';
import type { Image } from '../imaging/image.js';
import { type ResizeMode, resizedGrid, resizeImage } from '../imaging/resize.js';
import { after } from './applied.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import { changeMargins, outlineOfMargins, takeMarginsBack } from './margins.js';
import type { Arguments, Operator, Outline } from './operator.js';
import { outlined } from './outline.js';
import { perAxis } from './per-axis.js';
import { resizeBack, resizeMode } from './resize.js';
import { marginsToSizes } from './resize-with-pad-or-crop.js';

export const zoom: Operator = {
  name: 'Zoom',
  arguments: [
    { name: 'zoom' },
    { name: 'mode', defaultValue: 'area', perKey: true },
    { name: 'padding_mode', defaultValue: 'edge', perKey: true },
    { name: 'align_corners', defaultValue: null, perKey: true },
    { name: 'dtype', defaultValue: 'float32', ignored: true },
    { name: 'keep_size', defaultValue: true },
    LAZY,
    { name: 'value', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    read.notLazy();
    const factors = read.numbers('zoom');
    if (factors.some((factor) => factor <= 0)) read.invalid('zoom', 'factors greater than 0');
    return {
      zoom: factors,
      ...resizeMode(read),
      padding_mode: padMode(read, 'padding_mode'),
      keep_size: read.boolean('keep_size'),
      value: read.number('value'),
    };
  },

  outline(image, args) {
    const sizes = zoomedSizes(image, args);
    const zoomed = { ...outlined(image), ...resizedGrid(image, sizes, args['align_corners'] as boolean) };
    if (!args['keep_size']) return after(outlined(image), 'Zoom', {}, { ...zoomed });
    const { sizes: kept, affineRas } = outlineOfMargins(zoomed, 'Zoom', marginsToSizes(sizes, image.sizes, true));
    return after(outlined(image), 'Zoom', {}, { sizes: kept, affineRas });
  },
  async apply(image, args, { threads }) {
    const sizes = zoomedSizes(image, args);
    const [mode, alignCorners] = [args['mode'] as ResizeMode, args['align_corners'] as boolean];
    const resized = await resizeImage(image, sizes, mode, alignCorners, threads);
    const zoomed: Image = { ...image, ...resized, integers: false };
    const notes = { mode, alignCorners, sizes };
    if (!args['keep_size']) return after(image, 'Zoom', notes, zoomed);
    const change = marginsToSizes(sizes, image.sizes, true);
    const padding = { mode: args['padding_mode'] as PadMode, value: args['value'] as number };
    const { applied: _, ...kept } = changeMargins(zoomed, 'Zoom', change, padding);
    return after(image, 'Zoom', { ...notes, ...change }, kept);
  },
  invert(image, operation, options) {
    return resizeBack(takeMarginsBack(image, operation), operation, options);
  },
};

function zoomedSizes({ sizes }: Outline, args: Arguments): number[] {
  const factors = perAxis(args['zoom'] as number[], sizes.length, 'zoom');
  const zoomed = sizes.map((size, axis) => Math.floor(size * factors[axis]!));
  if (zoomed.includes(0)) throw new RangeError(`nothing would be left of ${sizes.join(' × ')} voxels`);
  return zoomed;
}
