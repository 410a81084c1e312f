// The greatest channel of a linearly resampled tensor, without ever building the resampled channels.
//
// Gives what resampling every channel and then taking the argmax would, to the last bit: see sure-labels.ts for why most
// voxels need no arithmetic, and resize-linear.ts and resample.ts for the arithmetic of the others.
import type { AxisTable } from './axis-table.js';
import { createEvaluator, type Interpolation } from './cell-argmax.js';
import { doubtOf, type LabelArray, newLabels, sureLabels } from './sure-labels.js';
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

type Tables = readonly [AxisTable, AxisTable, AxisTable];

/** Labels of the new grid that the tables, one an axis, describe. Indices of a table must not fall. */
export function argmaxResampled(
  tensor: ChannelTensor,
  tables: Tables,
  interpolation: Interpolation,
  layout: LabelLayout,
): LabelArray {
  const [fast, middle, slow] = axesByStride(layout.strides.map((stride) => stride || Number.MAX_SAFE_INTEGER));
  const [tf, tg, th] = [tables[fast], tables[middle], tables[slow]];
  const rows = sureRows(tensor, [fast, middle, slow], wholeWeights(tables));
  const labels = newLabels(tensor.channels, tf.low.length * tg.low.length * th.low.length);
  const evaluate = createEvaluator(tensor, tables, interpolation, fast);
  const cells = cellRanges(tf, tensor.sizes[fast]);
  const runs = createRowRuns(tensor.sizes[middle], tensor.sizes[fast], tf);
  const doubt = doubtOf(labels);
  const [sf, sg, sh] = [layout.strides[fast], layout.strides[middle], layout.strides[slow]];
  for (let h = 0; h < th.low.length; h++) {
    runs.startPlane(th.low[h]!, th.high[h]!);
    for (let g = 0; g < tg.low.length; g++) {
      const row = runs.ofRow(rows, tg.low[g]!, tg.high[g]!);
      const start = layout.offset + g * sg + h * sh;
      for (let n = row.first; n < row.last; n += 3) {
        const label = row.runs[n]!;
        const from = cells.first[row.runs[n + 1]!]!;
        const end = cells.end[row.runs[n + 2]! - 1]!;
        if (from >= end) continue;
        if (label === doubt) evaluate(labels, start, sf, from, end, g, h, middle, slow);
        else if (label !== 0 && sf > 0) labels.fill(label, start + from, start + end);
        else if (label !== 0) labels.fill(label, start - end + 1, start - from + 1);
      }
    }
  }
  return labels;
}

/** The sure labels with the target's fast axis fastest, then its middle one: doubt everywhere when weights may be cut. */
function sureRows(
  tensor: ChannelTensor,
  [fast, middle, slow]: readonly [Axis, Axis, Axis],
  whole: boolean,
): { labels: LabelArray; nf: number; ng: number } {
  const { data, channels, sizes } = tensor;
  const [nf, ng] = [sizes[fast]!, sizes[middle]!];
  const own = sureLabels(data, channels);
  if (!whole) own.fill(doubtOf(own));
  if (fast === 2 && middle === 1) return { labels: own, nf, ng };
  const labels = newLabels(channels, own.length);
  const strides = [0, 0, 0, 0];
  strides[fast + 1] = 1;
  strides[middle + 1] = nf;
  strides[slow + 1] = nf * ng;
  const view = {
    channels: 1,
    sizes,
    data: own,
    strides: [0, sizes[1] * sizes[2], sizes[2], 1],
    offset: 0,
    affineRas: [],
    applied: [],
  };
  copyVoxels(view, labels, strides, 0);
  return { labels, nf, ng };
}

/** Whether every sample's weights sum to one, which zeros padding breaks. */
function wholeWeights(tables: Tables): boolean {
  return tables.every((table) =>
    table.low.every((_, o) => Math.abs(table.lowWeight[o]! + table.highWeight[o]! - 1) < 1e-6),
  );
}

/** The new indices whose lower neighbour is each old one. @throws RangeError when the indices fall. */
function cellRanges(table: AxisTable, oldSize: number): { first: Int32Array; end: Int32Array } {
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

interface RowRuns {
  /** Moves to another pair of planes; what was found in the same pair is kept. */
  startPlane(low: number, high: number): void;
  /** Runs of cells with one label (or doubt), as triples (label, first cell, one behind the last). */
  ofRow(
    rows: { labels: LabelArray; nf: number; ng: number },
    low: number,
    high: number,
  ): { runs: Int32Array; first: number; last: number };
}

function createRowRuns(ng: number, nf: number, table: AxisTable): RowRuns {
  const perRow = 3 * nf;
  const runs = new Int32Array(ng * perRow);
  const lengths = new Int32Array(ng);
  const next = Int32Array.from({ length: nf }, (_, x) => Math.min(x + 1, nf - 1));
  for (let o = 0; o < table.low.length; o++) next[table.low[o]!] = table.high[o]!;
  let plane: [number, number] = [-1, -1];
  return {
    startPlane(low, high) {
      if (plane[0] === low && plane[1] === high) return;
      plane = [low, high];
      lengths.fill(-1);
    },
    ofRow({ labels, nf: width, ng: height }, low, high) {
      const first = low * perRow;
      if (lengths[low]! < 0) {
        const at = (h: number, g: number): number => (h * height + g) * width;
        const [c, d] = [at(plane[1], low), at(plane[1], high)];
        lengths[low] = joinCells(labels, at(plane[0], low), at(plane[0], high), c, d, next, runs, first);
      }
      return { runs, first, last: first + lengths[low]! };
    },
  };
}

/** Compares the eight corners of each cell of a row, four rows of labels, and joins neighbours that are the same. */
function joinCells(
  labels: LabelArray,
  a: number,
  b: number,
  c: number,
  d: number,
  next: Int32Array,
  runs: Int32Array,
  first: number,
): number {
  const doubt = doubtOf(labels);
  let at = first;
  let current = -1;
  let here = columnLabel(labels, a, b, c, d, 0, doubt);
  for (let x = 0; x < next.length; x++) {
    const beyond = next[x] === x ? here : columnLabel(labels, a, b, c, d, next[x]!, doubt);
    const label = here === beyond ? here : doubt;
    if (label !== current) {
      if (at > first) runs[at - 1] = x;
      runs[at] = label;
      runs[at + 1] = x;
      at += 3;
      current = label;
    }
    here = beyond;
  }
  runs[at - 1] = next.length;
  return at - first;
}

function columnLabel(labels: LabelArray, a: number, b: number, c: number, d: number, x: number, doubt: number): number {
  const label = labels[a + x]!;
  return labels[b + x] === label && labels[c + x] === label && labels[d + x] === label ? label : doubt;
}
