// Which of a NRRD's axes are space, which hold components or frames, and where the voxels lie in LPS. Pure.
import { malformed } from './malformed.js';
import type { NrrdFields } from './nrrd-fields.js';

/** A NRRD's axes and place. */
export interface NrrdGeometry {
  /** Spatial sizes in the file's order, frames last. */
  readonly sizes: readonly number[];
  /** The file's axis that holds a voxel's components. */
  readonly vectorAxis?: number;
  /** The file's axis that holds frames. */
  readonly frameAxis?: number;
  /** 3×4 by rows. */
  readonly indexToWorldLps: readonly number[];
  readonly warnings: readonly string[];
}

/** Signs that take a space's x, y, z to LPS. */
const SPACES = new Map<string, readonly [number, number, number]>([
  ['left-posterior-superior', [1, 1, 1]],
  ['lps', [1, 1, 1]],
  ['right-anterior-superior', [-1, -1, 1]],
  ['ras', [-1, -1, 1]],
  ['left-anterior-superior', [1, -1, 1]],
  ['las', [1, -1, 1]],
]);
const SPATIAL_KINDS = new Set(['domain', 'space', '']);
const FRAME_KINDS = new Set(['time']);

/** Finds the axes and the matrix. @throws InvalidArgument when there are more axes than a volume has, or none. */
export function nrrdGeometry(file: string, fields: NrrdFields): NrrdGeometry {
  const warnings: string[] = [];
  const spatial = fields.sizes.map((_, axis) => isSpatial(fields, axis));
  const spaceAxes = [...spatial.keys()].filter((axis) => spatial[axis]);
  const others = [...spatial.keys()].filter((axis) => !spatial[axis]);
  if (spaceAxes.length < 1 || spaceAxes.length > 3 || others.length > 1) {
    throw malformed(
      file,
      'space directions',
      describe(fields),
      '1 to 3 axes of space and at most one of components or time',
    );
  }
  const other = others[0];
  const isFrames = other !== undefined && holdsFrames(fields, other);
  const signs = signsToLps(file, fields.space, warnings);
  const columns = spaceAxes.map((axis) => column(file, fields, axis));
  while (columns.length < 3) columns.push(perpendicular(columns));
  const origin = originOf(fields, spaceAxes);
  const rows = [0, 1, 2].flatMap((row) =>
    [...columns.map((c) => c[row]!), origin[row]!].map((value) => 0 + value * signs[row]!),
  );
  const sizes = spaceAxes.map((axis) => fields.sizes[axis]!);
  return {
    sizes:
      isFrames && fields.sizes[other]! > 1
        ? [...sizes, ...Array(3 - sizes.length).fill(1), fields.sizes[other]!]
        : sizes,
    ...(other === undefined ? {} : isFrames ? { frameAxis: other } : { vectorAxis: other }),
    indexToWorldLps: rows,
    warnings,
  };
}

/** Time, or a list behind all axes of space, as this project writes series; a list before them is components. */
function holdsFrames(fields: NrrdFields, axis: number): boolean {
  const kind = fields.kinds[axis] ?? '';
  return FRAME_KINDS.has(kind) || (kind === 'list' && axis === fields.sizes.length - 1);
}

function isSpatial(fields: NrrdFields, axis: number): boolean {
  if (fields.spaceDirections)
    return fields.spaceDirections[axis] !== undefined && !FRAME_KINDS.has(fields.kinds[axis] ?? '');
  return SPATIAL_KINDS.has(fields.kinds[axis] ?? '') || fields.kinds[axis] === '???' || fields.kinds[axis] === 'none';
}

function signsToLps(file: string, space: string, warnings: string[]): readonly [number, number, number] {
  const signs = SPACES.get(space.replace(/-time$/, '').replace(/^(ras|las|lps)t$/, '$1'));
  if (!signs) warnings.push(`${file}: ${space ? `space "${space}"` : 'no space'} is read as left-posterior-superior.`);
  return signs ?? [1, 1, 1];
}

function column(file: string, fields: NrrdFields, axis: number): readonly number[] {
  const vector = fields.spaceDirections?.[axis];
  if (vector) {
    if (vector.length < 1 || vector.length > 4)
      throw malformed(file, 'space directions', vector, '1 to 3 numbers an axis');
    return [vector[0]!, vector[1] ?? 0, vector[2] ?? 0];
  }
  const spacing = fields.spacings?.[axis] ?? 1;
  const place = [...fields.sizes.keys()].filter((a) => a <= axis && isSpatial(fields, a)).length - 1;
  return [0, 1, 2].map((row) => (row === place ? (Number.isNaN(spacing) ? 1 : spacing) : 0));
}

/** A unit vector at right angles to one or two columns, so that a flat image still has a third axis. */
function perpendicular(columns: readonly (readonly number[])[]): readonly number[] {
  if (columns.length === 2) {
    const [a, b] = columns as [readonly number[], readonly number[]];
    const cross = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
    const length = Math.hypot(...cross);
    return cross.map((value) => value / length);
  }
  const lengths = columns[0]!.map(Math.abs);
  const smallest = lengths.indexOf(Math.min(...lengths));
  return perpendicular([columns[0]!, [0, 1, 2].map((row) => (row === smallest ? 1 : 0))]);
}

/** The first voxel's centre: `space origin`; without one, `axis mins`, half a voxel on when samples fill cells. */
function originOf(fields: NrrdFields, spaceAxes: readonly number[]): readonly number[] {
  if (fields.spaceOrigin) return [fields.spaceOrigin[0] ?? 0, fields.spaceOrigin[1] ?? 0, fields.spaceOrigin[2] ?? 0];
  const mins = spaceAxes.map((axis) => {
    const min = fields.axisMins?.[axis] ?? 0;
    const half = fields.centerings[axis] === 'cell' && fields.axisMins ? (fields.spacings?.[axis] ?? 1) / 2 : 0;
    return Number.isNaN(min) ? 0 : min + half;
  });
  return [mins[0] ?? 0, mins[1] ?? 0, mins[2] ?? 0];
}

function describe(fields: NrrdFields): string {
  return `${fields.sizes.length} axes of kinds ${fields.kinds.join(' ') || 'unknown'}`;
}
