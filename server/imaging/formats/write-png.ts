// Writes a PNG: rows as they are, each with the filter that PNG's authors found best for pictures, packed by zlib.
import { crc32, deflateSync } from 'node:zlib';
import { COMPONENT_BYTES, type VolumeHeader } from '../volume-header.js';
import type { WriteOptions } from './image-file.js';
import { pictureSizes } from './picture.js';
import { writeWholeFile } from './write-file.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOR_TYPES = [0, 0, 4, 2, 6];
const UP = 2;

/** Writes an image of two axes. @throws InvalidArgument when a PNG cannot hold it */
export async function writePng(
  file: string,
  header: VolumeHeader,
  voxels: Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const [width, height] = pictureSizes(file, header, 4);
  const { components, componentType } = header;
  const rowBytes = width * components * COMPONENT_BYTES[componentType];
  const pixels = componentType === 'uint16' ? Buffer.from(voxels).swap16() : voxels;
  const rows = new Uint8Array(height * (rowBytes + 1));
  for (let row = 0; row < height; row++) {
    const [from, to] = [row * rowBytes, row * (rowBytes + 1)];
    rows[to] = UP;
    for (let n = 0; n < rowBytes; n++) {
      rows[to + 1 + n] = pixels[from + n]! - (row > 0 ? pixels[from + n - rowBytes]! : 0);
    }
  }
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([COMPONENT_BYTES[componentType] * 8, COLOR_TYPES[components] ?? 0, 0, 0, 0], 8);
  const level = options.compressionLevel ?? 6;
  const pieces = [SIGNATURE, chunk('IHDR', ihdr), chunk('IDAT', deflateSync(rows, { level })), chunk('IEND')];
  await writeWholeFile(file, [{ pieces }]);
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
