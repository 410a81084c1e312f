// The greatest channel of the samples in one cell of a tensor, by torch's two ways of mixing its eight corners.
import { softmax } from './activations.js';
import type { ChannelTensor } from './argmax-resample.js';
import type { AxisTable } from './axis-table.js';
import { Contenders } from './contenders.js';
import { type LabelArray, MARGIN } from './sure-labels.js';

/** 'nested': `interpolate`, float32, axis by axis from the last. 'products': `grid_sample`, float64, eight products. */
export type Interpolation = 'nested' | 'products';

/** The new indices of one axis whose lower neighbour is each old one: `first[old]` to `end[old]`. */
export interface CellRanges {
  readonly first: Int32Array;
  readonly end: Int32Array;
}

type OfAxes<T> = readonly [T, T, T];

/**
 * Writes labels of the samples in a cell. A class, so that its methods are compiled once and not for every image.
 *
 * Labels are decided in float64 without rounding on the way. Where two channels come so near that torch's rounding could
 * turn them round, and there only, its own arithmetic is repeated.
 */
export class CellWriter {
  /** Channel by channel the eight corners of a cell, the last axis first. */
  private readonly corners: Float64Array;
  /** The same again, of all channels, for the arithmetic that a bit depends on. */
  private readonly all: Float64Array;
  private readonly edges: Float64Array;
  private readonly ends: Float64Array;
  /** The channels that `edges` and `ends` are of. */
  private readonly kept: Int32Array;
  /** Eight corners as the network gave them, channel by channel. */
  private readonly logits: Float32Array;
  private readonly contenders: Contenders;

  constructor(
    private readonly labels: LabelArray,
    private readonly tensor: ChannelTensor,
    private readonly tables: OfAxes<AxisTable>,
    private readonly ranges: OfAxes<CellRanges>,
    private readonly interpolation: Interpolation,
    private readonly strides: OfAxes<number>,
    private readonly offset: number,
    /** Whether the weights of every sample add up to 1: with zeros beyond the edge they do not. */
    private readonly whole: boolean,
    /** Whether it is the softmax of the channels that is sampled. */
    private readonly softmax = false,
  ) {
    this.corners = new Float64Array(8 * tensor.channels);
    this.all = new Float64Array(8 * tensor.channels);
    this.edges = new Float64Array(4 * tensor.channels);
    this.ends = new Float64Array(2 * tensor.channels);
    this.kept = new Int32Array(tensor.channels);
    this.logits = new Float32Array(8 * tensor.channels);
    this.contenders = new Contenders(tensor, softmax);
  }

  /** Called before cells `from` to `end` of a row are written. */
  prepare(x: number, y: number, from: number, end: number): void {
    if (this.tensor.channels > 2 || this.softmax) this.contenders.find(x, y, from, end);
  }

  /** All samples of the cell whose lowest corner is at the given old indices. */
  write(x: number, y: number, z: number): void {
    if (this.tensor.channels === 2 && !this.softmax) this.writeTwo(x, y, z);
    else this.writeMany(x, y, z);
  }

  /** The common case: the sign of the second channel's lead over the first, which is mixed like a channel of its own. */
  private writeTwo(x: number, y: number, z: number): void {
    const { labels, tables, ranges, strides } = this;
    const { data, sizes } = this.tensor;
    const n1 = sizes[1];
    const n2 = sizes[2];
    const perChannel = sizes[0] * n1 * n2;
    const p0 = (x * n1 + y) * n2 + z;
    const stepZ = z + 1 < n2 ? 1 : 0;
    const p2 = y + 1 < n1 ? p0 + n2 : p0;
    const stepX = x + 1 < sizes[0] ? n1 * n2 : 0;
    const p4 = p0 + stepX;
    const p6 = p2 + stepX;
    const a0 = data[p0]!;
    const b0 = data[p0 + stepZ]!;
    const c0 = data[p2]!;
    const d0 = data[p2 + stepZ]!;
    const e0 = data[p4]!;
    const f0 = data[p4 + stepZ]!;
    const g0 = data[p6]!;
    const h0 = data[p6 + stepZ]!;
    const a = data[p0 + perChannel]! - a0;
    const b = data[p0 + perChannel + stepZ]! - b0;
    const c = data[p2 + perChannel]! - c0;
    const d = data[p2 + perChannel + stepZ]! - d0;
    const e = data[p4 + perChannel]! - e0;
    const f = data[p4 + perChannel + stepZ]! - f0;
    const g = data[p6 + perChannel]! - g0;
    const h = data[p6 + perChannel + stepZ]! - h0;
    const { abs } = Math;
    // At least as much as the greatest magnitude of any corner: the first channel's, and its distance to the second's.
    const magnitude =
      abs(a0) +
      abs(b0) +
      (abs(c0) + abs(d0)) +
      (abs(e0) + abs(f0) + (abs(g0) + abs(h0))) +
      (abs(a) + abs(b) + (abs(c) + abs(d)) + (abs(e) + abs(f) + (abs(g) + abs(h))));
    const margin = MARGIN * magnitude;
    const t0 = tables[0];
    const t1 = tables[1];
    const t2 = tables[2];
    const step = strides[0];
    const endK = ranges[2].end[z]!;
    const endJ = ranges[1].end[y]!;
    const endI = ranges[0].end[x]!;
    for (let k = ranges[2].first[z]!; k < endK; k++) {
      const lowWeight2 = t2.lowWeight[k]!;
      const highWeight2 = t2.highWeight[k]!;
      const ab = a * lowWeight2 + b * highWeight2;
      const cd = c * lowWeight2 + d * highWeight2;
      const ef = e * lowWeight2 + f * highWeight2;
      const gh = g * lowWeight2 + h * highWeight2;
      for (let j = ranges[1].first[y]!; j < endJ; j++) {
        const low = ab * t1.lowWeight[j]! + cd * t1.highWeight[j]!;
        const high = ef * t1.lowWeight[j]! + gh * t1.highWeight[j]!;
        const start = this.offset + j * strides[1] + k * strides[2];
        for (let i = ranges[0].first[x]!; i < endI; i++) {
          const lead = low * t0.lowWeight[i]! + high * t0.highWeight[i]!;
          const clear = Math.abs(lead) > margin;
          labels[start + i * step] = clear ? (lead > 0 ? 1 : 0) : this.exact(x, y, z, i, j, k);
        }
      }
    }
  }

  private writeMany(x: number, y: number, z: number): void {
    const { corners, labels, tables, ranges, strides, kept } = this;
    const count = this.contenders.read(z, corners, kept);
    const margin = this.contenders.marginAt(z);
    const edges = this.edges.subarray(0, 4 * count);
    const ends = this.ends.subarray(0, 2 * count);
    const [t0, t1, t2] = tables;
    for (let k = ranges[2].first[z]!; k < ranges[2].end[z]!; k++) {
      mixPairs(corners, t2.lowWeight[k]!, t2.highWeight[k]!, edges);
      for (let j = ranges[1].first[y]!; j < ranges[1].end[y]!; j++) {
        mixPairs(edges, t1.lowWeight[j]!, t1.highWeight[j]!, ends);
        const start = this.offset + j * strides[1] + k * strides[2];
        for (let i = ranges[0].first[x]!; i < ranges[0].end[x]!; i++) {
          const clear = this.isWhole(i, j, k) ? clearLabel(ends, t0.lowWeight[i]!, t0.highWeight[i]!, margin) : -1;
          labels[start + i * strides[0]] = clear >= 0 ? kept[clear]! : this.exact(x, y, z, i, j, k);
        }
      }
    }
  }

  /** Whether what is below the contenders at the corners is clearly below them in a sample, too: not in one next to zero. */
  private isWhole(i: number, j: number, k: number): boolean {
    if (this.whole) return true;
    const [t0, t1, t2] = this.tables;
    const of = (table: AxisTable, o: number): number => table.lowWeight[o]! + table.highWeight[o]!;
    return of(t0, i) * of(t1, j) * of(t2, k) >= 0.5;
  }

  /** The label of one sample by arithmetic that a bit depends on. */
  private exact(x: number, y: number, z: number, i: number, j: number, k: number): number {
    readCorners(this.tensor, x, y, z, this.all);
    if (this.softmax) {
      this.logits.set(this.all);
      softmax(this.logits, this.tensor.channels);
      this.all.set(this.logits);
    }
    return this.interpolation === 'nested'
      ? nestedLabel(this.all, this.tables, i, j, k)
      : productsLabel(this.all, this.tables, i, j, k);
  }
}

function readCorners({ data, sizes }: ChannelTensor, x: number, y: number, z: number, corners: Float64Array): void {
  const n1 = sizes[1];
  const n2 = sizes[2];
  const stepX = x + 1 < sizes[0] ? n1 * n2 : 0;
  const stepY = y + 1 < n1 ? n2 : 0;
  const stepZ = z + 1 < n2 ? 1 : 0;
  const perChannel = sizes[0] * n1 * n2;
  let at = (x * n1 + y) * n2 + z;
  for (let n = 0; n < corners.length; n += 8, at += perChannel) {
    corners[n] = data[at]!;
    corners[n + 1] = data[at + stepZ]!;
    corners[n + 2] = data[at + stepY]!;
    corners[n + 3] = data[at + stepY + stepZ]!;
    corners[n + 4] = data[at + stepX]!;
    corners[n + 5] = data[at + stepX + stepZ]!;
    corners[n + 6] = data[at + stepX + stepY]!;
    corners[n + 7] = data[at + stepX + stepY + stepZ]!;
  }
}

/** out[n] = in[2n] and in[2n + 1] mixed. */
function mixPairs(pairs: Float64Array, lowWeight: number, highWeight: number, out: Float64Array): void {
  for (let n = 0, at = 0; n < out.length; n++, at += 2) out[n] = pairs[at]! * lowWeight + pairs[at + 1]! * highWeight;
}

/** The channel that is greatest by more than the margin; −1 when none is. NaN is never clear. */
function clearLabel(pairs: Float64Array, lowWeight: number, highWeight: number, margin: number): number {
  let best = pairs[0]! * lowWeight + pairs[1]! * highWeight;
  let second = Number.NEGATIVE_INFINITY;
  let label = 0;
  for (let c = 1, at = 2; at < pairs.length; c++, at += 2) {
    const value = pairs[at]! * lowWeight + pairs[at + 1]! * highWeight;
    if (value > best) {
      second = best;
      best = value;
      label = c;
    } else if (!(value <= second)) {
      second = value;
    }
  }
  return best - second > margin ? label : -1;
}

function nestedLabel(corners: Float64Array, tables: OfAxes<AxisTable>, i: number, j: number, k: number): number {
  const [t0, t1, t2] = tables;
  const mix = (low: number, high: number, table: AxisTable, o: number): number =>
    Math.fround(low * table.lowWeight[o]! + Math.fround(high * table.highWeight[o]!));
  return greatestChannel(corners.length / 8, (c) => {
    const edge = (n: number): number => mix(corners[8 * c + n]!, corners[8 * c + n + 1]!, t2, k);
    return mix(mix(edge(0), edge(2), t1, j), mix(edge(4), edge(6), t1, j), t0, i);
  });
}

/** The eight weights are each the last axis's times the middle one's times the first one's. */
function productsLabel(corners: Float64Array, tables: OfAxes<AxisTable>, i: number, j: number, k: number): number {
  const [t0, t1, t2] = tables;
  const of = (table: AxisTable, o: number, high: number): number => (high ? table.highWeight[o]! : table.lowWeight[o]!);
  return greatestChannel(corners.length / 8, (c) => {
    let sum = 0;
    for (let n = 0; n < 8; n++) sum += corners[8 * c + n]! * (of(t2, k, n & 1) * of(t1, j, n & 2) * of(t0, i, n & 4));
    return Math.fround(sum);
  });
}

/** The first of the greatest; NaN counts as the greatest, as in torch. */
function greatestChannel(channels: number, channelValue: (channel: number) => number): number {
  let best = channelValue(0);
  let label = 0;
  for (let c = 1; c < channels; c++) {
    const value = channelValue(c);
    if (value <= best) continue;
    if (value > best || !Number.isNaN(best)) {
      best = value;
      label = c;
    }
  }
  return label;
}
