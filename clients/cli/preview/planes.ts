// The three planes of a preview: where each lies in the patient, how large it is drawn and where. Pure.
import type { Mat4 } from '../../../server/imaging/geometry.js';
import type { VolumeHeader } from '../../../server/imaging/volume-header.js';

type Vector = readonly [number, number, number];

/** One way to look at a patient, as radiologists hang it: the patient's right on the left of the picture. */
export interface View {
  readonly name: 'Axial' | 'Coronal' | 'Sagittal';
  /** LPS axis that the picture's x runs along, always towards positive LPS. */
  readonly acrossAxis: 0 | 1;
  /** LPS axis that the picture's y runs along, and whether downwards is its positive direction. */
  readonly downAxis: 1 | 2;
  readonly downSign: 1 | -1;
  /** LPS axis at right angles to the plane. */
  readonly normalAxis: 0 | 1 | 2;
  /** Letters at the left, right, upper and lower edge. */
  readonly letters: { readonly left: string; readonly right: string; readonly top: string; readonly bottom: string };
}

export const VIEWS: readonly View[] = [
  {
    name: 'Axial',
    acrossAxis: 0,
    downAxis: 1,
    downSign: 1,
    normalAxis: 2,
    letters: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  },
  {
    name: 'Coronal',
    acrossAxis: 0,
    downAxis: 2,
    downSign: -1,
    normalAxis: 1,
    letters: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
  },
  {
    name: 'Sagittal',
    acrossAxis: 1,
    downAxis: 2,
    downSign: -1,
    normalAxis: 0,
    letters: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
  },
];

/** A plane with its place in the patient and in the picture. */
export interface Panel {
  readonly view: View;
  /** LPS millimetres of the middle of the upper left pixel. */
  readonly originLps: Vector;
  /** LPS millimetres from one pixel to the next, to the right and down. */
  readonly acrossLps: Vector;
  readonly downLps: Vector;
  /** Where the plane stands along its normal, LPS millimetres. */
  readonly positionMm: number;
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The room that panels may take. */
export interface PanelRoom {
  readonly widthPx: number;
  readonly maxHeightPx: number;
  readonly gapPx: number;
  readonly xPx: number;
  readonly yPx: number;
}

/**
 * Lays the planes through a point side by side, all of one height and at one scale, so that a millimetre is as long everywhere and in both
 * directions, whatever the voxels' sizes. Views along which the image has fewer than three voxels are left out.
 */
export function planPanels(
  header: VolumeHeader,
  centreLps: Vector,
  room: PanelRoom,
): { panels: readonly Panel[]; pxPerMm: number } {
  const box = boundsLps(header);
  const thick = [0, 1, 2].map((axis) => voxelsAlong(header, axis) >= 3);
  const useful = VIEWS.filter(({ acrossAxis, downAxis }) => thick[acrossAxis] && thick[downAxis]);
  const views = useful.length > 0 ? useful : VIEWS.slice(0, 1);
  const extent = (axis: number) => box.high[axis]! - box.low[axis]!;
  const widthMm = views.reduce((sum, view) => sum + extent(view.acrossAxis), 0);
  const heightMm = Math.max(...views.map((view) => extent(view.downAxis)));
  const freePx = room.widthPx - room.gapPx * (views.length - 1);
  const pxPerMm = Math.min(freePx / widthMm, room.maxHeightPx / heightMm);
  const heightPx = Math.max(1, Math.floor(heightMm * pxPerMm));
  let xPx = room.xPx;
  const panels = views.map((view) => {
    const widthPx = Math.max(1, Math.floor(extent(view.acrossAxis) * pxPerMm));
    const step = 1 / pxPerMm;
    const origin: [number, number, number] = [...centreLps];
    origin[view.acrossAxis] = box.low[view.acrossAxis]! + step / 2;
    // The image stands in the middle of its panel.
    const top = (box.low[view.downAxis]! + box.high[view.downAxis]!) / 2 - (view.downSign * heightPx * step) / 2;
    origin[view.downAxis] = top + (view.downSign * step) / 2;
    const panel: Panel = {
      view,
      originLps: origin,
      acrossLps: along(view.acrossAxis, step),
      downLps: along(view.downAxis, step * view.downSign),
      positionMm: centreLps[view.normalAxis],
      xPx,
      yPx: room.yPx,
      widthPx,
      heightPx,
    };
    xPx += widthPx + room.gapPx;
    return panel;
  });
  return { panels, pxPerMm };
}

/** `x 12 mm left`: where a plane stands, in words that need no frame. */
export function describePosition({ view, positionMm }: Panel): string {
  const [positive, negative] = [
    ['L', 'R'],
    ['P', 'A'],
    ['S', 'I'],
  ][view.normalAxis]!;
  const rounded = Math.round(positionMm);
  return rounded === 0 ? '0 mm' : `${rounded > 0 ? positive : negative} ${Math.abs(rounded)} mm`;
}

/** The inverse of a header's index-to-world matrix, 3×4 by rows: from LPS millimetres to voxel indices. */
export function worldToIndex(indexToWorldLps: readonly number[]): Mat4 {
  const m = indexToWorldLps as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = m;
  const cofactors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  const determinant = a * cofactors[0]! + b * cofactors[3]! + c * cofactors[6]!;
  const r = cofactors.map((value) => value / determinant);
  return [0, 1, 2].flatMap((row) => {
    const [x, y, z] = [r[row * 3]!, r[row * 3 + 1]!, r[row * 3 + 2]!];
    return [x, y, z, -(x * tx + y * ty + z * tz)];
  });
}

/** World position of a voxel index. */
export function toWorld(indexToWorldLps: readonly number[], index: Vector): Vector {
  const m = indexToWorldLps;
  const [i, j, k] = index;
  const row = (r: number) => m[r * 4]! * i + m[r * 4 + 1]! * j + m[r * 4 + 2]! * k + m[r * 4 + 3]!;
  return [row(0), row(1), row(2)];
}

/** Sizes along i, j, k: 1 for axes that the header does not have. */
export function sizesIjk(header: VolumeHeader): Vector {
  return [header.sizes[0] ?? 1, header.sizes[1] ?? 1, header.sizes[2] ?? 1];
}

function along(axis: number, length: number): Vector {
  return [axis === 0 ? length : 0, axis === 1 ? length : 0, axis === 2 ? length : 0];
}

/** The box around the image in LPS, voxels' edges included. */
function boundsLps(header: VolumeHeader): { low: readonly number[]; high: readonly number[] } {
  const [ni, nj, nk] = sizesIjk(header);
  const corners = [-0.5, ni - 0.5].flatMap((i) =>
    [-0.5, nj - 0.5].flatMap((j) => [-0.5, nk - 0.5].map((k) => toWorld(header.indexToWorldLps, [i, j, k]))),
  );
  const over = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => pick(...corners.map((corner) => corner[axis]!)));
  return { low: over(Math.min), high: over(Math.max) };
}

/** Voxels along the image's axis that runs most along an LPS axis. */
function voxelsAlong(header: VolumeHeader, axis: number): number {
  const m = header.indexToWorldLps;
  const norm = (column: number) => Math.hypot(m[column]!, m[4 + column]!, m[8 + column]!);
  const shares = [0, 1, 2].map((column) => Math.abs(m[axis * 4 + column]!) / norm(column));
  return sizesIjk(header)[shares.indexOf(Math.max(...shares))]!;
}
