// Which channels can be the greatest in each cell of a row, and their corners: of many channels few can, and finding them
// four cells at a time costs less than looking at all of them in each.

import type { ChannelTensor } from './argmax-resample.js';
import { SharedCopy } from './copy-shared.js';
import { createKernels, type Kernels, wholeVectors } from './simd/kernels.js';
import { MARGIN } from './sure-labels.js';

/** What the near softmax may err by for each channel, of its own value: sums in float32, here and in torch. */
const ERROR_PER_CHANNEL = 2 ** -22;

/** Rows that are fetched together: of one channel they lie side by side, and far from the next channel's. */
const ROWS = 8;

/**
 * Rows of two neighbouring planes, as they are in the tensor or their softmax, nearly. A class, so that its methods are
 * compiled once.
 */
export class Contenders {
  private readonly kernels: Kernels;
  private readonly groups: number;
  /** Floats from a channel to the next: some rows, and a vector that may be read behind them. */
  private readonly step: number;
  /** Which plane each place for a group of rows holds, and whether all of it is finite: no bound holds for other numbers. */
  private readonly planes: Int32Array;
  private readonly finite: Uint8Array;
  private readonly placeFloats: number;
  private readonly listFloats: number;
  private readonly margins: number;
  private readonly lists: number;
  private readonly ends: number;
  private readonly highs: number;
  private readonly part: number;
  private readonly copying: SharedCopy;
  /** Where the four rows around the cells begin, in floats; the last axis but one first. */
  private readonly around = new Int32Array(4);

  constructor(
    private readonly tensor: ChannelTensor,
    private readonly softmax: boolean,
  ) {
    const { channels, sizes } = tensor;
    const [n0, n1, n2] = sizes;
    this.groups = Math.ceil(n1 / ROWS);
    // Rows lie as channels lie in the tensor within eight bytes: memory that threads share is copied fast then.
    this.step = wholeVectors(4 * (ROWS * n2 + 4)) / 4 + ((n0 * n1 * n2) & 1);
    this.placeFloats = wholeVectors(4 * (channels * this.step + 1)) / 4;
    const places = Math.min(n0, 2) * this.groups;
    this.planes = new Int32Array(places).fill(-1);
    this.finite = new Uint8Array(places);
    this.listFloats = channels + 1;
    this.part = softmax ? MARGIN + channels * ERROR_PER_CHANNEL : MARGIN;
    const cells = wholeVectors(n2) + 4;
    this.margins = places * this.placeFloats;
    this.ends = this.margins + cells;
    this.highs = this.ends + cells;
    this.lists = this.highs + 4 * channels;
    this.kernels = createKernels(4 * (this.lists + this.listFloats * cells));
    this.copying = new SharedCopy(this.kernels.f32, tensor.data);
  }

  /** Finds the contenders of cells `from` to `end` of the row of cells at `x` and `y`. Those of other rows are forgotten. */
  find(x: number, y: number, from: number, end: number): void {
    const { tensor, kernels, around, step } = this;
    const [n0, n1] = tensor.sizes;
    const [right, below] = [Math.min(x + 1, n0 - 1), Math.min(y + 1, n1 - 1)];
    const known = this.hold(0, x, y) && this.hold(1, x, below) && this.hold(2, right, y) && this.hold(3, right, below);
    if (!known) {
      this.doubtAll(from, end);
      return;
    }
    const at = around[0]!;
    kernels.contenders(
      4 * (at + from),
      4 * (around[1]! - at),
      4 * (around[2]! - at),
      4 * (around[3]! - at),
      4 * step,
      4 * step * tensor.channels,
      wholeVectors(4 * (end - from)),
      this.part,
      4 * (this.margins + from),
      4 * (this.lists + from * this.listFloats),
      4 * this.listFloats,
      4 * (this.ends + from),
      4 * this.highs,
    );
  }

  /** A lead that leaves no doubt in a cell. */
  marginAt(z: number): number {
    return this.kernels.f32[this.margins + z]!;
  }

  /** A cell's contenders in their order, and the eight corners of each, the last axis first. Says how many there are. */
  read(z: number, corners: Float64Array, kept: Int32Array): number {
    const { around, step, listFloats, tensor } = this;
    const { f32, i32 } = this.kernels;
    const first = this.lists + z * listFloats;
    const count = (i32[this.ends + z]! >>> 2) - first;
    const [r0, r1, r2, r3] = [around[0]! + z, around[1]! + z, around[2]! + z, around[3]! + z];
    // The last of a row is its own neighbour.
    const next = z + 1 < tensor.sizes[2] ? 1 : 0;
    for (let n = 0, to = 0; n < count; n++, to += 8) {
      const channel = i32[first + n]!;
      const at = channel * step;
      kept[n] = channel;
      corners[to] = f32[r0 + at]!;
      corners[to + 1] = f32[r0 + at + next]!;
      corners[to + 2] = f32[r1 + at]!;
      corners[to + 3] = f32[r1 + at + next]!;
      corners[to + 4] = f32[r2 + at]!;
      corners[to + 5] = f32[r2 + at + next]!;
      corners[to + 6] = f32[r3 + at]!;
      corners[to + 7] = f32[r3 + at + next]!;
    }
    return count;
  }

  /** Sees to it that a row is there, notes where, and says whether all in its group is finite. */
  private hold(corner: number, x: number, y: number): boolean {
    const { planes, finite, tensor } = this;
    const group = Math.floor(y / ROWS);
    const place = (x & 1) * this.groups + group;
    const [, n1, n2] = tensor.sizes;
    const start = place * this.placeFloats + (((x * n1 + group * ROWS) * n2) & 1);
    if (planes[place] !== x) {
      planes[place] = x;
      finite[place] = this.fetch(x, group * ROWS, start) ? 1 : 0;
    }
    this.around[corner] = start + (y - group * ROWS) * n2;
    return finite[place] === 1;
  }

  /** Whether all is finite: then it is ready. */
  private fetch(x: number, y: number, start: number): boolean {
    const { tensor, kernels, step, copying } = this;
    const { channels, sizes } = tensor;
    const [n0, n1, n2] = sizes;
    const count = Math.min(ROWS, n1 - y) * n2;
    for (let c = 0; c < channels; c++) {
      const source = ((c * n0 + x) * n1 + y) * n2;
      copying.copy(start + c * step, source, source + count);
    }
    if (kernels.anyInfinite(4 * start, 4 * step * channels) !== 0) return false;
    if (this.softmax) kernels.softmaxNear(4 * start, 4 * step, 4 * step * channels, wholeVectors(4 * count));
    return true;
  }

  /** Around NaN and infinite numbers any channel may be the greatest, and nothing is clear. */
  private doubtAll(from: number, end: number): void {
    const { f32, i32 } = this.kernels;
    for (let z = from; z < end; z++) {
      const list = this.lists + z * this.listFloats;
      for (let c = 0; c < this.tensor.channels; c++) i32[list + c] = c;
      i32[this.ends + z] = 4 * (list + this.tensor.channels);
      f32[this.margins + z] = Number.NaN;
    }
  }
}
