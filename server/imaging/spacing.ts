// The grid that MONAI's `Spacing` makes: its affine and sizes. After monai.data.utils zoom_affine, compute_shape_offset.
import {
  choleskyUpper,
  inverse,
  type Matrix,
  multiply,
  multiplyVector,
  roundHalfEven,
  solve,
  spacingOf,
  transpose,
} from './matrices.js';

/** MONAI's tolerance for affines and spacings (`AFFINE_TOL`). */
export const AFFINE_TOLERANCE = 1e-3;

export interface SpacingOptions {
  /** Wanted millimetres a voxel; the last counts for the axes that are missing; 0 or less keeps the axis. */
  readonly pixdim: readonly number[];
  /** A diagonal affine instead of the image's own directions. */
  readonly diagonal: boolean;
  /** Whether sizes follow the extent of the voxels instead of their centres. */
  readonly scaleExtent: boolean;
  /** Spacings between these are kept as they are. */
  readonly minPixdim: readonly number[] | null;
  readonly maxPixdim: readonly number[] | null;
}

/** The new grid for an image: `affine` is (n+1)×(n+1). @throws RangeError when the affine cannot be inverted. */
export function planSpacing(
  sizes: readonly number[],
  affine: Matrix,
  options: SpacingOptions,
): { sizes: number[]; affine: number[][] } {
  const axes = sizes.length;
  const own = spacingOf(affine);
  const wanted = own.map((spacing, axis) => {
    const target = options.pixdim[axis] ?? options.pixdim[options.pixdim.length - 1]!;
    const least = Math.min(options.minPixdim?.[axis] ?? target, target);
    const most = Math.max(options.maxPixdim?.[axis] ?? target, target);
    const kept = least - AFFINE_TOLERANCE <= spacing && spacing <= most + AFFINE_TOLERANCE;
    const chosen = kept ? spacing : target;
    return chosen > 0 ? chosen : spacing || 1;
  });
  const next = zoomed(affine, wanted, options.diagonal);
  const shape = shapeAndOffset(sizes, affine, next, options.scaleExtent);
  for (let i = 0; i < axes; i++) next[i]![axes] = shape.offset[i]!;
  return { sizes: shape.sizes, affine: next };
}

/** The affine with other spacings, without shear and translation. */
function zoomed(affine: Matrix, spacing: readonly number[], diagonal: boolean): number[][] {
  const axes = spacing.length;
  const rows = Array.from({ length: axes + 1 }, (_, i) =>
    Array.from({ length: axes + 1 }, (_, j) => (i !== j ? 0 : i === axes ? 1 : spacing[i]!)),
  );
  if (diagonal) return rows;
  const part = affine.slice(0, axes).map((row) => row.slice(0, axes));
  const rotation = multiply(part, inverse(choleskyUpper(multiply(transpose(part), part))));
  for (let i = 0; i < axes; i++) for (let j = 0; j < axes; j++) rows[i]![j] = rotation[i]![j]! * spacing[j]!;
  return rows;
}

function shapeAndOffset(
  sizes: readonly number[],
  from: Matrix,
  to: Matrix,
  scaleExtent: boolean,
): { sizes: number[]; offset: number[] } {
  const axes = sizes.length;
  const corners = cornersOf(sizes, scaleExtent);
  const toFrom = solve(to, from);
  const landed = corners.map((corner) => apply(toFrom, corner));
  const spans = sizes.map((_, axis) => {
    const along = landed.map((corner) => corner[axis]!);
    return Math.max(...along) - Math.min(...along);
  });
  const newSizes = spans.map((span) => roundHalfEven(scaleExtent ? span : span + 1));
  const lowest = landed.findIndex((corner) =>
    corner.every((value, axis) => Math.abs(Math.min(...landed.map((other) => other[axis]! - value))) <= 1e-8),
  );
  let offset: number[];
  if (lowest >= 0) {
    offset = apply(from, corners[lowest]!);
  } else {
    const middle = multiplyVector(
      from.slice(0, axes).map((row) => row.slice(0, axes)),
      sizes.map((size) => size / 2),
    );
    const newMiddle = multiplyVector(
      to.slice(0, axes).map((row) => row.slice(0, axes)),
      newSizes.map((size) => size / 2),
    );
    offset = middle.map((value, i) => value + from[i]![axes]! - newMiddle[i]!);
  }
  if (scaleExtent) {
    const shifted = apply(
      from,
      sizes.map((size, axis) => 0.5 * (size / newSizes[axis]! - 1)),
    );
    offset = offset.map((value, i) => Math.abs(shifted[i]!) * Math.sign(value));
  }
  return { sizes: newSizes, offset: offset.slice(0, axes) };
}

/** All corners, the first axis slowest, as numpy's meshgrid with indexing "ij" lists them. */
function cornersOf(sizes: readonly number[], scaleExtent: boolean): number[][] {
  let corners: number[][] = [[]];
  for (const size of sizes) {
    const ends = scaleExtent ? [-0.5, size - 0.5] : [0, size - 1];
    corners = corners.flatMap((corner) => ends.map((end) => [...corner, end]));
  }
  return corners;
}

function apply(affine: Matrix, point: readonly number[]): number[] {
  return multiply(
    affine,
    [...point, 1].map((value) => [value]),
  )
    .slice(0, -1)
    .map(([value]) => value!);
}
