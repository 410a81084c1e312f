// Reads a PNG as PIL, and so MONAI's LoadImage, has it: columns along i, rows along j, colours as components.
import { inflateSync } from 'node:zlib';
import { readSmallFile } from './file-bytes.js';
import type { ImageFile } from './image-file.js';
import { malformed } from './malformed.js';
import { pictureFile } from './picture.js';
import { type PngChunks, readPngChunks } from './png-chunks.js';

/** Samples of a pixel by color type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Adam7: first column, first row, steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Reads a PNG. Grey of 1, 2 and 4 bits comes out as PIL gives it (0 and 1; 0 to 255), of 16 bits as uint16; a palette's
 * indices are kept; colours of 16 bits become 8.
 * @throws InvalidArgument naming the file and what is wrong
 */
export async function readPng(file: string): Promise<ImageFile> {
  const chunks = readPngChunks(file, await readSmallFile(file));
  const samples = unpack(file, chunks);
  const { width, height, bitDepth, colorType } = chunks;
  const components = SAMPLES[colorType];
  if (bitDepth < 16) return pictureFile([width, height], components, samples);
  if (colorType === 0) return pictureFile([width, height], 1, Uint16Array.from(bigEndian(samples)));
  const bytes = samples.filter((_, n) => n % 2 === 0);
  const warnings = ['16 bits a colour are read as 8, as PIL and MONAI read them'];
  // PIL has no 16-bit grey with alpha either: it becomes RGB with alpha.
  return colorType === 4
    ? pictureFile([width, height], 4, greyToColor(bytes), warnings)
    : pictureFile([width, height], components, bytes, warnings);
}

/** Samples of the whole picture: one byte each, or two of 16 bits. */
function unpack(file: string, chunks: PngChunks): Uint8Array {
  const { width, height, bitDepth, colorType, interlaced, packed } = chunks;
  const bits = bitDepth * SAMPLES[colorType];
  const passes = (interlaced ? PASSES : [[0, 0, 1, 1] as const])
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      columns: Math.ceil((width - x) / dx),
      rows: Math.ceil((height - y) / dy),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const size = passes.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns, bits)), 0);
  const raw = inflate(file, packed, size);
  const pixelBytes = Math.max(1, bits >> 3);
  const sampleBytes = bitDepth === 16 ? 2 : 1;
  const pixelOut = SAMPLES[colorType] * sampleBytes;
  const out = new Uint8Array(width * height * pixelOut);
  let at = 0;
  for (const { x, y, dx, dy, columns, rows } of passes) {
    const length = rowBytes(columns, bits);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      unfilter(file, raw[at]!, line, above, pixelBytes);
      const start = ((y + row * dy) * width + x) * pixelOut;
      if (bitDepth < 8) spread(line, columns, bitDepth, scaleOf(chunks), out, start, dx);
      else copyPixels(line, columns, pixelOut, out, start, dx * pixelOut);
      above = line;
      at += 1 + length;
    }
  }
  return out;
}

function inflate(file: string, packed: Buffer, size: number): Buffer {
  try {
    const raw = inflateSync(packed, { maxOutputLength: size });
    if (raw.length === size) return raw;
    throw malformed(file, 'IDAT', `${raw.length} bytes of pixels`, `${size} bytes, as IHDR declares`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!/^(?:Z_|ERR_)/.test(code ?? '')) throw error;
    const got = code === 'ERR_BUFFER_TOO_LARGE' ? `more than ${size} bytes of pixels` : message;
    throw malformed(file, 'IDAT', got, `${size} bytes of pixels in a whole zlib stream`);
  }
}

function rowBytes(columns: number, bits: number): number {
  return Math.ceil((columns * bits) / 8);
}

/** Undoes a row's filter in place. */
function unfilter(file: string, filter: number, line: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  if (filter > 4) throw malformed(file, 'filter of a row', filter, '0 to 4');
  if (filter === 0) return;
  for (let n = 0; n < line.length; n++) {
    const left = n >= pixelBytes ? line[n - pixelBytes]! : 0;
    const up = above[n]!;
    const corner = n >= pixelBytes ? above[n - pixelBytes]! : 0;
    const guess =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : nearestOf(left, up, corner);
    line[n] = line[n]! + guess;
  }
}

/** Paeth's predictor: the neighbour nearest to left + up − corner. */
function nearestOf(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** PIL scales grey of 2 and 4 bits to 255; a bit stays 0 or 1, and a palette's index itself. */
function scaleOf({ bitDepth, colorType }: PngChunks): number {
  return colorType === 3 || bitDepth === 1 ? 1 : 255 / (2 ** bitDepth - 1);
}

function spread(
  line: Uint8Array,
  columns: number,
  bitDepth: number,
  scale: number,
  out: Uint8Array,
  start: number,
  step: number,
): void {
  const [perByte, mask] = [8 / bitDepth, 2 ** bitDepth - 1];
  for (let n = 0, to = start; n < columns; n++, to += step) {
    const shift = 8 - bitDepth * ((n % perByte) + 1);
    out[to] = ((line[Math.floor(n / perByte)]! >> shift) & mask) * scale;
  }
}

function copyPixels(line: Uint8Array, columns: number, size: number, out: Uint8Array, start: number, step: number) {
  if (step === size) {
    out.set(line, start);
    return;
  }
  for (let n = 0, to = start; n < columns; n++, to += step) out.set(line.subarray(n * size, (n + 1) * size), to);
}

function bigEndian(bytes: Uint8Array): Uint16Array {
  return Uint16Array.from({ length: bytes.length / 2 }, (_, n) => bytes[2 * n]! * 256 + bytes[2 * n + 1]!);
}

function greyToColor(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length * 2);
  for (let n = 0; n < bytes.length; n += 2) out.set([bytes[n]!, bytes[n]!, bytes[n]!, bytes[n + 1]!], n * 2);
  return out;
}
