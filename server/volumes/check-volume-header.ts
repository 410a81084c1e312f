// Whether a header is one: what a client says of its voxels is checked here before a byte of them is stored.
import { InvalidArgument, LimitExceeded } from '../errors.js';
import { COMPONENT_BYTES, headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';

/** Components that a voxel may have. */
const MAX_COMPONENTS = 1024;

/** The longest modality: DICOM's code strings have 16 characters. */
const MODALITY = /^[\x20-\x7e]{0,16}$/;

/**
 * The 3×3 part counts as singular when its columns, each scaled to length 1, span less than this volume: about the
 * rounding of a matrix that was made singular in 32-bit floats. Spacing does not matter, only the angles do.
 */
const MIN_RELATIVE_DETERMINANT = 1e-6;

/**
 * Checks all that a header says. `field` is where it stands on the wire, such as `header`.
 * @throws InvalidArgument naming the part, such as `header.sizes[1]`; LimitExceeded above `maxVolumeBytes`.
 */
export function checkVolumeHeader(
  header: VolumeHeader,
  field: string,
  maxVolumeBytes: number = Number.MAX_SAFE_INTEGER,
): void {
  checkSizes(header.sizes, `${field}.sizes`);
  if (!Object.hasOwn(COMPONENT_BYTES, header.componentType)) {
    const expected = `one of ${Object.keys(COMPONENT_BYTES).join(', ')}`;
    throw new InvalidArgument(`${field}.component_type`, header.componentType, expected);
  }
  if (!isIntegerIn(header.components, 1, MAX_COMPONENTS)) {
    const expected = `a whole number from 1 to ${MAX_COMPONENTS}`;
    throw new InvalidArgument(`${field}.components`, header.components, expected);
  }
  checkGeometry(header.indexToWorldLps, `${field}.index_to_world_lps`);
  if (typeof header.modality !== 'string' || !MODALITY.test(header.modality)) {
    const expected = 'at most 16 plain characters, as DICOM writes it (CT, MR)';
    throw new InvalidArgument(`${field}.modality`, header.modality, expected);
  }
  const sizeBytes = headerSizeBytes(header);
  if (sizeBytes > maxVolumeBytes) {
    const limit = `the volume that ${field} describes`;
    throw new LimitExceeded(limit, 'bytes', sizeBytes, maxVolumeBytes, 'Crop or resample it before sending it.');
  }
}

function checkSizes(sizes: readonly number[], field: string): void {
  if (!Array.isArray(sizes) || sizes.length < 1 || sizes.length > 4) {
    throw new InvalidArgument(field, sizes, '1 to 4 sizes: voxels along i, j, k and t');
  }
  for (const [axis, size] of sizes.entries()) {
    if (!isIntegerIn(size, 1, Number.MAX_SAFE_INTEGER)) {
      throw new InvalidArgument(`${field}[${axis}]`, size, 'a whole number of voxels, at least 1');
    }
  }
}

function checkGeometry(matrix: readonly number[], field: string): void {
  if (!Array.isArray(matrix) || matrix.length !== 12) {
    const got = Array.isArray(matrix) ? `${matrix.length} numbers` : matrix;
    throw new InvalidArgument(field, got, '12 numbers: a 3×4 matrix by rows, in millimetres');
  }
  for (const [at, value] of matrix.entries()) {
    if (!Number.isFinite(value)) throw new InvalidArgument(`${field}[${at}]`, value, 'a finite number');
  }
  if (relativeDeterminant(matrix) < MIN_RELATIVE_DETERMINANT) {
    throw new InvalidArgument(field, matrix, 'a matrix whose 3×3 part can be inverted', {
      remedy:
        'Its columns are the steps in millimetres along i, j and k; none may be zero or lie in the others’ plane.',
    });
  }
}

/** The volume, 0 to 1, that the 3×3 part's columns span after each is scaled to length 1. */
function relativeDeterminant(matrix: readonly number[]): number {
  const [a, b, c] = [0, 1, 2].map((column) => {
    const entries = [matrix[column]!, matrix[column + 4]!, matrix[column + 8]!];
    const largest = Math.max(...entries.map(Math.abs));
    if (largest === 0) return entries;
    const scaled = entries.map((entry) => entry / largest);
    const length = Math.hypot(...scaled);
    return scaled.map((entry) => entry / length);
  }) as [number[], number[], number[]];
  return Math.abs(
    a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) -
      a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) +
      a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!),
  );
}

function isIntegerIn(value: unknown, minimum: number, maximum: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}
