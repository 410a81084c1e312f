// Kernels that turn rows into columns.
import type { FunctionText } from './assemble.js';
import { FIRST_HALVES, LAST_HALVES, NEXT } from './text.js';

/** Two of the four rows mixed: their first halves, or their second ones. */
const MIX_LOW = 'i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23';
const MIX_HIGH = 'i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31';

const [ROW, COLUMN] = ['local.get at', 'local.get out'];

export const transposeRows: FunctionText = {
  name: 'transposeRows',
  parameters: { at: 'i32', rowBytes: 'i32', bytes: 'i32', out: 'i32', columnBytes: 'i32' },
  locals: { end: 'i32', a: 'v128', b: 'v128', c: 'v128', d: 'v128', e: 'v128', f: 'v128', p: 'i32' },
  body: `
    ${ROW} local.get bytes i32.add local.set end
    loop
      ${ROW} local.tee p v128.load 0 local.set a
      local.get p local.get rowBytes i32.add local.tee p v128.load 0 local.set b
      local.get p local.get rowBytes i32.add local.tee p v128.load 0 local.set c
      local.get p local.get rowBytes i32.add v128.load 0 local.set d
      local.get a local.get b ${MIX_LOW} local.set e
      local.get c local.get d ${MIX_LOW} local.set f
      ${COLUMN} local.get e local.get f ${FIRST_HALVES} v128.store 0
      ${COLUMN} local.get columnBytes i32.add local.tee out local.get e local.get f ${LAST_HALVES} v128.store 0
      local.get a local.get b ${MIX_HIGH} local.set e
      local.get c local.get d ${MIX_HIGH} local.set f
      ${COLUMN} local.get columnBytes i32.add local.tee out local.get e local.get f ${FIRST_HALVES} v128.store 0
      ${COLUMN} local.get columnBytes i32.add local.tee out local.get e local.get f ${LAST_HALVES} v128.store 0
      ${COLUMN} local.get columnBytes i32.add local.set out
      ${NEXT(16)}
    end`,
};

/** Sixteen rows of sixteen bytes each; four times every row is mixed with the one eight behind it. */
export const transposeBytes: FunctionText = {
  name: 'transposeBytes',
  parameters: { at: 'i32', rowBytes: 'i32', out: 'i32', columnBytes: 'i32' },
  locals: Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`r${n}`, 'v128'] as const)),
  body: [
    ...Array.from(
      { length: 16 },
      (_, n) => `${ROW} v128.load 0 local.set r${n} ${ROW} local.get rowBytes i32.add local.set at`,
    ),
    ...[0, 16, 0, 16].flatMap((from) =>
      Array.from({ length: 16 }, (_, n) => {
        const half =
          n % 2 === 0 ? '0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23' : '8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31';
        const row = from + (n >> 1);
        return `local.get r${row} local.get r${row + 8} i8x16.shuffle ${half} local.set r${16 - from + n}`;
      }),
    ),
    ...Array.from(
      { length: 16 },
      (_, n) => `${COLUMN} local.get r${n} v128.store 0 ${COLUMN} local.get columnBytes i32.add local.set out`,
    ),
  ].join(' '),
};
