// The greatest channel of a linearly resampled tensor, without ever building the resampled channels.
//
// Gives what resampling every channel and then taking the argmax would, to the last bit: see sure-labels.ts for why most
// voxels need no arithmetic, and resize-linear.ts and resample.ts for the arithmetic of the others.
import type { AxisTable } from './axis-table.js';
import { type CellRanges, CellWriter, type Interpolation } from './cell-argmax.js';
import { createLabelCells, type LabelCells, labelCellsScratch } from './label-cells.js';
import { createKernels, type Kernels, wholeVectors } from './simd/kernels.js';
import { createSureLabeller, doubtOf, type LabelArray, newLabels, type SureLabeller } from './sure-labels.js';
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
export function argmaxResampled(
  tensor: ChannelTensor,
  tables: Tables,
  interpolation: Interpolation,
  layout: LabelLayout,
  softmax = false,
): LabelArray {
  const ranges = ([0, 1, 2] as const).map((axis) =>
    cellRanges(tables[axis], tensor.sizes[axis]),
  ) as unknown as OfAxes<CellRanges>;
  const labels = newLabels(tensor.channels, tables[0].low.length * tables[1].low.length * tables[2].low.length);
  const labeller = createSureLabeller(tensor.data, tensor.channels, softmax);
  const whole = wholeWeights(tables);
  if (!whole) labeller.labels.fill(doubtOf(labels));
  const writer = new CellWriter(
    labels,
    tensor,
    tables,
    ranges,
    interpolation,
    layout.strides,
    layout.offset,
    whole,
    softmax,
  );
  const kernels = createKernels(scratchFor(tensor.sizes));
  writeDoubtful(labeller, tensor.sizes, whole, writer, kernels, ranges);
  writeSure(labels, labeller.labels, tensor.sizes, ranges, layout, kernels);
  return labels;
}

/**
 * Computes the cells in doubt, plane by plane behind the labelling: in the order in which the tensor lies and while it is
 * in the cache, since fetching their corners from memory would take longer than all else.
 */
function writeDoubtful(
  labeller: SureLabeller,
  sizes: OfAxes<number>,
  whole: boolean,
  writer: CellWriter,
  kernels: Kernels,
  ranges: OfAxes<CellRanges>,
): void {
  const [n0, n1, n2] = sizes;
  const cells = createLabelCells(labeller.labels, n2, n1, kernels);
  const doubt = doubtOf(labeller.labels);
  for (let x = 0; x < n0; x++) {
    if (whole) labeller.labelTo(Math.min(x + 2, n0) * n1 * n2);
    if (ranges[0].first[x] === ranges[0].end[x]) continue;
    cells.moveTo(x);
    writeDoubtfulPlane(cells, doubt, x, n1 * n2, n2, writer, ranges);
  }
}

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

/** Fills what cells of one sure label cover, in the order in which the labels lie. */
function writeSure(
  labels: LabelArray,
  sure: LabelArray,
  sizes: OfAxes<number>,
  ranges: OfAxes<CellRanges>,
  { strides, offset }: LabelLayout,
  kernels: Kernels,
): void {
  const axes = axesByStride(strides.map((stride) => stride || Number.MAX_SAFE_INTEGER));
  const [fast, middle, slow] = axes;
  const [nf, ng] = [sizes[fast], sizes[middle]];
  const cells = createLabelCells(turned(sure, sizes, axes, kernels), nf, ng, kernels);
  const [rows, planes] = [ranges[middle], ranges[slow]];
  for (let h = 0; h < sizes[slow]; h++) {
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
}

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

/** Scratch memory that suffices for the cells of any plane and for turning one. They are used one after the other. */
function scratchFor([n0, n1, n2]: OfAxes<number>): number {
  const plane = Math.max(n0 * n1, n0 * n2, n1 * n2);
  return Math.max(labelCellsScratch(plane), 2 * wholeVectors(n0) * wholeVectors(n2));
}

/** Labels in C order with other axes fastest, less fast and slowest. */
function turned(
  labels: LabelArray,
  sizes: OfAxes<number>,
  [fast, middle, slow]: OfAxes<Axis>,
  kernels: Kernels,
): LabelArray {
  if (fast === 2 && middle === 1) return labels;
  const result = newLabelsLike(labels, labels.length);
  if (labels instanceof Uint8Array && fast === 0 && middle === 1) {
    turnPlanes(labels, sizes, result, kernels);
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

/** From the last axis fastest to the first axis fastest, plane by plane of the middle axis, in squares of 16. */
function turnPlanes(
  from: Uint8Array,
  [n0, n1, n2]: OfAxes<number>,
  to: LabelArray,
  { u8, transposeBytes }: Kernels,
): void {
  const [rowBytes, columnBytes] = [wholeVectors(n2), wholeVectors(n0)];
  const out = columnBytes * rowBytes;
  for (let y = 0; y < n1; y++) {
    for (let x = 0; x < n0; x++) {
      const start = (x * n1 + y) * n2;
      u8.set(from.subarray(start, start + n2), x * rowBytes);
    }
    for (let x = 0; x < n0; x += 16) {
      for (let z = 0; z < n2; z += 16) {
        transposeBytes(x * rowBytes + z, rowBytes, out + z * columnBytes + x, columnBytes);
      }
    }
    for (let z = 0; z < n2; z++) {
      to.set(u8.subarray(out + z * columnBytes, out + z * columnBytes + n0), (z * n1 + y) * n0);
    }
  }
}

/** Whether every sample's weights sum to one, which zeros padding breaks. */
function wholeWeights(tables: Tables): boolean {
  return tables.every((table) =>
    table.low.every((_, o) => Math.abs(table.lowWeight[o]! + table.highWeight[o]! - 1) < 1e-6),
  );
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

function newLabelsLike(labels: LabelArray, length: number): LabelArray {
  return labels instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
}
