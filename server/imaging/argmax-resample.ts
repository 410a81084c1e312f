// The greatest channel of a linearly resampled tensor, without ever building the resampled channels.
//
// Gives what resampling every channel and then taking the argmax would, to the last bit: see sure-labels.ts for why most
// voxels need no arithmetic, and resize-linear.ts and resample.ts for the arithmetic of the others.

import type { AxisTable } from './axis-table.js';
import { type CellRanges, CellWriter, type Interpolation } from './cell-argmax.js';
import { SharedCopy } from './copy-shared.js';
import { createLabelCells, type LabelCells, labelCellsScratch } from './label-cells.js';
import { createKernels, kernelsWith, wholeVectors } from './simd/kernels.js';
import { createSureLabeller, doubtOf, type LabelArray, newLabels } from './sure-labels.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';
import { type Axis, axesByStride, copyVoxels } from './voxel-layout.js';

/** A contiguous channel-first tensor with three spatial axes. */
export interface ChannelTensor {
  readonly data: Float32Array;
  readonly channels: number;
  readonly sizes: readonly [number, number, number];
}

/** How the labels shall lie, without gaps: strides for the three axes, in elements; 0 for an axis of one voxel. */
export interface LabelLayout {
  readonly strides: readonly [number, number, number];
  readonly offset: number;
}

type OfAxes<T> = readonly [T, T, T];
type Tables = OfAxes<AxisTable>;

/**
 * Labels of the new grid that the tables, one an axis, describe. Indices of a table must not fall.
 * @param softmax whether the softmax of the channels is what is resampled. It is worked out to the last bit only where a
 *   label depends on it.
 */
export async function argmaxResampled(
  tensor: ChannelTensor,
  tables: Tables,
  interpolation: Interpolation,
  layout: LabelLayout,
  softmax: boolean,
  threads: Threads,
): Promise<LabelArray> {
  const { channels, sizes } = tensor;
  const team = threads.seeing(tensor.data);
  const labels = newLabels(channels, tables[0].low.length * tables[1].low.length * tables[2].low.length, team);
  const sure = newLabels(channels, sizes[0] * sizes[1] * sizes[2], team);
  const count = partsFor(team, sizes[0], LEAST_PLANES);
  await team.run('doubtfulCells', { tensor, tables, interpolation, layout, softmax, labels, sure, count }, count);
  await writeSure({ labels, sure, sizes, tables, layout }, team);
  return labels;
}

/** Planes of cells that a part has at least: its last plane of labels is found by the next part, too. */
const LEAST_PLANES = 8;

export interface CellsJob {
  readonly tensor: ChannelTensor;
  readonly tables: Tables;
  readonly interpolation: Interpolation;
  readonly layout: LabelLayout;
  readonly softmax: boolean;
  /** Of the new grid, and the sure ones of the tensor's: both are filled. */
  readonly labels: LabelArray;
  readonly sure: LabelArray;
  readonly count: number;
}

/**
 * Computes the cells in doubt of some planes, plane by plane behind the labelling: in the order in which the tensor lies
 * and while it is in the cache, since fetching their corners from memory would take longer than all else.
 */
export const doubtfulCells = definePart({
  begin({ tensor, tables, interpolation, layout, softmax, labels, sure, count }: CellsJob) {
    const [, n1, n2] = tensor.sizes;
    const ranges = rangesOf(tables, tensor.sizes);
    const label = createSureLabeller(tensor.data, tensor.channels, softmax, sure);
    const whole = wholeWeights(tables);
    const { strides, offset } = layout;
    const writer = new CellWriter(labels, tensor, tables, ranges, interpolation, strides, offset, whole, softmax);
    const cells = createLabelCells(sure, n2, n1, createKernels(labelCellsScratch(n1 * n2)));
    return { sizes: tensor.sizes, ranges, label, whole, writer, cells, sure, count };
  },
  work({ sizes, ranges, label, whole, writer, cells, sure, count }, part) {
    const [n0, n1, n2] = sizes;
    const doubt = doubtOf(sure);
    const [from, end] = rangeOfPart(n0, count, part);
    let labelled = from;
    for (let x = from; x < end; x++) {
      const next = Math.min(x + 2, n0);
      if (whole) label(labelled * n1 * n2, next * n1 * n2);
      else sure.fill(doubt, labelled * n1 * n2, next * n1 * n2);
      labelled = next;
      if (ranges[0].first[x] === ranges[0].end[x]) continue;
      cells.moveTo(x);
      writeDoubtfulPlane(cells, doubt, x, n1 * n2, n2, writer, ranges);
    }
  },
});

function writeDoubtfulPlane(
  cells: LabelCells,
  doubt: number,
  x: number,
  stop: number,
  n2: number,
  writer: CellWriter,
  [, rows, places]: OfAxes<CellRanges>,
): void {
  for (let at = cells.find(doubt, 0, stop); at < stop; ) {
    const y = Math.floor(at / n2);
    const endOfRow = (y + 1) * n2;
    if (rows.first[y] !== rows.end[y]) {
      writer.prepare(x, y, at - y * n2, endOfDoubt(cells, doubt, at, endOfRow) - y * n2);
      while (at < endOfRow) {
        const end = cells.endOfRun(at, endOfRow);
        for (; at < end; at++) {
          const z = at - y * n2;
          if (places.first[z] !== places.end[z]) writer.write(x, y, z);
        }
        at = cells.find(doubt, at, endOfRow);
      }
    }
    at = cells.find(doubt, endOfRow, stop);
  }
}

/** Behind the last cell in doubt of a row, from one on that is. */
function endOfDoubt(cells: LabelCells, doubt: number, from: number, endOfRow: number): number {
  let end = from;
  for (let at = from; at < endOfRow; at = cells.find(doubt, end, endOfRow)) end = cells.endOfRun(at, endOfRow);
  return end;
}

/** What cells of one sure label cover. */
export interface SureMap {
  /** Of the new grid. */
  readonly labels: LabelArray;
  /** Of the old one, in C order. */
  readonly sure: LabelArray;
  readonly sizes: OfAxes<number>;
  readonly tables: Tables;
  readonly layout: LabelLayout;
}

/** Fills it, in the order in which the labels lie. */
async function writeSure(map: SureMap, threads: Threads): Promise<void> {
  const { sizes, layout } = map;
  const axes = axesByStride(layout.strides.map((stride) => stride || Number.MAX_SAFE_INTEGER));
  const turned = await turnedLabels(map.sure, sizes, axes, threads);
  const count = partsFor(threads, sizes[axes[2]], LEAST_PLANES);
  await threads.run('sureCells', { ...map, turned, axes, count }, count);
}

/** `turned` are the sure labels with the first of `axes` fastest and the last slowest. */
export interface SureCellsJob extends SureMap {
  readonly turned: LabelArray;
  readonly axes: OfAxes<Axis>;
  readonly count: number;
}

export const sureCells = definePart({
  begin({ labels, turned, sizes, tables, layout, axes, count }: SureCellsJob) {
    const [nf, ng] = [sizes[axes[0]], sizes[axes[1]]];
    const ranges = rangesOf(tables, sizes);
    const cells = createLabelCells(turned, nf, ng, kernelsWith(labelCellsScratch(nf * ng)));
    return { labels, sizes, ranges, layout, axes, cells, count };
  },
  work({ labels, sizes, ranges, layout, axes, cells, count }, part) {
    const { strides, offset } = layout;
    const [fast, middle, slow] = axes;
    const [nf, ng] = [sizes[fast], sizes[middle]];
    const [rows, planes] = [ranges[middle], ranges[slow]];
    const [from, end] = rangeOfPart(sizes[slow], count, part);
    for (let h = from; h < end; h++) {
      if (planes.first[h] === planes.end[h]) continue;
      cells.moveTo(h);
      for (let g = 0; g < ng; g++) {
        const place = {
          start: offset + planes.first[h]! * strides[slow] + rows.first[g]! * strides[middle],
          planes: planes.end[h]! - planes.first[h]!,
          rows: rows.end[g]! - rows.first[g]!,
          planeStep: strides[slow],
          rowStep: strides[middle],
          forwards: strides[fast] > 0,
        };
        if (place.rows > 0) fillRow(labels, cells, g * nf, nf, ranges[fast], place);
      }
    }
  },
});

/** Rows of the result that lie in the same row of cells. */
interface RowsPlace {
  readonly start: number;
  readonly planes: number;
  readonly rows: number;
  readonly planeStep: number;
  readonly rowStep: number;
  readonly forwards: boolean;
}

function fillRow(
  labels: LabelArray,
  cells: LabelCells,
  first: number,
  count: number,
  places: CellRanges,
  place: RowsPlace,
): void {
  const doubt = doubtOf(labels);
  const stop = first + count;
  for (let at = first, next = first; at < stop; at = next) {
    const label = cells.at(at);
    next = cells.endOfRun(at, stop);
    if (label === 0 || label === doubt) continue;
    const from = places.first[at - first]!;
    const end = places.end[next - 1 - first]!;
    for (let k = 0; k < place.planes; k++) {
      for (let j = 0; j < place.rows; j++) {
        const start = place.start + k * place.planeStep + j * place.rowStep + (place.forwards ? from : 1 - end);
        fillSpan(labels, label, start, start + end - from);
      }
    }
  }
}

/** Spans are short: a loop takes less than a call of `fill`. */
function fillSpan(labels: LabelArray, label: number, from: number, end: number): void {
  for (let at = from; at < end; at++) labels[at] = label;
}

/** Labels in C order with other axes fastest, less fast and slowest. */
async function turnedLabels(
  labels: LabelArray,
  sizes: OfAxes<number>,
  [fast, middle, slow]: OfAxes<Axis>,
  threads: Threads,
): Promise<LabelArray> {
  if (fast === 2 && middle === 1) return labels;
  const Kind = labels instanceof Uint8Array ? Uint8Array : Uint16Array;
  const result = threads.zeros<LabelArray>(Kind, labels.length);
  if (labels instanceof Uint8Array && fast === 0 && middle === 1) {
    const count = partsFor(threads, sizes[1], LEAST_PLANES);
    await threads.run('turnPlanes', { from: labels, to: result, sizes, count }, count);
    return result;
  }
  const strides = [0, 0, 0, 0];
  strides[fast + 1] = 1;
  strides[middle + 1] = sizes[fast];
  strides[slow + 1] = sizes[fast] * sizes[middle];
  const view = {
    channels: 1,
    sizes,
    data: labels,
    strides: [0, sizes[1] * sizes[2], sizes[2], 1],
    offset: 0,
    affineRas: [],
    applied: [],
  };
  copyVoxels(view, result, strides, 0);
  return result;
}

export interface TurnJob {
  readonly from: Uint8Array;
  readonly to: LabelArray;
  readonly sizes: OfAxes<number>;
  readonly count: number;
}

/** From the last axis fastest to the first axis fastest, plane by plane of the middle axis, in squares of 16. */
export const turnPlanes = definePart({
  begin({ from, to, sizes, count }: TurnJob) {
    const [n0, , n2] = sizes;
    const [rowBytes, columnBytes] = [wholeVectors(n2), wholeVectors(n0)];
    const out = columnBytes * rowBytes;
    const { u8, transposeBytes } = kernelsWith(2 * out);
    const [copyIn, copyOut] = [new SharedCopy(u8, from), new SharedCopy(to, u8)];
    return { sizes, rowBytes, columnBytes, out, transposeBytes, copyIn, copyOut, count };
  },
  work({ sizes, rowBytes, columnBytes, out, transposeBytes, copyIn, copyOut, count }, part) {
    const [n0, n1, n2] = sizes;
    const [first, end] = rangeOfPart(n1, count, part);
    for (let y = first; y < end; y++) {
      for (let x = 0; x < n0; x++) {
        const start = (x * n1 + y) * n2;
        copyIn.copy(x * rowBytes, start, start + n2);
      }
      for (let x = 0; x < n0; x += 16) {
        for (let z = 0; z < n2; z += 16) {
          transposeBytes(x * rowBytes + z, rowBytes, out + z * columnBytes + x, columnBytes);
        }
      }
      for (let z = 0; z < n2; z++) {
        copyOut.copy((z * n1 + y) * n0, out + z * columnBytes, out + z * columnBytes + n0);
      }
    }
  },
});

/** Whether every sample's weights sum to one, which zeros padding breaks. */
function wholeWeights(tables: Tables): boolean {
  return tables.every((table) =>
    table.low.every((_, o) => Math.abs(table.lowWeight[o]! + table.highWeight[o]! - 1) < 1e-6),
  );
}

function rangesOf(tables: Tables, sizes: OfAxes<number>): OfAxes<CellRanges> {
  return [cellRanges(tables[0], sizes[0]), cellRanges(tables[1], sizes[1]), cellRanges(tables[2], sizes[2])];
}

/** @throws RangeError when the indices of the table fall. */
function cellRanges(table: AxisTable, oldSize: number): CellRanges {
  const first = new Int32Array(oldSize);
  const end = new Int32Array(oldSize);
  let at = 0;
  for (let cell = 0; cell < oldSize; cell++) {
    first[cell] = at;
    while (at < table.low.length && table.low[at] === cell) at++;
    end[cell] = at;
  }
  if (at !== table.low.length) throw new RangeError('the new grid runs backwards');
  return { first, end };
}
