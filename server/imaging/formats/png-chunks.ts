// A PNG file's chunks: signature, lengths and checksums verified before anything is unpacked.
import { crc32 } from 'node:zlib';
import { malformed } from './malformed.js';

/** What a PNG declares, and its pixels still packed. */
export interface PngChunks {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 1 | 2 | 4 | 8 | 16;
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly interlaced: boolean;
  /** The IDAT chunks, joined. */
  readonly packed: Buffer;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Pixels of one picture, at most. */
const MAX_PIXELS = 2 ** 28;

/** @throws InvalidArgument naming the file and the chunk */
export function readPngChunks(file: string, bytes: Buffer): PngChunks {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) {
    throw malformed(file, 'signature', bytes.subarray(0, 8).toString('hex'), "PNG's eight bytes");
  }
  let header: Omit<PngChunks, 'packed'> | undefined;
  const parts: Buffer[] = [];
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw cutOff(file, at);
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (length > bytes.length - at - 12) throw cutOff(file, at);
    const data = bytes.subarray(at + 8, at + 8 + length);
    const known = type === 'IHDR' || type === 'IDAT' || type === 'IEND' || type === 'PLTE';
    if (known && crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) {
      throw malformed(file, `${type} checksum`, 'another', "the chunk's own", 'Copy or download the file again.');
    }
    if (header === undefined && type !== 'IHDR') throw malformed(file, 'first chunk', type, 'IHDR');
    if (type === 'IHDR') header = readHeader(file, data);
    else if (type === 'IDAT') parts.push(data);
    else if (type === 'IEND') break;
    else if (!known && /^[A-Z]/.test(type)) throw malformed(file, 'chunk', type, 'one of PNG that must be understood');
    at += length + 12;
  }
  if (header === undefined || parts.length === 0) throw malformed(file, 'IDAT', undefined, 'pixels');
  return { ...header, packed: Buffer.concat(parts) };
}

function readHeader(file: string, data: Buffer): Omit<PngChunks, 'packed'> {
  if (data.length !== 13) throw malformed(file, 'IHDR', `${data.length} bytes`, '13 bytes');
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    throw malformed(file, 'IHDR width and height', [width, height], `1 to ${MAX_PIXELS} pixels`);
  }
  const [bitDepth = 0, colorType = 0, compression = 0, filter = 0, interlace = 0] = data.subarray(8);
  if (!DEPTHS[colorType]?.includes(bitDepth)) {
    throw malformed(file, 'IHDR bit depth and color type', [bitDepth, colorType], "one of PNG's combinations");
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw malformed(file, 'IHDR methods', [compression, filter, interlace], '0, 0 and 0 or 1');
  }
  return {
    width,
    height,
    bitDepth: bitDepth as PngChunks['bitDepth'],
    colorType: colorType as PngChunks['colorType'],
    interlaced: interlace === 1,
  };
}

function cutOff(file: string, at: number): Error {
  return malformed(file, 'chunk', `cut off at byte ${at}`, 'chunks up to IEND', 'Copy or download the file again.');
}
