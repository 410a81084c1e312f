// A small WebAssembly assembler: functions in the flat text form of WebAssembly's own instructions, to a module's bytes.
//
// Float32 arithmetic with its own rounding, four numbers at a time, is what JavaScript lacks; a compiler as a dependency
// would be much for five loops. Only the instructions that the kernels use are known.

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

export interface FunctionText {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ValueType>>;
  readonly result?: ValueType;
  readonly locals?: Readonly<Record<string, ValueType>>;
  /**
   * Instructions separated by blanks: `local.get a`, `i32.const 16`, `v128.load 8` (the offset), `br_if 0` (levels out),
   * `block`, `loop`, `end`.
   */
  readonly body: string;
}

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** One byte, no immediates. */
const PLAIN: Readonly<Record<string, number>> = {
  return: 0x0f,
  end: 0x0b,
  'i32.lt_u': 0x49,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.ctz': 0x68,
  'i32.eqz': 0x45,
  'i32.and': 0x71,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
};

/** Behind 0xfd, no immediates. */
const SIMD: Readonly<Record<string, number>> = {
  'i8x16.splat': 0x0f,
  'i32x4.splat': 0x11,
  'f32x4.splat': 0x13,
  'f64x2.splat': 0x14,
  'i8x16.eq': 0x23,
  'i32x4.eq': 0x37,
  'f32x4.eq': 0x41,
  'f32x4.lt': 0x43,
  'f32x4.gt': 0x44,
  'f32x4.le': 0x45,
  'f32x4.ge': 0x46,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.bitselect': 0x52,
  'v128.any_true': 0x53,
  'f32x4.demote_f64x2_zero': 0x5e,
  'f64x2.promote_low_f32x4': 0x5f,
  'i8x16.bitmask': 0x64,
  'i8x16.narrow_i16x8_u': 0x66,
  'i16x8.narrow_i32x4_s': 0x85,
  'f64x2.nearest': 0x94,
  'i32x4.bitmask': 0xa4,
  'i32x4.shl': 0xab,
  'i32x4.add': 0xae,
  'i64x2.extend_low_i32x4_s': 0xc7,
  'i64x2.shl': 0xcb,
  'f32x4.neg': 0xe1,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.max': 0xf5,
  'i32x4.trunc_sat_f64x2_s_zero': 0xfc,
};

/** Behind 0xfd, with an address: [opcode, alignment as a power of two]. */
const MEMORY: Readonly<Record<string, readonly [number, number]>> = {
  'v128.load': [0x00, 0],
  'v128.load64_zero': [0x5d, 0],
  'v128.store': [0x0b, 0],
  'v128.store64_lane0': [0x5b, 0],
};

/** Pages that a memory may have at most, of 64 KiB. */
const MOST_PAGES = 65536;

/**
 * The bytes of a module that imports the memory `scratch.memory`, one that threads share if asked, and exports the
 * functions by their names.
 */
export function assemble(functions: readonly FunctionText[], shared = false): Uint8Array {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...list(Object.values(parameters).map((type) => [TYPES[type]])),
    ...list(result ? [[TYPES[result]]] : []),
  ]);
  const limits = shared ? [0x03, ...unsigned(1), ...unsigned(MOST_PAGES)] : [0x00, ...unsigned(1)];
  const memory = [...text('scratch'), ...text('memory'), 0x02, ...limits];
  const exports = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([memory])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(exports)),
    ...section(10, list(functions.map(functionBody))),
  ]);
}

function functionBody({ name, parameters, locals = {}, body }: FunctionText): number[] {
  const names = [...Object.keys(parameters), ...Object.keys(locals)];
  const words = body.split(/\s+/).filter(Boolean);
  const code: number[] = [];
  let at = 0;
  const next = (): string => words[at++] ?? fail(name, 'ends in the middle of an instruction');
  while (at < words.length) code.push(...instruction(next(), next, names, name));
  const declared = list(Object.values(locals).map((type) => [...unsigned(1), TYPES[type]]));
  const bytes = [...declared, ...code, 0x0b];
  return [...unsigned(bytes.length), ...bytes];
}

function instruction(word: string, next: () => string, names: readonly string[], where: string): number[] {
  if (PLAIN[word] !== undefined) return [PLAIN[word]];
  if (SIMD[word] !== undefined) return [0xfd, ...unsigned(SIMD[word])];
  const memory = MEMORY[word];
  if (memory) {
    const lane = word.endsWith('lane0') ? [0] : [];
    return [0xfd, ...unsigned(memory[0]), memory[1], ...unsigned(Number(next())), ...lane];
  }
  switch (word) {
    case 'block':
      return [0x02, 0x40];
    case 'loop':
      return [0x03, 0x40];
    case 'br_if':
      return [0x0d, ...unsigned(Number(next()))];
    case 'i32.const':
      return [0x41, ...signed(Number(next()))];
    case 'i32.load':
      return [0x28, 0, ...unsigned(Number(next()))];
    case 'i32.store':
      return [0x36, 0, ...unsigned(Number(next()))];
    case 'f32.const':
      return [0x43, ...float32(Number(next()))];
    case 'f64.const':
      return [0x44, ...float64(Number(next()))];
    case 'local.get':
    case 'local.set':
    case 'local.tee': {
      const local = next();
      const index = names.indexOf(local);
      if (index < 0) return fail(where, `there is no local ${local}`);
      return [{ 'local.get': 0x20, 'local.set': 0x21, 'local.tee': 0x22 }[word], ...unsigned(index)];
    }
    case 'i8x16.shuffle':
      return [0xfd, 0x0d, ...Array.from({ length: 16 }, () => Number(next()))];
    default:
      return fail(where, `the instruction ${word} is not known`);
  }
}

function fail(where: string, message: string): never {
  throw new SyntaxError(`${where}: ${message}`);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function float32(value: number): number[] {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [...bytes];
}

function float64(value: number): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [...bytes];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}
