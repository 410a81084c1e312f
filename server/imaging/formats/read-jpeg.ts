// Reads a JPEG as PIL, and so MONAI's LoadImage, has it: columns along i, rows along j, grey or RGB.
//
// @napi-rs/canvas brings libjpeg-turbo, PIL's own decoder, with PIL's settings: the pixels are the same to the last bit. It
// would also turn pictures by their EXIF and change colours by their profile, which PIL does not: both are taken out first.
import { readSmallFile } from './file-bytes.js';
import type { ImageFile } from './image-file.js';
import { malformed } from './malformed.js';
import { pictureFile } from './picture.js';

const MAX_PIXELS = 2 ** 28;

/** The frame's own words. */
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** The file without EXIF and colour profile. */
  readonly bytes: Buffer;
}

/** @throws InvalidArgument naming the file and what is wrong */
export async function readJpeg(file: string): Promise<ImageFile> {
  const { width, height, components, bytes } = readFrame(file, await readSmallFile(file));
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const image = await loadImage(bytes).catch((error: Error) => {
    throw malformed(file, 'compressed data', error.message, 'a whole JPEG', 'Copy or download the file again.');
  });
  if (image.width !== width || image.height !== height) {
    throw malformed(file, 'compressed data', [image.width, image.height], `${width} × ${height} pixels`);
  }
  const canvas = createCanvas(width, height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(width * height * components);
  for (let from = 0, to = 0; to < pixels.length; from += 4) {
    for (let c = 0; c < components; c++) pixels[to++] = data[from + c]!;
  }
  return pictureFile([width, height], components, pixels);
}

/** Walks the segments up to the picture's data. */
function readFrame(file: string, bytes: Buffer): Frame {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) {
    throw malformed(file, 'signature', bytes.subarray(0, 2).toString('hex'), "JPEG's ffd8");
  }
  const kept = [bytes.subarray(0, 2)];
  let size: Omit<Frame, 'bytes'> | undefined;
  for (let at = 2; ; ) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) throw damaged(file, at);
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) throw damaged(file, at);
    if (isFrame(marker)) size = readSize(file, bytes.subarray(at + 4, end));
    if (marker === 0xda) {
      if (size === undefined) throw damaged(file, at);
      if (bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < end) {
        throw malformed(file, 'end', 'none', 'the marker ffd9', 'The file is cut off: copy or download it again.');
      }
      return { ...size, bytes: Buffer.concat([...kept, bytes.subarray(at)]) };
    }
    if (marker !== 0xe1 && marker !== 0xe2) kept.push(bytes.subarray(at, end));
    at = end;
  }
}

/** A frame of any coding: SOF0 to SOF15 without the tables that share their numbers. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readSize(file: string, data: Buffer): Omit<Frame, 'bytes'> {
  if (data.length < 6) throw malformed(file, 'frame', `${data.length} bytes`, 'at least 6');
  const [bits, height, width, components] = [data[0]!, data.readUInt16BE(1), data.readUInt16BE(3), data[5]!];
  if (bits !== 8) throw malformed(file, 'bits of a sample', bits, '8');
  if (components !== 1 && components !== 3) {
    throw malformed(file, 'components', components, '1 (grey) or 3 (colour)', 'Save it as RGB.');
  }
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    throw malformed(file, 'width and height', [width, height], `1 to ${MAX_PIXELS} pixels`);
  }
  return { width, height, components };
}

function damaged(file: string, at: number): Error {
  return malformed(file, 'segment', `damaged at byte ${at}`, 'segments up to the pixels', 'Copy the file again.');
}
