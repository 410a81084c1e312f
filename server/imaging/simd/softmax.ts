// The kernels of softmax: e^z in float64, four voxels at a time.
import type { FunctionText } from './assemble.js';
import { FIRST_HALVES, LAST_HALVES, NEXT } from './text.js';

/** 1 / n!, from the eleventh to the first: what is left out is below 1e-14 of e^r for |r| ≤ ln 2 / 2. */
const EXPONENTIAL = Array.from({ length: 11 }, (_, index) => {
  const n = 11 - index;
  return 1 / Array.from({ length: n }, (_, k) => k + 1).reduce((product, k) => product * k, 1);
});
const COEFFICIENTS = EXPONENTIAL.map((_, index) => `c${index}`);

/** e^z of two float64 numbers z ≤ 0 on the stack, rounded to float32: e^r · 2^n with z = n · ln 2 + r. */
const TWO_POWERS = `
  local.get lowest f64x2.max local.tee z
  local.get z local.get perLn2 f64x2.mul f64x2.nearest local.tee n
  local.get ln2 f64x2.mul f64x2.sub local.set r
  local.get c0 ${COEFFICIENTS.slice(1)
    .map((name) => `local.get r f64x2.mul local.get ${name} f64x2.add`)
    .join(' ')}
  local.get r f64x2.mul local.get one f64x2.add
  local.get n local.get bias f64x2.add i32x4.trunc_sat_f64x2_s_zero i64x2.extend_low_i32x4_s i32.const 52 i64x2.shl
  f64x2.mul f32x4.demote_f64x2_zero`;

const splat64 = (name: string, value: number): string => `f64.const ${value} f64x2.splat local.set ${name}`;

/** What `TWO_POWERS` works with. */
const POWER_LOCALS = Object.fromEntries(
  ['z', 'n', 'r', 'one', 'ln2', 'perLn2', 'lowest', 'bias', ...COEFFICIENTS].map((name) => [name, 'v128'] as const),
);
const POWER_CONSTANTS = `
    ${splat64('one', 1)} ${splat64('ln2', Math.LN2)} ${splat64('perLn2', Math.LOG2E)}
    ${splat64('lowest', -200)} ${splat64('bias', 1023)}
    ${EXPONENTIAL.map((value, index) => splat64(`c${index}`, value)).join(' ')}`;

export const most: FunctionText = {
  name: 'most',
  parameters: { at: 'i32', greatest: 'i32', bytes: 'i32' },
  locals: { end: 'i32' },
  body: `
    local.get at local.get bytes i32.add local.set end
    loop
      local.get greatest local.get greatest v128.load 0 local.get at v128.load 0 f32x4.max v128.store 0
      local.get greatest i32.const 16 i32.add local.set greatest
      ${NEXT(16)}
    end`,
};

export const powers: FunctionText = {
  name: 'powers',
  parameters: { at: 'i32', greatest: 'i32', sums: 'i32', bytes: 'i32' },
  locals: { end: 'i32', d: 'v128', p: 'v128', ...POWER_LOCALS },
  body: `
    local.get at local.get bytes i32.add local.set end
    ${POWER_CONSTANTS}
    loop
      local.get at v128.load 0 local.get greatest v128.load 0 f32x4.sub local.tee d
      f64x2.promote_low_f32x4 ${TWO_POWERS} local.set p
      local.get p
      local.get d local.get d ${LAST_HALVES} f64x2.promote_low_f32x4 ${TWO_POWERS}
      ${FIRST_HALVES} local.set p
      local.get at local.get p v128.store 0
      local.get sums local.get sums v128.load 0 local.get p f32x4.add v128.store 0
      local.get greatest i32.const 16 i32.add local.set greatest
      local.get sums i32.const 16 i32.add local.set sums
      ${NEXT(16)}
    end`,
};

export const overSums: FunctionText = {
  name: 'overSums',
  parameters: { at: 'i32', sums: 'i32', bytes: 'i32' },
  locals: { end: 'i32' },
  body: `
    local.get at local.get bytes i32.add local.set end
    loop
      local.get at local.get at v128.load 0 local.get sums v128.load 0 f32x4.div v128.store 0
      local.get sums i32.const 16 i32.add local.set sums
      ${NEXT(16)}
    end`,
};

export const softmaxTwo: FunctionText = {
  name: 'softmaxTwo',
  parameters: { at: 'i32', second: 'i32', bytes: 'i32' },
  locals: {
    end: 'i32',
    ...Object.fromEntries(['x', 'y', 'd', 'p', 'q', 'm', 'ones'].map((name) => [name, 'v128'] as const)),
    ...POWER_LOCALS,
  },
  body: `
    local.get at local.get bytes i32.add local.set end
    ${POWER_CONSTANTS}
    i32.const 1065353216 i32x4.splat local.set ones
    loop
      local.get at v128.load 0 local.tee x
      local.get second v128.load 0 local.tee y
      f32x4.max local.set m
      local.get x local.get m f32x4.sub local.get y local.get m f32x4.sub f32x4.add local.tee d
      f64x2.promote_low_f32x4 ${TWO_POWERS} local.set p
      local.get d local.get d ${LAST_HALVES} f64x2.promote_low_f32x4 ${TWO_POWERS} local.set q
      local.get p local.get q ${FIRST_HALVES} local.tee p
      local.get ones f32x4.add local.set q
      local.get p local.get q f32x4.div local.set p
      local.get ones local.get q f32x4.div local.set q
      local.get x local.get y f32x4.ge local.set m
      local.get at local.get q local.get p local.get m v128.bitselect v128.store 0
      local.get second local.get p local.get q local.get m v128.bitselect v128.store 0
      local.get second i32.const 16 i32.add local.set second
      ${NEXT(16)}
    end`,
};
