// Affine matrices as plain numbers, and the two frames: LPS on the wire, RAS in MONAI's arithmetic.

/** A 4×4 matrix by rows: 16 numbers. */
export type Mat4 = readonly number[];

/** The 4×4 of a header's 3×4, in RAS: LPS with x and y negated. */
export function affineRasFromLps(indexToWorldLps: readonly number[]): Mat4 {
  const m = indexToWorldLps;
  return [-m[0]!, -m[1]!, -m[2]!, -m[3]!, -m[4]!, -m[5]!, -m[6]!, -m[7]!, m[8]!, m[9]!, m[10]!, m[11]!, 0, 0, 0, 1];
}

/** The 3×4 that a header carries, in LPS, of a 4×4 in RAS. */
export function indexToWorldLpsFromRas(affineRas: Mat4): readonly number[] {
  return affineRas.slice(0, 12).map((value, index) => (index < 8 ? 0 - value : value));
}
