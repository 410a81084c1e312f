// Pieces of kernels' texts that several share.

/** The end of a loop over vectors: `at` moves on until `end`. */
export const NEXT = (step: number): string => `
  local.get at i32.const ${step} i32.add local.tee at local.get end i32.lt_u br_if 0`;

/** Of two vectors on the stack, the first halves or the last ones. */
export const FIRST_HALVES = 'i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23';
export const LAST_HALVES = 'i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31';
