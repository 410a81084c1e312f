// The kernel that finds the greatest of many channels, one channel after the other.
import type { FunctionText } from './assemble.js';

export const raise: FunctionText = {
  name: 'raise',
  parameters: {
    values: 'i32',
    best: 'i32',
    labels: 'i32',
    bytes: 'i32',
    channel: 'i32',
    margin: 'f32',
    gap: 'f32',
    doubt: 'i32',
  },
  locals: { v: 'v128', b: 'v128', over: 'v128', c: 'v128', m: 'v128', g: 'v128', d: 'v128', end: 'i32' },
  body: `
    local.get channel i32x4.splat local.set c
    local.get margin f32x4.splat local.set m
    local.get gap f32x4.splat local.set g
    local.get doubt i32x4.splat local.set d
    local.get values local.get bytes i32.add local.set end
    loop
      local.get values v128.load 0 local.set v
      local.get best v128.load 0 local.set b
      local.get b local.get b f32x4.eq local.get v local.get b f32x4.le v128.andnot local.set over
      local.get labels
      local.get c local.get d
      local.get v local.get b f32x4.sub
      local.get v local.get b f32x4.neg f32x4.max local.get m f32x4.mul local.get g f32x4.add
      f32x4.gt v128.bitselect
      local.get labels v128.load 0
      local.get over v128.bitselect
      v128.store 0
      local.get best local.get v local.get b local.get over v128.bitselect v128.store 0
      local.get best i32.const 16 i32.add local.set best
      local.get labels i32.const 16 i32.add local.set labels
      local.get values i32.const 16 i32.add local.tee values local.get end i32.lt_u br_if 0
    end`,
};
