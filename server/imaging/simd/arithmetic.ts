// Kernels of arithmetic on float32 numbers, each operation rounded as kernels.ts says.
import type { FunctionText } from './assemble.js';
import { NEXT } from './text.js';

const HALF_BLEND = (offset: number): string => `
  local.get out
  local.get low v128.load64_zero ${offset} f64x2.promote_low_f32x4 local.get wl f64x2.mul
  local.get high v128.load64_zero ${offset} f64x2.promote_low_f32x4 local.get wh f64x2.mul
  f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
  f64x2.add f32x4.demote_f64x2_zero
  v128.store64_lane0 ${offset}`;

export const blend: FunctionText = {
  name: 'blend',
  parameters: { low: 'i32', high: 'i32', out: 'i32', bytes: 'i32', lowWeight: 'f64', highWeight: 'f64' },
  locals: { wl: 'v128', wh: 'v128', end: 'i32' },
  body: `
    local.get lowWeight f64x2.splat local.set wl
    local.get highWeight f64x2.splat local.set wh
    local.get out local.get bytes i32.add local.set end
    loop
      ${HALF_BLEND(0)}
      ${HALF_BLEND(8)}
      local.get low i32.const 16 i32.add local.set low
      local.get high i32.const 16 i32.add local.set high
      local.get out i32.const 16 i32.add local.tee out local.get end i32.lt_u br_if 0
    end`,
};

export const scale: FunctionText = {
  name: 'scale',
  parameters: {
    at: 'i32',
    bytes: 'i32',
    minus: 'f32',
    over: 'f32',
    by: 'f32',
    plus: 'f32',
    least: 'f32',
    most: 'f32',
  },
  locals: { end: 'i32', a: 'v128', b: 'v128', c: 'v128', d: 'v128', e: 'v128', f: 'v128' },
  body: `
    local.get at local.get bytes i32.add local.set end
    local.get minus f32x4.splat local.set a
    local.get over f32x4.splat local.set b
    local.get by f32x4.splat local.set c
    local.get plus f32x4.splat local.set d
    local.get least f32x4.splat local.set e
    local.get most f32x4.splat local.set f
    loop
      local.get at
      local.get at v128.load 0
      local.get a f32x4.sub local.get b f32x4.div local.get c f32x4.mul local.get d f32x4.add
      local.get e f32x4.pmax local.get f f32x4.pmin
      v128.store 0
      ${NEXT(16)}
    end`,
};

const HALF_MOMENTS = (offset: number): string => `
  local.get at v128.load64_zero ${offset} f64x2.promote_low_f32x4 local.get s f64x2.sub local.tee d
  local.get sum f64x2.add local.set sum
  local.get d local.get d f64x2.mul local.get squares f64x2.add local.set squares`;

export const addMoments: FunctionText = {
  name: 'addMoments',
  parameters: { at: 'i32', bytes: 'i32', shift: 'f64', sums: 'i32' },
  locals: { end: 'i32', s: 'v128', d: 'v128', sum: 'v128', squares: 'v128' },
  body: `
    local.get at local.get bytes i32.add local.set end
    local.get shift f64x2.splat local.set s
    local.get sums v128.load 0 local.set sum
    local.get sums v128.load 16 local.set squares
    loop
      ${HALF_MOMENTS(0)}
      ${HALF_MOMENTS(8)}
      ${NEXT(16)}
    end
    local.get sums local.get sum v128.store 0
    local.get sums local.get squares v128.store 16`,
};

export const addPlane: FunctionText = {
  name: 'addPlane',
  parameters: { at: 'i32', weights: 'i32', numbers: 'i32', weightsEnd: 'i32', rowBytes: 'i32', rowStep: 'i32' },
  locals: { end: 'i32', row: 'i32' },
  body: `
    loop
      local.get at local.tee row local.get rowBytes i32.add local.set end
      loop
        local.get at
        local.get at v128.load 0
        local.get weights v128.load 0 local.get numbers v128.load 0 f32x4.mul
        f32x4.add v128.store 0
        local.get weights i32.const 16 i32.add local.set weights
        local.get numbers i32.const 16 i32.add local.set numbers
        ${NEXT(16)}
      end
      local.get row local.get rowStep i32.add local.set at
      local.get weights local.get weightsEnd i32.lt_u br_if 0
    end`,
};

export const divide: FunctionText = {
  name: 'divide',
  parameters: { at: 'i32', bytes: 'i32', by: 'i32' },
  locals: { end: 'i32' },
  body: `
    local.get at local.get bytes i32.add local.set end
    loop
      local.get at
      local.get at v128.load 0 local.get by v128.load 0 f32x4.div
      v128.store 0
      local.get by i32.const 16 i32.add local.set by
      ${NEXT(16)}
    end`,
};
