// InvertArgmax: `Invert` and `AsDiscrete(argmax)` in one, which no bundle names: `fuseSteps` puts it in.
//
// Channels are never built at full resolution. Operations that only move voxels give the same before and after the
// argmax, so everything up to the last mixing one is undone on labels.
import { softmax as softmaxOf } from '../imaging/activations.js';
import { argmaxOblique } from '../imaging/argmax-oblique.js';
import { argmaxResampled, type ChannelTensor, type LabelLayout } from '../imaging/argmax-resample.js';
import { type AxisTable, resizeTable } from '../imaging/axis-table.js';
import type { AppliedOperation, Image } from '../imaging/image.js';
import { affineOfAxes } from '../imaging/matrices.js';
import { type AxisMoves, moveAxes } from '../imaging/orientation.js';
import { type Padding, samplingTables } from '../imaging/resample.js';
import { mapToGrid } from '../imaging/resample-to-grid.js';
import { samplingGrid } from '../imaging/sampling-grid.js';
import { argmaxChannels, argmaxOfSoftmax, type LabelArray } from '../imaging/sure-labels.js';
import { contiguousTensor } from '../imaging/tensor.js';
import type { Threads } from '../imaging/threads.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { asThreeAxes, cOrderStrides } from '../imaging/voxel-layout.js';
import { withTensor } from './applied.js';
import { originOf } from './invert.js';
import type { Operator } from './operator.js';
import { undo } from './undo.js';

export const invertArgmax: Operator = {
  name: 'InvertArgmax',
  arguments: [],
  plan(args) {
    return args;
  },
  async apply(image, args, { images, threads }) {
    const origin = originOf(image, args, images);
    const nearest = args['nearest_interp'] as boolean;
    const options = { nearestInterp: nearest, threads };
    const { applied } = origin;
    const mixing = nearest ? -1 : applied.findIndex(mixes);
    // What is cut off comes back as zeros, which are probabilities.
    const plain = applied
      .slice(mixing + 1)
      .every(({ notes }) => 'moves' in notes || !('cut' in notes || 'mode' in notes));
    const late = args['softmax'] === true && mixing >= 0 && plain && image.channels > 2;
    const softmaxed = args['softmax'] === true && mixing >= 0 && !late ? withSoftmax(image) : image;
    let result: Image = { ...softmaxed, affineRas: origin.affineRas };
    for (const operation of applied.slice(mixing + 1).toReversed()) {
      if (mixing < 0) break;
      result = await undo(result, operation, options);
    }
    result =
      mixing < 0
        ? await argmax(result, threads, args['softmax'] === true)
        : await undoMixing(result, applied[mixing]!, applied.slice(0, mixing), late, threads);
    const rest = mixing < 0 ? applied : applied.slice(0, mixing);
    for (const operation of rest.toReversed()) result = await undo(result, operation, options);
    return { ...result, applied: [] };
  },
};

/** Operations that resample onto a grid in the world. */
const RESAMPLING: readonly string[] = ['Spacing', 'SpatialResample', 'ResampleToMatch'];

/** Whether undoing an operation mixes voxels: only linear, cubic and area resampling do. */
function mixes({ operator, notes }: AppliedOperation): boolean {
  const resamples = operator === 'Resize' || operator === 'Zoom' || RESAMPLING.includes(operator);
  return resamples && !String(notes['mode']).startsWith('nearest');
}

/** Undoes one mixing operation and takes the argmax. `before` are the operations that are left to undo. */
async function undoMixing(
  image: Image,
  operation: AppliedOperation,
  before: readonly AppliedOperation[],
  softmax: boolean,
  threads: Threads,
): Promise<Image> {
  const sizes = operation.sizesBefore;
  const active = (): Image => (softmax ? withSoftmax(image) : image);
  const undone = async (): Promise<Image> =>
    argmax(await undo(active(), operation, { nearestInterp: false, threads }), threads);
  if (operation.operator === 'Zoom') return await undone();
  if (operation.operator === 'Resize') {
    const same = sizes.every((size, axis) => size === image.sizes[axis]);
    // Of two axes torch adds in another order than of three, and there is little to save.
    if (same || sizes.length < 3 || operation.notes['mode'] !== 'linear') return await undone();
    const alignCorners = operation.notes['alignCorners'] as boolean;
    const tables = liftTables(image.sizes.map((size, axis) => resizeTable(size, sizes[axis]!, alignCorners)));
    const layout = layoutFor(sizes, before);
    const labels = await argmaxResampled(tensorOf(image), tables, 'nested', lifted(layout), softmax, threads);
    return labelImage(labels, layout, operation, image);
  }
  const oldFromNew = mapToGrid(image, affineOfAxes(operation.affineRasBefore, sizes.length), sizes);
  if (!oldFromNew) return { ...(await argmax(active(), threads)), affineRas: operation.affineRasBefore };
  const grid = samplingGrid(oldFromNew, image.sizes, sizes);
  const padding = operation.notes['padding'] as Padding;
  if (grid.separable && [0, 1, 2].every((axis) => grid.theta[axis]![axis]! > 0)) {
    const layout = layoutFor(sizes, before);
    const tables = samplingTables(grid, padding);
    const labels = await argmaxResampled(tensorOf(image), tables, 'products', lifted(layout), softmax, threads);
    return labelImage(labels, layout, operation, image);
  }
  const labels = await argmaxOblique(tensorOf(active()), grid, padding, threads);
  return { ...imageFromTensor(labels, 1, sizes, image), affineRas: operation.affineRasBefore, owned: true };
}

async function argmax(image: Image, threads: Threads, softmax = false): Promise<Image> {
  const argmaxOf = softmax ? argmaxOfSoftmax : argmaxChannels;
  const labels = await argmaxOf(contiguousTensor(image), image.channels, threads);
  return { ...imageFromTensor(labels, 1, image.sizes, image), owned: true };
}

function tensorOf(image: Image): ChannelTensor {
  const sizes = asThreeAxes(image).sizes as [number, number, number];
  return { data: contiguousTensor(image), channels: image.channels, sizes };
}

function withSoftmax(image: Image): Image {
  return withTensor(image, (tensor) => softmaxOf(tensor, image.channels));
}

interface Layout {
  readonly strides: readonly number[];
  readonly offset: number;
}

/**
 * Where labels must lie so that what is left to undo, when it only turns axes, leaves them as a volume has them: the
 * first axis of the original fastest.
 */
function layoutFor(sizes: readonly number[], before: readonly AppliedOperation[]): Layout {
  const onlyTurns = before.every(({ notes }) => 'moves' in notes);
  const original = onlyTurns ? (before[0]?.sizesBefore ?? sizes) : sizes;
  let view: Image = {
    channels: 1,
    sizes: original,
    data: new Uint8Array(0),
    strides: [0, ...cOrderStrides(original.toReversed()).slice(1).toReversed()],
    offset: 0,
    affineRas: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    applied: [],
  };
  if (onlyTurns) for (const { notes } of before) view = { ...view, ...moveAxes(view, notes['moves'] as AxisMoves) };
  return { strides: view.strides.slice(1), offset: view.offset };
}

function lifted({ strides, offset }: Layout): LabelLayout {
  const missing = 3 - strides.length;
  return { strides: [...new Array<number>(missing).fill(0), ...strides] as [number, number, number], offset };
}

function liftTables(tables: readonly AxisTable[]): readonly [AxisTable, AxisTable, AxisTable] {
  const missing = Array.from({ length: 3 - tables.length }, () => resizeTable(1, 1, false));
  return [...missing, ...tables] as [AxisTable, AxisTable, AxisTable];
}

function labelImage(labels: LabelArray, layout: Layout, operation: AppliedOperation, like: Image): Image {
  return {
    ...like,
    channels: 1,
    sizes: operation.sizesBefore,
    data: labels,
    strides: [labels.length, ...layout.strides],
    offset: layout.offset,
    affineRas: operation.affineRasBefore,
    owned: true,
  };
}
