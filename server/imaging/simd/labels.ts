// The kernel that finds the greatest of many channels.
import type { FunctionText } from './assemble.js';

/** `before` is the greatest before the last that was greater: only its lead counts. */
export const greatest: FunctionText = {
  name: 'greatest',
  parameters: {
    at: 'i32',
    rowBytes: 'i32',
    rowsBytes: 'i32',
    bytes: 'i32',
    most: 'i32',
    labels: 'i32',
    margin: 'f32',
    gap: 'f32',
    doubt: 'i32',
    sure: 'i32',
  },
  locals: {
    ...Object.fromEntries(
      ['v', 'best', 'before', 'label', 'over', 'c', 'one', 'm', 'g', 'd', 'zero'].map(
        (name) => [name, 'v128'] as const,
      ),
    ),
    p: 'i32',
    stop: 'i32',
    end: 'i32',
  },
  body: `
    i32.const 1 i32x4.splat local.set one
    local.get margin f32x4.splat local.set m
    local.get gap f32x4.splat local.set g
    local.get doubt i32x4.splat local.set d
    local.get at local.get bytes i32.add local.set end
    loop
      local.get at local.tee p v128.load 0 local.tee best local.set before
      local.get zero local.tee label local.set c
      local.get at local.get rowsBytes i32.add local.set stop
      block
        local.get p local.get rowBytes i32.add local.tee p local.get stop i32.lt_u i32.eqz br_if 0
        loop
          local.get c local.get one i32x4.add local.set c
          local.get best local.get best f32x4.eq
          local.get p v128.load 0 local.tee v local.get best f32x4.le v128.andnot local.set over
          local.get c local.get label local.get over v128.bitselect local.set label
          local.get best local.get before local.get over v128.bitselect local.set before
          local.get v local.get best local.get over v128.bitselect local.set best
          local.get p local.get rowBytes i32.add local.tee p local.get stop i32.lt_u br_if 0
        end
      end
      local.get most local.get best v128.store 0
      local.get labels
      local.get label
      local.get label local.get d
      local.get best local.get before f32x4.sub
      local.get best local.get before f32x4.neg f32x4.max local.get m f32x4.mul local.get g f32x4.add
      f32x4.gt local.get sure i32x4.splat v128.or v128.bitselect
      local.get label local.get zero i32x4.eq v128.bitselect
      v128.store 0
      local.get most i32.const 16 i32.add local.set most
      local.get labels i32.const 16 i32.add local.set labels
      local.get at i32.const 16 i32.add local.tee at local.get end i32.lt_u br_if 0
    end`,
};
