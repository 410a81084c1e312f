// The kernels of trilinear sampling: a row's neighbours side by side, then their sums in the order of torch's grid_sampler_3d.
import type { FunctionText } from './assemble.js';

const ROWS = ['r00', 'r01', 'r10', 'r11'] as const;

/** One of eight terms: the number of a row, by the weight of its row times that along the row. */
const TERM = (row: string, offset: number, along: string): string => `
  local.get ${row} v128.load64_zero ${offset} f64x2.promote_low_f32x4
  local.get p${row.slice(1)} local.get ${along} f64x2.mul f64x2.mul`;

const TERMS = [...ROWS.map((row) => TERM(row, 0, 'low')), ...ROWS.map((row) => TERM(row, 8, 'high'))];

export const sampleRows: FunctionText = {
  name: 'sampleRows',
  parameters: {
    r00: 'i32',
    r01: 'i32',
    r10: 'i32',
    r11: 'i32',
    weights: 'i32',
    out: 'i32',
    bytes: 'i32',
    w00: 'f64',
    w01: 'f64',
    w10: 'f64',
    w11: 'f64',
  },
  locals: { p00: 'v128', p01: 'v128', p10: 'v128', p11: 'v128', low: 'v128', high: 'v128', end: 'i32' },
  body: `
    ${ROWS.map((row) => `local.get w${row.slice(1)} f64x2.splat local.set p${row.slice(1)}`).join(' ')}
    local.get out local.get bytes i32.add local.set end
    loop
      local.get weights v128.load 0 local.set low
      local.get weights v128.load 16 local.set high
      local.get out
      ${TERMS[0]} ${TERMS.slice(1)
        .map((term) => `${term} f64x2.add`)
        .join(' ')}
      f32x4.demote_f64x2_zero v128.store64_lane0 0
      ${ROWS.map((row) => `local.get ${row} i32.const 16 i32.add local.set ${row}`).join(' ')}
      local.get weights i32.const 32 i32.add local.set weights
      local.get out i32.const 8 i32.add local.tee out local.get end i32.lt_u br_if 0
    end`,
};

const PICK = (offset: number): string => `
  local.get out local.get distances i32.load ${offset} local.get from i32.add i32.load 0 i32.store ${offset}`;

export const gather: FunctionText = {
  name: 'gather',
  parameters: { from: 'i32', distances: 'i32', out: 'i32', bytes: 'i32' },
  locals: { end: 'i32' },
  body: `
    local.get out local.get bytes i32.add local.set end
    loop
      ${[0, 4, 8, 12].map(PICK).join('')}
      local.get distances i32.const 16 i32.add local.set distances
      local.get out i32.const 16 i32.add local.tee out local.get end i32.lt_u br_if 0
    end`,
};
