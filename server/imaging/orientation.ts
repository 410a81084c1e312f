// Which way the axes of an image point, and turning them by strides alone. After nibabel.orientations.
import type { Mat4 } from './geometry.js';
import type { AppliedOperation, Image } from './image.js';
import { affineAfter, affineOfAxes, identity, nearestOrthogonal } from './matrices.js';

/** For each axis: the world axis (0 right, 1 front, 2 head, in RAS) that it runs along, and whether forwards. */
export type AxisDirections = readonly { readonly worldAxis: number; readonly sign: 1 | -1 }[];

/** For each axis of the image: the axis that it becomes, and 1 or −1 when it is flipped first. */
export type AxisMoves = readonly { readonly to: number; readonly flip: 1 | -1 }[];

/** nibabel's `io_orientation` (5.4: the axis that points most clearly is named first). */
export function axisDirections(affineRas: Mat4, axes: number): AxisDirections {
  const affine = affineOfAxes(affineRas, axes);
  const columns = Array.from({ length: axes }, (_, j) => {
    const column = Array.from({ length: axes }, (_, i) => affine[i]![j]!);
    const length = Math.hypot(...column) || 1;
    return column.map((value) => value / length);
  });
  const r = nearestOrthogonal(Array.from({ length: axes }, (_, i) => columns.map((column) => column[i]!)));
  const strength = Array.from({ length: axes }, (_, j) => Math.max(...r.map((row) => row[j]! * row[j]!)));
  const order = strength.map((_, j) => j).sort((a, b) => strength[b]! - strength[a]! || a - b);
  const directions = new Array<AxisDirections[number]>(axes);
  for (const j of order) {
    let best = 0;
    for (let i = 1; i < axes; i++) if (Math.abs(r[i]![j]!) > Math.abs(r[best]![j]!)) best = i;
    directions[j] = { worldAxis: best, sign: r[best]![j]! < 0 ? -1 : 1 };
    r[best]!.fill(0);
  }
  return directions;
}

/** The directions that letters such as "RAS" stand for. @throws RangeError for other letters. */
export function directionsOfCodes(codes: string): AxisDirections {
  return [...codes].map((code) => {
    const worldAxis = ['LR', 'PA', 'IS'].findIndex((pair) => pair.includes(code));
    if (worldAxis < 0) throw new RangeError(`"${code}" is none of L, R, P, A, I, S`);
    return { worldAxis, sign: 'RAS'.includes(code) ? 1 : -1 };
  });
}

/** How axes must move from one set of directions to another. @throws RangeError when an axis is wanted twice. */
export function axisMoves(from: AxisDirections, to: AxisDirections): AxisMoves {
  return from.map(({ worldAxis, sign }) => {
    const target = to.findIndex((wanted) => wanted.worldAxis === worldAxis);
    if (target < 0) throw new RangeError(`no wanted axis runs along world axis ${worldAxis}`);
    return { to: target, flip: sign === to[target]!.sign ? 1 : -1 };
  });
}

/** Flips, then permutes: only strides, sizes, offset and affine change. */
export function moveAxes(image: Image, moves: AxisMoves): Pick<Image, 'sizes' | 'strides' | 'offset' | 'affineRas'> {
  const axes = moves.length;
  const sizes = [...image.sizes];
  const strides = [...image.strides];
  let offset = image.offset;
  const oldFromNew = identity(axes + 1).map((row) => row.map(() => 0));
  oldFromNew[axes]![axes] = 1;
  moves.forEach(({ to, flip }, axis) => {
    const last = image.sizes[axis]! - 1;
    sizes[to] = image.sizes[axis]!;
    strides[to + 1] = flip * image.strides[axis + 1]!;
    if (flip < 0) offset += last * image.strides[axis + 1]!;
    oldFromNew[axis]![to] = flip;
    oldFromNew[axis]![axes] = flip < 0 ? last : 0;
  });
  return { sizes, strides, offset, affineRas: affineAfter(image.affineRas, oldFromNew) };
}

/** The moves that undo others. */
export function invertMoves(moves: AxisMoves): AxisMoves {
  const back = new Array<AxisMoves[number]>(moves.length);
  moves.forEach(({ to, flip }, axis) => {
    back[to] = { to: axis, flip };
  });
  return back;
}

/** What `Invert` needs to know of an operation about to be done on an image. */
export function operationOn(image: Image, operator: string, notes: AppliedOperation['notes']): AppliedOperation {
  return { operator, sizesBefore: image.sizes, affineRasBefore: image.affineRas, notes };
}
