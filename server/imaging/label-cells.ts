// Cells of a map of sure labels: one label where all eight corners have it, else doubt.
import { SharedCopy } from './copy-shared.js';
import { type Kernels, wholeVectors } from './simd/kernels.js';
import { doubtOf, type LabelArray } from './sure-labels.js';

/** The cells between a plane of corners and the next one. Classes, so that methods are compiled once. */
export interface LabelCells {
  moveTo(plane: number): void;
  /** A cell of the plane: its row times the length of a row, and its place. */
  at(cell: number): number;
  /** The first cell behind `cell` that has another label, or `stop`. */
  endOfRun(cell: number, stop: number): number;
  /** The first cell from `cell` with that label, or `stop`. */
  find(label: number, cell: number, stop: number): number;
}

/**
 * Planes lie one behind the other, of `ng` rows of `nf`. They are compared plane by plane, row by row and place by place;
 * the last of an axis is its own neighbour.
 */
export function createLabelCells(labels: LabelArray, nf: number, ng: number, kernels: Kernels): LabelCells {
  return labels instanceof Uint8Array ? new VectorCells(labels, nf, ng, kernels) : new PlainCells(labels, nf, ng);
}

/** Bytes of scratch memory for cells of that many to a plane, from its start. */
export function labelCellsScratch(perPlane: number): number {
  return 3 * wholeVectors(perPlane + 1);
}

class VectorCells implements LabelCells {
  private readonly perPlane: number;
  private readonly size: number;
  private readonly copying: SharedCopy;

  constructor(
    private readonly labels: Uint8Array,
    private readonly nf: number,
    ng: number,
    private readonly kernels: Kernels,
  ) {
    this.perPlane = nf * ng;
    this.size = wholeVectors(this.perPlane + 1);
    this.copying = new SharedCopy(kernels.u8, labels);
  }

  moveTo(plane: number): void {
    const { labels, perPlane, size, kernels, nf, copying } = this;
    const { u8 } = kernels;
    const next = Math.min(plane + 1, labels.length / perPlane - 1);
    copying.copy(0, plane * perPlane, (plane + 1) * perPlane);
    copying.copy(size, next * perPlane, (next + 1) * perPlane);
    kernels.agree(0, size, 2 * size, size, 255);
    // Rows with the rows behind them, the last with itself; then places with the places behind them.
    u8.copyWithin(2 * size + perPlane, 2 * size + perPlane - nf, 2 * size + perPlane);
    kernels.agree(2 * size, 2 * size + nf, 0, size, 255);
    kernels.agree(0, 1, size, size, 255);
    for (let end = nf - 1; end < perPlane; end += nf) u8[size + end] = u8[end]!;
  }

  at(cell: number): number {
    return this.kernels.u8[this.size + cell]!;
  }

  endOfRun(cell: number, stop: number): number {
    const { kernels, size } = this;
    return Math.min(kernels.skipByte(size + cell, size + stop, kernels.u8[size + cell]!) - size, stop);
  }

  find(label: number, cell: number, stop: number): number {
    if (cell >= stop) return stop;
    return Math.min(this.kernels.findByte(this.size + cell, this.size + stop, label) - this.size, stop);
  }
}

/** For more than 255 classes. */
class PlainCells implements LabelCells {
  private readonly cells: Uint16Array;

  constructor(
    private readonly labels: LabelArray,
    private readonly nf: number,
    ng: number,
  ) {
    this.cells = new Uint16Array(nf * ng);
  }

  moveTo(plane: number): void {
    const { labels, cells, nf } = this;
    const perPlane = cells.length;
    const doubt = doubtOf(labels);
    const near = plane * perPlane;
    const far = Math.min(plane + 1, labels.length / perPlane - 1) * perPlane;
    const at = (n: number): number => (labels[near + n] === labels[far + n] ? labels[near + n]! : doubt);
    for (let n = 0; n < perPlane; n++) {
      const below = n + nf < perPlane ? n + nf : n;
      const right = n % nf === nf - 1 ? 0 : 1;
      const label = at(n);
      const same = at(below) === label && at(n + right) === label && at(below + right) === label;
      cells[n] = same ? label : doubt;
    }
  }

  at(cell: number): number {
    return this.cells[cell]!;
  }

  endOfRun(cell: number, stop: number): number {
    let next = cell + 1;
    while (next < stop && this.cells[next] === this.cells[cell]) next++;
    return next;
  }

  find(label: number, cell: number, stop: number): number {
    let at = cell;
    while (at < stop && this.cells[at] !== label) at++;
    return at;
  }
}
