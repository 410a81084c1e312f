// Kernels for rows of cells of many channels: softmax, nearly, and which channels can be the greatest in a cell.
//
// Rows of a channel lie `rowBytes` apart, one channel behind the other up to `rowsBytes`. Columns of four voxels are worked
// on one after the other, so that sums and bounds stay in registers. Numbers must be finite: only then are `pmin` and `pmax`,
// one instruction each, what they seem.
import type { FunctionText, ValueType } from './assemble.js';
import { NEXT } from './text.js';

/** The coefficients of e^r = 1 + r + r² · polynomial, from the highest; |r| is at most ln 2 / 2. */
const POLYNOMIAL = [
  0.00019852761761285365, 0.0013930435525253415, 0.008333360776305199, 0.041666485369205475, 0.1666666716337204, 0.5,
];

/** Added to a small number it rounds it to a whole one, which is then in the lowest bits. */
const WHOLE = 1.5 * 2 ** 23;

const splat = (name: string, value: number): string => `f32.const ${value} f32x4.splat local.set ${name}`;
const vectors = (...names: readonly string[]): Record<string, ValueType> =>
  Object.fromEntries(names.map((name) => [name, 'v128'] as const));

/** From the first channel to the last: what `body` does with the address `p`. */
const CHANNELS = (body: string): string => `
  local.get at local.set p
  loop
    ${body}
    local.get p local.get rowBytes i32.add local.tee p local.get at local.get rowsBytes i32.add i32.lt_u br_if 0
  end`;

export const anyInfinite: FunctionText = {
  name: 'anyInfinite',
  parameters: { at: 'i32', bytes: 'i32' },
  result: 'i32',
  locals: { end: 'i32', ...vectors('v', 'any') },
  body: `
    local.get at local.get bytes i32.add local.set end
    loop
      local.get any local.get at v128.load 0 local.tee v local.get v f32x4.sub v128.or local.set any
      ${NEXT(16)}
    end
    local.get any v128.any_true`,
};

export const softmaxNear: FunctionText = {
  name: 'softmaxNear',
  parameters: { at: 'i32', rowBytes: 'i32', rowsBytes: 'i32', bytes: 'i32' },
  locals: {
    p: 'i32',
    end: 'i32',
    ...vectors('m', 's', 'd', 't', 'n', 'whole', 'r', 'u', 'one', 'lowest', 'perLn2', 'ln2High', 'ln2Low'),
    ...vectors(...POLYNOMIAL.map((_, n) => `c${n}`)),
  },
  body: `
    local.get at local.get bytes i32.add local.set end
    ${splat('one', 1)} ${splat('lowest', -87)} ${splat('whole', WHOLE)} ${splat('perLn2', Math.LOG2E)}
    ${splat('ln2High', 0.693145751953125)} ${splat('ln2Low', 1.428606765330187e-6)}
    ${POLYNOMIAL.map((value, n) => splat(`c${n}`, value)).join(' ')}
    loop
      ${splat('m', Number.NEGATIVE_INFINITY)} ${splat('s', 0)}
      ${CHANNELS('local.get m local.get p v128.load 0 f32x4.pmax local.set m')}
      ${CHANNELS(`
        local.get p v128.load 0 local.get m f32x4.sub local.get lowest f32x4.pmax local.tee d
        local.get d local.get perLn2 f32x4.mul local.get whole f32x4.add local.tee t
        local.get whole f32x4.sub local.tee n local.get ln2High f32x4.mul f32x4.sub
        local.get n local.get ln2Low f32x4.mul f32x4.sub local.set r
        local.get c0 ${POLYNOMIAL.slice(1)
          .map((_, n) => `local.get r f32x4.mul local.get c${n + 1} f32x4.add`)
          .join(' ')}
        local.get r f32x4.mul local.get r f32x4.mul local.get r f32x4.add local.get one f32x4.add
        local.get t i32.const 23 i32x4.shl i32x4.add local.set u
        local.get p local.get u v128.store 0
        local.get s local.get u f32x4.add local.set s`)}
      local.get one local.get s f32x4.div local.set s
      ${CHANNELS('local.get p local.get p v128.load 0 local.get s f32x4.mul v128.store 0')}
      local.get at i32.const 16 i32.add local.tee at local.get end i32.lt_u br_if 0
    end`,
};

const ROWS = ['at', 'below', 'right', 'across'] as const;

/** Of the eight corners, the neighbours along the row four bytes further: `min` or `max` of them all. */
const OF_CORNERS = (operation: string): string =>
  ROWS.flatMap((row) => [0, 4].map((offset) => ({ row, offset })))
    .map(
      ({ row, offset }, n) =>
        `local.get p ${row === 'at' ? '' : `local.get ${row} i32.add`} v128.load ${offset} ${n > 0 ? operation : ''}`,
    )
    .join(' ');

const LANES = [0, 1, 2, 3] as const;

/** `below`, `right` and `across` are distances from `at`. */
export const contenders: FunctionText = {
  name: 'contenders',
  parameters: {
    at: 'i32',
    below: 'i32',
    right: 'i32',
    across: 'i32',
    rowBytes: 'i32',
    rowsBytes: 'i32',
    bytes: 'i32',
    part: 'f32',
    margins: 'i32',
    lists: 'i32',
    listBytes: 'i32',
    ends: 'i32',
    highs: 'i32',
  },
  locals: {
    p: 'i32',
    end: 'i32',
    channel: 'i32',
    high: 'i32',
    mask: 'i32',
    ...Object.fromEntries(LANES.map((lane) => [`p${lane}`, 'i32'] as const)),
    ...vectors('floor', 'ceiling', 'bound', 'hi', 'lo'),
  },
  body: `
    local.get at local.get bytes i32.add local.set end
    loop
      ${splat('floor', Number.NEGATIVE_INFINITY)} ${splat('ceiling', 0)}
      local.get highs local.set high
      ${CHANNELS(`
        ${OF_CORNERS('f32x4.pmax')} local.set hi
        ${OF_CORNERS('f32x4.pmin')} local.set lo
        local.get high local.get hi v128.store 0
        local.get high i32.const 16 i32.add local.set high
        local.get floor local.get lo f32x4.pmax local.set floor
        local.get ceiling local.get hi f32x4.pmax local.get lo f32x4.neg f32x4.pmax local.set ceiling`)}
      local.get margins local.get ceiling local.get part f32x4.splat f32x4.mul local.tee ceiling v128.store 0
      local.get floor local.get ceiling f32x4.sub local.get ceiling f32x4.sub local.set bound
      ${LANES.map((lane) => `local.get lists local.tee p${lane} local.get listBytes i32.add local.set lists`).join(' ')}
      local.get highs local.set high
      i32.const 0 local.set channel
      ${CHANNELS(`
        block
          local.get high v128.load 0 local.get bound f32x4.lt i32x4.bitmask i32.const 15 i32.xor local.tee mask
          i32.eqz br_if 0
          local.get mask i32.const 2 i32.shl local.set mask
          ${LANES.map(
            (lane) => `
          local.get p${lane} local.get channel i32.store 0
          local.get p${lane} local.get mask i32.const ${lane} i32.shr_u i32.const 4 i32.and i32.add local.set p${lane}`,
          ).join('')}
        end
        local.get high i32.const 16 i32.add local.set high
        local.get channel i32.const 1 i32.add local.set channel`)}
      ${LANES.map((lane) => `local.get ends local.get p${lane} i32.store ${4 * lane}`).join(' ')}
      local.get ends i32.const 16 i32.add local.set ends
      local.get margins i32.const 16 i32.add local.set margins
      local.get at i32.const 16 i32.add local.tee at local.get end i32.lt_u br_if 0
    end`,
};
