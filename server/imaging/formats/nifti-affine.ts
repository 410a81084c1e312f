// Where a NIfTI file's voxels lie: sform, qform or neither, chosen as nibabel and MONAI's LoadImage choose. RAS. Pure.
import type { Mat4 } from '../geometry.js';
import { isSingular } from './geometry-check.js';
import { malformed } from './malformed.js';
import type { NiftiHeader } from './nifti-header.js';

/** Which of the header's geometries was taken. */
export type NiftiForm = 'sform' | 'qform' | 'pixdim';

const FLOAT32_EPSILON = 2 ** -23;
const FLOAT64_EPSILON = 2 ** -52;

/**
 * The affine that MONAI's LoadImage gives: nibabel's (sform if its code is not 0, else qform if its code is not 0,
 * else voxel sizes around the image's centre with x flipped), except that a sform whose column norms disagree with
 * pixdim gives way to a qform that agrees (monai/data/utils.py, `correct_nifti_header_if_necessary`).
 *
 * A singular sform, with which MONAI cannot go on, gives way to a qform too.
 * @throws InvalidArgument when no geometry of the header can be used.
 */
export function chooseNiftiAffine(
  file: string,
  header: NiftiHeader,
): { affineRas: Mat4; form: NiftiForm; warnings: string[] } {
  const warnings: string[] = [];
  if (header.sformCode === 0) {
    if (header.qformCode === 0) {
      warnings.push(`${file} has neither sform nor qform: its place and orientation are guessed from pixdim.`);
      return { affineRas: baseAffine(header), form: 'pixdim', warnings };
    }
    return { affineRas: qformAffine(file, header), form: 'qform', warnings };
  }
  const sform: Mat4 = [...header.srow, 0, 0, 0, 1];
  if (header.dim[0]! < 5 && !normsMatch(header, sform)) {
    const qform = qformAffine(file, header);
    if (normsMatch(header, qform)) {
      warnings.push(`${file}: the sform's voxel sizes disagree with pixdim; the qform is used, as MONAI does.`);
      // MONAI puts it into the sform, whose numbers have the header's precision.
      const stored = header.version === 1 ? qform.map(Math.fround) : qform;
      return { affineRas: stored, form: 'qform', warnings };
    }
  }
  if (isSingular(sform) && header.qformCode !== 0) {
    warnings.push(`${file}: the sform cannot be inverted; the qform is used.`);
    return { affineRas: qformAffine(file, header), form: 'qform', warnings };
  }
  return { affineRas: sform, form: 'sform', warnings };
}

/** Voxel sizes as nibabel mends them: negative ones lose their sign, zeros become 1. */
export function mendedPixdim(header: NiftiHeader): readonly number[] {
  return header.pixdim.map((value, index) => (index === 0 ? value : value === 0 ? 1 : Math.abs(value)));
}

/** nibabel's affine of the quaternion: rotation, times voxel sizes, the third negated when qfac is -1. */
export function qformAffine(file: string, header: NiftiHeader): Mat4 {
  const [b, c, d] = header.quatern as [number, number, number];
  const rest = 1 - (b * b + c * c + d * d);
  if (!(rest > -3 * FLOAT32_EPSILON)) {
    throw malformed(file, 'quatern_b/c/d', header.quatern, 'three numbers whose squares sum to at most 1');
  }
  const a = rest < 3 * FLOAT32_EPSILON ? 0 : Math.sqrt(rest);
  const r = rotationOfQuaternion([a, b, c, d]);
  const pixdim = mendedPixdim(header);
  const qfac = header.pixdim[0] === -1 ? -1 : 1;
  const s = [pixdim[1]!, pixdim[2]!, pixdim[3]! * qfac];
  const t = header.qoffset;
  return [0, 1, 2]
    .flatMap((row) => [r[row * 3]! * s[0]!, r[row * 3 + 1]! * s[1]!, r[row * 3 + 2]! * s[2]!, t[row]!])
    .concat(0, 0, 0, 1);
}

function rotationOfQuaternion([w, x, y, z]: readonly [number, number, number, number]): readonly number[] {
  const norm = w * w + x * x + y * y + z * z;
  if (norm < FLOAT64_EPSILON) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const s = 2 / norm;
  const [X, Y, Z] = [x * s, y * s, z * s];
  const [wX, wY, wZ, xX, xY, xZ, yY, yZ, zZ] = [w * X, w * Y, w * Z, x * X, x * Y, x * Z, y * Y, y * Z, z * Z];
  return [1 - (yY + zZ), xY - wZ, xZ + wY, xY + wZ, 1 - (xX + zZ), yZ - wX, xZ - wY, yZ + wX, 1 - (xX + yY)];
}

function baseAffine(header: NiftiHeader): Mat4 {
  const axes = header.dim[0]!;
  const pixdim = mendedPixdim(header);
  const zooms = [1, 2, 3].map((axis) => (axis <= axes ? pixdim[axis]! : 1));
  zooms[0] = -zooms[0]!;
  const rows = zooms.map((zoom, axis) => {
    const size = axis < axes ? header.dim[axis + 1]! : 1;
    return [0, 1, 2].map((column) => (column === axis ? zoom : 0)).concat((-(size - 1) / 2) * zoom);
  });
  return [...rows.flat(), 0, 0, 0, 1];
}

/** MONAI compares over as many columns as the image has axes: for a series the translation's norm with pixdim[4]. */
function normsMatch(header: NiftiHeader, affine: Mat4): boolean {
  const axes = header.dim[0]!;
  const pixdim = mendedPixdim(header);
  for (let column = 0; column < axes; column += 1) {
    let sum = 0;
    for (let row = 0; row < axes; row += 1) sum += affine[row * 4 + column]! ** 2;
    const norm = Math.sqrt(sum) || 1;
    const zoom = pixdim[column + 1]!;
    if (!(Math.abs(zoom - norm) <= 1e-8 + 1e-5 * Math.abs(norm))) return false;
  }
  return true;
}
