// Whether a file's geometry places its voxels at all.
import type { Mat4 } from '../geometry.js';
import { malformed } from './malformed.js';

/** True when the 3×3 part has no inverse: an axis of no length, or axes in one plane. */
export function isSingular(affine: Mat4): boolean {
  const [a, b, c, , d, e, f, , g, h, i] = affine as readonly number[] as [
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
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const lengths = Math.hypot(a, d, g) * Math.hypot(b, e, h) * Math.hypot(c, f, i);
  return !(Math.abs(determinant) > 1e-9 * lengths);
}

/** @throws InvalidArgument naming `field` when a number is not finite or the matrix cannot be inverted. */
export function checkGeometry(file: string, field: string, affine: Mat4): void {
  const rows = affine.slice(0, 12);
  if (!rows.every(Number.isFinite)) throw malformed(file, field, rows, 'finite numbers');
  if (isSingular(affine))
    throw malformed(file, field, rows, 'a matrix that can be inverted: three axes not in one plane');
}
