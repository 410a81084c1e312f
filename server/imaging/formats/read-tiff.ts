// Reads a TIFF as ITK, and so MONAI's LoadImage, has it: columns along i, rows along j, pages along k, LPS millimetres.
import { inflateSync } from 'node:zlib';
import { COMPONENT_BYTES } from '../volume-header.js';
import { readSmallFile } from './file-bytes.js';
import type { ImageFile } from './image-file.js';
import { malformed } from './malformed.js';
import { readTiffPages, type TiffPage } from './tiff-fields.js';
import { unpackBits, unpackLzw } from './tiff-packing.js';
import { swapByteOrder } from './voxel-bytes.js';

const MAX_BYTES = 2 ** 32;

/** @throws InvalidArgument naming the file and the field */
export async function readTiff(file: string): Promise<ImageFile> {
  const bytes = await readSmallFile(file);
  const pages = readTiffPages(file, bytes);
  const [first] = pages as [TiffPage];
  for (const { width, height, type, components } of pages) {
    if (width !== first.width || height !== first.height || type !== first.type || components !== first.components) {
      throw malformed(file, 'page', [width, height, type, components], 'pages that are all alike');
    }
  }
  const { width, height, components, type, spacingMm } = first;
  const pageBytes = width * height * components * COMPONENT_BYTES[type];
  if (pageBytes * pages.length > MAX_BYTES) throw malformed(file, 'pages', pages.length, `${MAX_BYTES} bytes at most`);
  const voxels = Buffer.alloc(pageBytes * pages.length);
  for (const [n, page] of pages.entries()) unpackPage(file, page, bytes, voxels.subarray(n * pageBytes));
  if (!first.littleEndian) swapByteOrder(voxels, COMPONENT_BYTES[type]);
  const sizes = pages.length > 1 ? [width, height, pages.length] : [width, height];
  const indexToWorldLps = [spacingMm[0], 0, 0, 0, 0, spacingMm[1], 0, 0, 0, 0, 1, 0];
  return {
    header: { sizes, componentType: type, components, indexToWorldLps, modality: '' },
    voxels,
    warnings: [],
  };
}

function unpackPage(file: string, page: TiffPage, bytes: Buffer, out: Buffer): void {
  const { width, height, blockSizes, blocks, components, type } = page;
  const [columns, rows] = blockSizes;
  const pixelBytes = components * COMPONENT_BYTES[type];
  const across = Math.ceil(width / columns);
  const tiled = columns !== width;
  for (const [n, { offset, length }] of blocks.entries()) {
    const [x, y] = [(n % across) * columns, Math.floor(n / across) * rows];
    // The last strip ends with the page; a tile is whole even where it reaches beyond.
    const lines = Math.min(rows, height - y);
    const size = columns * (tiled ? rows : lines) * pixelBytes;
    const data = unpackBlock(file, page, bytes.subarray(offset, offset + length), size);
    const kept = Math.min(columns, width - x) * pixelBytes;
    for (let line = 0; line < lines; line++) {
      const from = line * columns * pixelBytes;
      const row = data.subarray(from, from + columns * pixelBytes);
      if (page.differences) addDifferences(row, page);
      out.set(row.subarray(0, kept), ((y + line) * width + x) * pixelBytes);
    }
  }
}

function unpackBlock(file: string, page: TiffPage, packed: Buffer, size: number): Buffer {
  let data: Buffer;
  try {
    // A tile at the page's end may hold less than a whole one: zlib is given some room, the rest is cut.
    if (page.compression === 'deflate') data = inflateSync(packed, { maxOutputLength: size + page.width * 32 });
    else if (page.compression === 'lzw') data = unpackLzw(packed, size);
    else data = page.compression === 'packbits' ? unpackBits(packed, size) : Buffer.from(packed);
  } catch (error) {
    throw malformed(file, 'strip', (error as Error).message, `${size} bytes of pixels, packed`);
  }
  if (data.length < size) throw malformed(file, 'strip', `${data.length} bytes`, `${size} bytes of pixels`);
  return data.subarray(0, size);
}

/** Each sample of a row was written as its difference from the pixel before. */
function addDifferences(row: Buffer, { type, components, littleEndian }: TiffPage): void {
  const width = COMPONENT_BYTES[type];
  const view = new DataView(row.buffer, row.byteOffset, row.length);
  for (let at = components * width; at < row.length; at += width) {
    const before = at - components * width;
    if (width === 1) view.setUint8(at, view.getUint8(at) + view.getUint8(before));
    else if (width === 2) {
      view.setUint16(at, view.getUint16(at, littleEndian) + view.getUint16(before, littleEndian), littleEndian);
    } else view.setUint32(at, view.getUint32(at, littleEndian) + view.getUint32(before, littleEndian), littleEndian);
  }
}
