// The filter of CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE: delta, zigzag, bytes by significance. Undone by its inverse.
// One plain loop a width, since this is per byte of every volume; all arithmetic is modulo 2^bits as the format asks.

/** Filters whole components of 1, 2, 4 or 8 bytes. The input stays as it is. */
export function filterComponents(bytes: Uint8Array, componentBytes: number): Buffer {
  const out = Buffer.allocUnsafeSlow(bytes.length);
  FILTERS[componentBytes]?.(bytes, out, bytes.length / componentBytes);
  return out;
}

/** Undoes `filterComponents`. The input stays as it is. */
export function unfilterComponents(bytes: Uint8Array, componentBytes: number): Buffer {
  const out = Buffer.allocUnsafeSlow(bytes.length);
  UNFILTERS[componentBytes]?.(bytes, out, bytes.length / componentBytes);
  return out;
}

type Loop = (from: Uint8Array, to: Uint8Array, count: number) => void;

const FILTERS: Readonly<Record<number, Loop>> = { 1: filter8, 2: filter16, 4: filter32, 8: filter64 };
const UNFILTERS: Readonly<Record<number, Loop>> = { 1: unfilter8, 2: unfilter16, 4: unfilter32, 8: unfilter64 };

function filter8(from: Uint8Array, to: Uint8Array, count: number): void {
  let before = 0;
  for (let i = 0; i < count; i++) {
    const value = from[i]!;
    const delta = ((value - before) << 24) >> 24;
    to[i] = (delta << 1) ^ (delta >> 7);
    before = value;
  }
}

function unfilter8(from: Uint8Array, to: Uint8Array, count: number): void {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const zigzag = from[i]!;
    value = (value + ((zigzag >> 1) ^ -(zigzag & 1))) & 0xff;
    to[i] = value;
  }
}

function filter16(from: Uint8Array, to: Uint8Array, count: number): void {
  let before = 0;
  for (let i = 0; i < count; i++) {
    const value = from[2 * i]! | (from[2 * i + 1]! << 8);
    const delta = ((value - before) << 16) >> 16;
    const zigzag = (delta << 1) ^ (delta >> 15);
    to[i] = zigzag;
    to[count + i] = zigzag >> 8;
    before = value;
  }
}

function unfilter16(from: Uint8Array, to: Uint8Array, count: number): void {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const zigzag = from[i]! | (from[count + i]! << 8);
    value = (value + ((zigzag >> 1) ^ -(zigzag & 1))) & 0xffff;
    to[2 * i] = value;
    to[2 * i + 1] = value >> 8;
  }
}

function filter32(from: Uint8Array, to: Uint8Array, count: number): void {
  let before = 0;
  for (let i = 0; i < count; i++) {
    const value = readWord(from, 4 * i);
    const delta = (value - before) | 0;
    writePlanes(to, i, count, (delta << 1) ^ (delta >> 31));
    before = value;
  }
}

function unfilter32(from: Uint8Array, to: Uint8Array, count: number): void {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const zigzag = readPlanes(from, i, count);
    value = (value + ((zigzag >>> 1) ^ -(zigzag & 1))) | 0;
    writeWord(to, 4 * i, value);
  }
}

// 64 bits as two words: BigInt arithmetic is ten times slower.
function filter64(from: Uint8Array, to: Uint8Array, count: number): void {
  let lowBefore = 0;
  let highBefore = 0;
  for (let i = 0; i < count; i++) {
    const low = readWord(from, 8 * i);
    const high = readWord(from, 8 * i + 4);
    const borrow = low >>> 0 < lowBefore >>> 0 ? 1 : 0;
    const lowDelta = (low - lowBefore) | 0;
    const highDelta = (high - highBefore - borrow) | 0;
    const sign = highDelta >> 31;
    writePlanes(to, i, count, (lowDelta << 1) ^ sign);
    writePlanes(to, i + 4 * count, count, ((highDelta << 1) | (lowDelta >>> 31)) ^ sign);
    lowBefore = low;
    highBefore = high;
  }
}

function unfilter64(from: Uint8Array, to: Uint8Array, count: number): void {
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    const lowZigzag = readPlanes(from, i, count);
    const highZigzag = readPlanes(from, i + 4 * count, count);
    const sign = -(lowZigzag & 1);
    const lowSum = (low + (((lowZigzag >>> 1) | (highZigzag << 31)) ^ sign)) | 0;
    const carry = lowSum >>> 0 < low >>> 0 ? 1 : 0;
    high = (high + ((highZigzag >>> 1) ^ sign) + carry) | 0;
    low = lowSum;
    writeWord(to, 8 * i, low);
    writeWord(to, 8 * i + 4, high);
  }
}

function readWord(from: Uint8Array, at: number): number {
  return from[at]! | (from[at + 1]! << 8) | (from[at + 2]! << 16) | (from[at + 3]! << 24);
}

function writeWord(to: Uint8Array, at: number, word: number): void {
  to[at] = word;
  to[at + 1] = word >> 8;
  to[at + 2] = word >> 16;
  to[at + 3] = word >> 24;
}

function readPlanes(from: Uint8Array, at: number, count: number): number {
  return from[at]! | (from[at + count]! << 8) | (from[at + 2 * count]! << 16) | (from[at + 3 * count]! << 24);
}

function writePlanes(to: Uint8Array, at: number, count: number, word: number): void {
  to[at] = word;
  to[at + count] = word >> 8;
  to[at + 2 * count] = word >> 16;
  to[at + 3 * count] = word >> 24;
}
