// Kernels that compare: labels from numbers, and looking through bytes.
import type { FunctionText } from './assemble.js';
import { NEXT } from './text.js';

export const agree: FunctionText = {
  name: 'agree',
  parameters: { at: 'i32', b: 'i32', out: 'i32', bytes: 'i32', doubt: 'i32' },
  locals: { end: 'i32', a: 'v128', d: 'v128' },
  body: `
    local.get at local.get bytes i32.add local.set end
    local.get doubt i8x16.splat local.set d
    loop
      local.get out
      local.get at v128.load 0 local.tee a
      local.get d
      local.get a local.get b v128.load 0 i8x16.eq
      v128.bitselect
      v128.store 0
      local.get b i32.const 16 i32.add local.set b
      local.get out i32.const 16 i32.add local.set out
      ${NEXT(16)}
    end`,
};

/** Four labels as i32: 0 where the second is not greater, 1 where it clearly is, else doubt. */
const FOUR_LABELS = (offset: number): string => `
  local.get at v128.load ${offset} local.set x
  local.get second v128.load ${offset} local.set y
  local.get one local.get d
  local.get y local.get x f32x4.sub
  local.get y local.get x f32x4.neg f32x4.max local.get m f32x4.mul
  f32x4.gt v128.bitselect
  local.get y local.get x f32x4.le v128.andnot`;

export const compareTwo: FunctionText = {
  name: 'compareTwo',
  parameters: { at: 'i32', second: 'i32', out: 'i32', bytes: 'i32', margin: 'f32', doubt: 'i32' },
  locals: { end: 'i32', m: 'v128', one: 'v128', d: 'v128', x: 'v128', y: 'v128' },
  body: `
    local.get at local.get bytes i32.add local.set end
    local.get margin f32x4.splat local.set m
    i32.const 1 i32x4.splat local.set one
    local.get doubt i32x4.splat local.set d
    loop
      local.get out
      ${FOUR_LABELS(0)} ${FOUR_LABELS(16)} i16x8.narrow_i32x4_s
      ${FOUR_LABELS(32)} ${FOUR_LABELS(48)} i16x8.narrow_i32x4_s
      i8x16.narrow_i16x8_u
      v128.store 0
      local.get second i32.const 64 i32.add local.set second
      local.get out i32.const 16 i32.add local.set out
      ${NEXT(64)}
    end`,
};

/** Looks through 16 bytes at a time. `flip` is 65535 to stop at the first byte that is not the value. */
export const untilByte = (name: string, flip: 0 | 65535): FunctionText => ({
  name,
  parameters: { at: 'i32', end: 'i32', value: 'i32' },
  result: 'i32',
  locals: { v: 'v128', bits: 'i32' },
  body: `
    local.get value i8x16.splat local.set v
    block
      loop
        local.get at v128.load 0 local.get v i8x16.eq i8x16.bitmask i32.const ${flip} i32.xor
        local.tee bits br_if 1
        ${NEXT(16)}
      end
      local.get at return
    end
    local.get at local.get bits i32.ctz i32.add`,
});
