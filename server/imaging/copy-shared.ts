// Copies between arrays, of which any may be memory that threads share: V8 copies such memory byte by byte unless both
// ends lie alike within eight bytes, and number by number where the types differ.
import type { VoxelArray } from './image.js';

/** Small enough to stay in the processor's cache. */
const STAGE_BYTES = 32768;
const STAGE_NUMBERS = STAGE_BYTES / 8;
const STAGE_IN = new ArrayBuffer(STAGE_BYTES + 8);
const STAGE_OUT = new ArrayBuffer(STAGE_BYTES + 8);

/** Below so many numbers a loop takes less than calls. */
const FEW = 1024;

/** Copies runs of one array to another. A class, so that its method is compiled once. */
export class SharedCopy {
  private readonly plain: boolean;
  private readonly sameType: boolean;

  constructor(
    private readonly target: VoxelArray,
    private readonly source: VoxelArray,
  ) {
    this.plain = !isShared(source) && !isShared(target);
    this.sameType = source.constructor === target.constructor;
  }

  /** As `target.set(source.subarray(from, end), at)`, and nearly as fast where threads share them. */
  copy(at: number, from: number, end: number): void {
    const { target, source, sameType } = this;
    if (this.plain || (sameType && liesAlike(target, at, source, from))) {
      target.set(source.subarray(from, end), at);
    } else if (sameType && end - from < FEW && source instanceof Float32Array) {
      copyFloats(target as Float32Array, at, source, from, end);
    } else if (sameType && end - from < FEW && source instanceof Uint8Array) {
      copyBytes(target as Uint8Array, at, source, from, end);
    } else {
      for (let start = from; start < end; start += STAGE_NUMBERS) {
        copyStaged(target, at + start - from, source, start, Math.min(STAGE_NUMBERS, end - start));
      }
    }
  }
}

function copyFloats(target: Float32Array, at: number, source: Float32Array, from: number, end: number): void {
  for (let n = from, to = at; n < end; n++, to++) target[to] = source[n]!;
}

function copyBytes(target: Uint8Array, at: number, source: Uint8Array, from: number, end: number): void {
  for (let n = from, to = at; n < end; n++, to++) target[to] = source[n]!;
}

/** As it is out of shared memory, then as what and where it shall be. */
function copyStaged(target: VoxelArray, at: number, source: VoxelArray, from: number, count: number): void {
  const staged = isShared(source) ? stagedAs(source, from, count, STAGE_IN) : undefined;
  if (staged) staged.set(source.subarray(from, from + count));
  const numbers = staged ?? source.subarray(from, from + count);
  if (!isShared(target)) {
    target.set(numbers, at);
    return;
  }
  const leaving = stagedAs(target, at, count, STAGE_OUT);
  leaving.set(numbers);
  target.set(leaving, at);
}

/** A stage that lies within eight bytes as the array does at `from`. */
function stagedAs(array: VoxelArray, from: number, count: number, stage: ArrayBuffer): VoxelArray {
  const Kind = array.constructor as new (buffer: ArrayBuffer, byteOffset: number, length: number) => VoxelArray;
  return new Kind(stage, addressOf(array, from) % 8, count);
}

function liesAlike(a: VoxelArray, at: number, b: VoxelArray, from: number): boolean {
  return addressOf(a, at) % 8 === addressOf(b, from) % 8;
}

function addressOf(array: VoxelArray, at: number): number {
  return array.byteOffset + at * array.BYTES_PER_ELEMENT;
}

function isShared(array: VoxelArray): boolean {
  return array.buffer instanceof SharedArrayBuffer;
}
