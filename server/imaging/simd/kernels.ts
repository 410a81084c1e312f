// The loops that decide how long a step takes, as WebAssembly with vectors: the same numbers as the arithmetic in their
// remarks, each operation rounded to its own type. They work on a scratch memory of their own, in bytes from its start.
import { assemble, type FunctionText } from './assemble.js';

/** Addresses and lengths in bytes, multiples of 16. */
export interface Kernels {
  /** The scratch memory: the same bytes as float32 and as bytes. */
  readonly f32: Float32Array;
  readonly u8: Uint8Array;
  readonly f64: Float64Array;
  /** out = float32(low·lowWeight + float32(high·highWeight)), products and sum in float64: a fused multiply-add. */
  blend(low: number, high: number, out: number, bytes: number, lowWeight: number, highWeight: number): void;
  /** x = min(max(float32(float32(float32(float32(x − minus) / over) · by) + plus), least), most), in place. */
  scale(
    at: number,
    bytes: number,
    minus: number,
    over: number,
    by: number,
    plus: number,
    least: number,
    most: number,
  ): void;
  /** Adds float32 numbers less `shift`, and their squares, to the two float64 numbers at `sums` and `sums` + 16 (in pairs). */
  addMoments(at: number, bytes: number, shift: number, sums: number): void;
  /** out = a where a and b are the same byte, else `doubt`. */
  agree(a: number, b: number, out: number, bytes: number, doubt: number): void;
  /**
   * For each pair of float32: 0 where second ≤ first; else 1 where second − first > margin · max(second, −first); else
   * `doubt`, also for NaN. One byte each; `bytes` counts the float32 numbers of one channel, a multiple of 64.
   */
  compareTwo(first: number, second: number, out: number, bytes: number, margin: number, doubt: number): void;
  /** The address of the first byte from `at` that is not `value`, or one not before `end`. */
  skipByte(at: number, end: number, value: number): number;
  /** The address of the first byte from `at` that is `value`, or one not before `end`. */
  findByte(at: number, end: number, value: number): number;
  /** Four rows of float32, `rowBytes` apart, to columns: out[4·i … 4·i + 3] hold column i, `columnBytes` apart. */
  transposeRows(at: number, rowBytes: number, bytes: number, out: number, columnBytes: number): void;
  /** A square of 16 × 16 bytes, turned over its diagonal. */
  transposeBytes(at: number, rowBytes: number, out: number, columnBytes: number): void;
}

/** The end of a loop over vectors: `at` moves on until `end`. */
const NEXT = (step: number): string => `
  local.get at i32.const ${step} i32.add local.tee at local.get end i32.lt_u br_if 0`;

const HALF_BLEND = (offset: number): string => `
  local.get out
  local.get low v128.load64_zero ${offset} f64x2.promote_low_f32x4 local.get wl f64x2.mul
  local.get high v128.load64_zero ${offset} f64x2.promote_low_f32x4 local.get wh f64x2.mul
  f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
  f64x2.add f32x4.demote_f64x2_zero
  v128.store64_lane0 ${offset}`;

const blend: FunctionText = {
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

const scale: FunctionText = {
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

const addMoments: FunctionText = {
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

const agree: FunctionText = {
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

const compareTwo: FunctionText = {
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
const untilByte = (name: string, flip: 0 | 65535): FunctionText => ({
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

const [ROW, COLUMN] = ['local.get at', 'local.get out'];

/** Two of the four rows mixed: their first halves, or their second ones. */
const MIX_LOW = 'i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23';
const MIX_HIGH = 'i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31';
const FIRST_HALVES = 'i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23';
const LAST_HALVES = 'i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31';

const transposeRows: FunctionText = {
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
const transposeBytes: FunctionText = {
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

const FUNCTIONS = [
  blend,
  scale,
  addMoments,
  agree,
  compareTwo,
  untilByte('skipByte', 65535),
  untilByte('findByte', 0),
  transposeRows,
  transposeBytes,
];

/** What this file needs of WebAssembly; its types come with the browser's, which are not loaded. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
};

const PAGE_BYTES = 65536;
const MODULE = new WebAssembly.Module(assemble(FUNCTIONS));

/** Kernels with a scratch memory of at least that many bytes, all 0, and 64 bytes more. */
export function createKernels(scratchBytes: number): Kernels {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((scratchBytes + 64) / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(MODULE, { scratch: { memory } });
  const { buffer } = memory;
  return {
    ...(exports as unknown as Omit<Kernels, 'f32' | 'u8' | 'f64'>),
    f32: new Float32Array(buffer),
    u8: new Uint8Array(buffer),
    f64: new Float64Array(buffer),
  };
}

/** Bytes of `SHARED`. */
export const SHARED_BYTES = 2 ** 18;

/**
 * Kernels for work that is begun and done in one go, part by part: what is in their memory counts for nothing when a
 * function returns. A memory of one's own takes longer to come by than such work.
 */
export const SHARED: Kernels = createKernels(SHARED_BYTES);

/** Lengths in bytes rounded up to whole vectors. */
export function wholeVectors(bytes: number): number {
  return (bytes + 15) & ~15;
}
