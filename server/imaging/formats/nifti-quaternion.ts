// A rotation as NIfTI's qform writes it: voxel sizes, a handedness and a quaternion. Pure.
import type { Mat4 } from '../geometry.js';

/** What a qform can say of an affine. */
export interface Quaternion {
  /** 1, or -1 when the axes are left-handed. */
  readonly qfac: number;
  /** Column norms: voxel sizes in millimetres. */
  readonly spacingMm: readonly [number, number, number];
  /** b, c, d of a unit quaternion whose a is not negative. */
  readonly bcd: readonly [number, number, number];
  /** False when the axes are not at right angles: the quaternion is then only the nearest rotation. */
  readonly exact: boolean;
}

/** The nearest quaternion form of an affine's 3×3 part. */
export function quaternionOfAffine(affineRas: Mat4): Quaternion {
  const columns = [0, 1, 2].map((c) => [affineRas[c]!, affineRas[4 + c]!, affineRas[8 + c]!]);
  const spacing = columns.map((column) => Math.hypot(...column));
  const m = [0, 1, 2].flatMap((row) => columns.map((column, c) => column[row]! / spacing[c]!));
  const qfac = determinant(m) < 0 ? -1 : 1;
  const proper = m.map((value, index) => (index % 3 === 2 ? value * qfac : value));
  const rotation = nearestRotation(proper);
  return {
    qfac,
    spacingMm: spacing as [number, number, number],
    bcd: quaternionOfRotation(rotation),
    exact: proper.every((value, index) => Math.abs(value - rotation[index]!) < 1e-6),
  };
}

function determinant(m: readonly number[]): number {
  return (
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
    m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!)
  );
}

/** Polar decomposition by Newton's iteration X ← (X + X⁻ᵀ) / 2 (Higham 1986): quadratic, stable for any sheared frame. */
function nearestRotation(start: readonly number[]): readonly number[] {
  let x = start;
  for (let step = 0; step < 60; step += 1) {
    const inverse = inverseTransposed(x);
    const next = x.map((value, index) => (value + inverse[index]!) / 2);
    const change = Math.max(...next.map((value, index) => Math.abs(value - x[index]!)));
    x = next;
    if (change < 1e-15) break;
  }
  return x;
}

function inverseTransposed(m: readonly number[]): readonly number[] {
  const d = determinant(m);
  const cofactor = (r: number, c: number) => {
    const [r1, r2, c1, c2] = [(r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3];
    return (m[r1 * 3 + c1]! * m[r2 * 3 + c2]! - m[r1 * 3 + c2]! * m[r2 * 3 + c1]!) / d;
  };
  return [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => cofactor(r, c)));
}

/** Shepperd's method: divides by the largest of the four parts. */
function quaternionOfRotation(r: readonly number[]): [number, number, number] {
  const [r00, r01, r02, r10, r11, r12, r20, r21, r22] = r as [
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
  const squares = [1 + r00 + r11 + r22, 1 + r00 - r11 - r22, 1 - r00 + r11 - r22, 1 - r00 - r11 + r22];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest]!);
  const q = (
    largest === 0
      ? [s / 4, (r21 - r12) / s, (r02 - r20) / s, (r10 - r01) / s]
      : largest === 1
        ? [(r21 - r12) / s, s / 4, (r01 + r10) / s, (r02 + r20) / s]
        : largest === 2
          ? [(r02 - r20) / s, (r01 + r10) / s, s / 4, (r12 + r21) / s]
          : [(r10 - r01) / s, (r02 + r20) / s, (r12 + r21) / s, s / 4]
  ) as [number, number, number, number];
  const sign = q[0] < 0 ? -1 : 1;
  return [q[1] * sign, q[2] * sign, q[3] * sign];
}
