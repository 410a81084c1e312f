// The loops that decide how long a step takes, as WebAssembly with vectors: the same numbers as the arithmetic in their
// remarks, each operation rounded to its own type. They work on a scratch memory of their own, in bytes from its start.
import { addMoments, addPlane, blend, divide, scale } from './arithmetic.js';
import { assemble } from './assemble.js';
import { agree, compareTwo, untilByte } from './bytes.js';
import { anyInfinite, contenders, softmaxNear } from './cells.js';
import { greatest } from './labels.js';
import { gather, sampleRows } from './sampling.js';
import { most, overSums, powers, sigmoids, softmaxTwo } from './softmax.js';
import { transposeBytes, transposeRows } from './transpose.js';

/** Addresses and lengths in bytes, multiples of 16; addresses of rows of channels, multiples of 4. */
export interface Kernels {
  /** The scratch memory: the same bytes as float32 and as bytes. */
  readonly f32: Float32Array;
  readonly u8: Uint8Array;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
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
  /**
   * The greatest of channels whose rows are `rowBytes` apart and take `rowsBytes` together, to `most`, and its number, an
   * int32, to `labels`: the first of equal ones, and of NaN, which is greater than all numbers. It is `doubt` where the
   * greatest, x, does not lead the greatest before it, y, by more than margin · max(x, −y) + gap; `sure` −1: never.
   */
  greatest(
    at: number,
    rowBytes: number,
    rowsBytes: number,
    bytes: number,
    most: number,
    labels: number,
    margin: number,
    gap: number,
    doubt: number,
    sure: number,
  ): void;
  /** The address of the first byte from `at` that is not `value`, or one not before `end`. */
  skipByte(at: number, end: number, value: number): number;
  /** The address of the first byte from `at` that is `value`, or one not before `end`. */
  findByte(at: number, end: number, value: number): number;
  /** out = the four bytes that are so many bytes behind `from` as the int32 at `distances` says, one after another. */
  gather(from: number, distances: number, out: number, bytes: number): void;
  /**
   * Trilinear samples of four rows in float64, rounded to float32. A row is of pairs: two low neighbours, then their two
   * high ones, as float32; `weights` has the same for the axis along the row, as float64. With w the weight of the other
   * axes, out = Σ low · (w · lowWeight), the four rows in order, then Σ high · (w · highWeight). `bytes` are the output's,
   * a multiple of 8.
   */
  sampleRows(
    r00: number,
    r01: number,
    r10: number,
    r11: number,
    weights: number,
    out: number,
    bytes: number,
    w00: number,
    w01: number,
    w10: number,
    w11: number,
  ): void;
  /**
   * Softmax over two channels, in place: with m the larger, a = float32(first − m) and b = float32(second − m), each is
   * e^a or e^b, rounded to float32, over their sum. `bytes` are those of one channel.
   */
  softmaxTwo(first: number, second: number, bytes: number): void;
  /** x = 1 / (1 + e^−x), each step rounded to float32, in place. */
  sigmoids(at: number, bytes: number): void;
  /** greatest = the greater of itself and the number; NaN stays. */
  most(at: number, greatest: number, bytes: number): void;
  /** x = float32(e^float32(x − greatest)), in place, and added to the sums in float32. */
  powers(at: number, greatest: number, sums: number, bytes: number): void;
  /** x = float32(x / sum), in place. */
  overSums(at: number, sums: number, bytes: number): void;
  /** Not 0 where a number is infinite or NaN. */
  anyInfinite(at: number, bytes: number): number;
  /**
   * Softmax over channels whose rows are `rowBytes` apart and take `rowsBytes` together, in place, of `bytes` of each row:
   * within 2⁻²⁰ of itself for every 16 channels. All must be finite, here and in `contenders`.
   */
  softmaxNear(at: number, rowBytes: number, rowsBytes: number, bytes: number): void;
  /**
   * The channels that can be the greatest in cells between four rows (the others `below`, `right` and `across` bytes
   * behind `at`) and their neighbours along the rows. For each cell: at `margins` the greatest magnitude of its corners
   * times `part`; from `lists` on, `listBytes` a cell (4 for each channel and 4 more), the channels but those whose
   * highest corner is more than two margins below the lowest one of another; at `ends` the address behind its last one.
   * `highs`: scratch, 16 bytes a channel.
   */
  contenders(
    at: number,
    below: number,
    right: number,
    across: number,
    rowBytes: number,
    rowsBytes: number,
    bytes: number,
    part: number,
    margins: number,
    lists: number,
    listBytes: number,
    ends: number,
    highs: number,
  ): void;
  /**
   * Adds a plane of a window: sums += float32(weights · numbers). The plane's rows of `rowBytes` follow one another from
   * `weights` to `weightsEnd`, and so do its numbers; in the sums they are `rowStep` apart.
   */
  addPlane(sums: number, weights: number, numbers: number, weightsEnd: number, rowBytes: number, rowStep: number): void;
  /** numbers /= by. */
  divide(at: number, bytes: number, by: number): void;
  /** Four rows of float32, `rowBytes` apart, to columns: out[4·i … 4·i + 3] hold column i, `columnBytes` apart. */
  transposeRows(at: number, rowBytes: number, bytes: number, out: number, columnBytes: number): void;
  /** A square of 16 × 16 bytes, turned over its diagonal. */
  transposeBytes(at: number, rowBytes: number, out: number, columnBytes: number): void;
}

const FUNCTIONS = [
  blend,
  scale,
  addMoments,
  agree,
  compareTwo,
  untilByte('skipByte', 65535),
  untilByte('findByte', 0),
  greatest,
  gather,
  sampleRows,
  softmaxTwo,
  sigmoids,
  most,
  powers,
  overSums,
  anyInfinite,
  softmaxNear,
  contenders,
  addPlane,
  divide,
  transposeRows,
  transposeBytes,
];

/** What this file needs of WebAssembly; its types come with the browser's, which are not loaded. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
  Memory: new (limits: Limits) => { readonly buffer: ArrayBufferLike };
};

interface Limits {
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

const PAGE_BYTES = 65536;
const MODULE = new WebAssembly.Module(assemble(FUNCTIONS));
/** The same for a memory that threads share, which is another type. */
const SHARING_MODULE = new WebAssembly.Module(assemble(FUNCTIONS, true));

/**
 * Kernels with a scratch memory of at least that many bytes, all 0, and 64 bytes more.
 * @param shared whether other threads may be given views of the memory
 */
export function createKernels(scratchBytes: number, shared = false): Kernels {
  const initial = Math.ceil((scratchBytes + 64) / PAGE_BYTES);
  const memory = new WebAssembly.Memory(shared ? { initial, maximum: initial, shared } : { initial });
  const { exports } = new WebAssembly.Instance(shared ? SHARING_MODULE : MODULE, { scratch: { memory } });
  const { buffer } = memory;
  return {
    ...(exports as unknown as Omit<Kernels, 'f32' | 'u8' | 'f64' | 'i32'>),
    f32: new Float32Array(buffer),
    u8: new Uint8Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
  };
}

/** Bytes of `SHARED`. */
export const SHARED_BYTES = 2 ** 18;

/**
 * Kernels for work that is begun and done in one go, part by part: what is in their memory counts for nothing when a
 * function returns. A memory of one's own takes longer to come by than such work.
 */
export const SHARED: Kernels = createKernels(SHARED_BYTES);

/** `SHARED` where it suffices, for such work; else kernels with a memory of their own. */
export function kernelsWith(scratchBytes: number): Kernels {
  return scratchBytes <= SHARED_BYTES ? SHARED : createKernels(scratchBytes);
}

/** Lengths in bytes rounded up to whole vectors. */
export function wholeVectors(bytes: number): number {
  return (bytes + 15) & ~15;
}
