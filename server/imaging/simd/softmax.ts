// The kernels of softmax and sigmoid: e^x as torch's vectors have it, four voxels at a time.
import type { FunctionText } from './assemble.js';
import { FIRST_HALVES, LAST_HALVES, NEXT } from './text.js';

/**
 * SLEEF's expf (one unit in the last place), which torch computes softmax and sigmoid with: ln 2 in two parts, and a
 * polynomial from its highest coefficient. Which of two classes is the greater may depend on the last bit.
 */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.428606765330187e-6;
const POLYNOMIAL = [
  0.00019852761761285365, 0.0013930435525253415, 0.008333360776305199, 0.041666485369205475, 0.1666666716337204, 0.5,
].map(Math.fround);
const COEFFICIENTS = POLYNOMIAL.map((_, index) => `c${index}`);

/** Two float64 numbers on the stack, rounded to float32. */
const ROUND = 'f32x4.demote_f64x2_zero f64x2.promote_low_f32x4';

/** Of three float32 numbers as float64, the product of the first two and the third, rounded once: the sum is exact enough. */
const FUSED = `f64x2.mul f64x2.add ${ROUND}`;

/** e^z of two float32 numbers as float64 on the stack, rounded to float32: e^r · 2^n with z = n · ln 2 + r. */
const TWO_POWERS = `
  local.get lowest f64x2.max local.tee z
  local.get z local.get perLn2 f64x2.mul ${ROUND} f64x2.nearest local.tee n
  local.get ln2High ${FUSED} local.set r
  local.get r local.get n local.get ln2Low ${FUSED} local.set r
  local.get c0 ${COEFFICIENTS.slice(1)
    .map((name) => `local.set u local.get ${name} local.get u local.get r ${FUSED}`)
    .join(' ')} local.set u
  local.get one
  local.get r local.get r local.get r f64x2.mul ${ROUND} local.get u ${FUSED}
  f64x2.add ${ROUND}
  local.get n local.get bias f64x2.add i32x4.trunc_sat_f64x2_s_zero i64x2.extend_low_i32x4_s i32.const 52 i64x2.shl
  f64x2.mul f32x4.demote_f64x2_zero`;

const splat64 = (name: string, value: number): string => `f64.const ${value} f64x2.splat local.set ${name}`;

/** What `TWO_POWERS` works with. */
const POWER_LOCALS = Object.fromEntries(
  ['z', 'n', 'r', 'u', 'one', 'ln2High', 'ln2Low', 'perLn2', 'lowest', 'bias', ...COEFFICIENTS].map(
    (name) => [name, 'v128'] as const,
  ),
);
const POWER_CONSTANTS = `
    ${splat64('one', 1)} ${splat64('ln2High', -Math.fround(LN2_HIGH))} ${splat64('ln2Low', -Math.fround(LN2_LOW))}
    ${splat64('perLn2', Math.fround(Math.LOG2E))} ${splat64('lowest', -200)} ${splat64('bias', 1023)}
    ${POLYNOMIAL.map((value, index) => splat64(`c${index}`, value)).join(' ')}`;

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

export const sigmoids: FunctionText = {
  name: 'sigmoids',
  parameters: { at: 'i32', bytes: 'i32' },
  locals: { end: 'i32', d: 'v128', p: 'v128', ones: 'v128', most: 'v128', ...POWER_LOCALS },
  body: `
    local.get at local.get bytes i32.add local.set end
    ${POWER_CONSTANTS}
    i32.const 1065353216 i32x4.splat local.set ones
    f64.const 100 f64x2.splat f32x4.demote_f64x2_zero local.tee most local.get most ${FIRST_HALVES} local.set most
    loop
      local.get most local.get at v128.load 0 f32x4.neg f32x4.min local.tee d
      f64x2.promote_low_f32x4 ${TWO_POWERS} local.set p
      local.get p
      local.get d local.get d ${LAST_HALVES} f64x2.promote_low_f32x4 ${TWO_POWERS}
      ${FIRST_HALVES} local.set p
      local.get at local.get ones local.get p local.get ones f32x4.add f32x4.div v128.store 0
      ${NEXT(16)}
    end`,
};
