// Writes a TIFF: little-endian, one strip a page packed by zlib, millimetres as resolution. Directions are not kept.
import { deflateSync } from 'node:zlib';
import { InvalidArgument } from '../../errors.js';
import { COMPONENT_BYTES, type VolumeHeader } from '../volume-header.js';
import type { WriteOptions } from './image-file.js';
import { writeWholeFile } from './write-file.js';

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const MAX_FILE_BYTES = 2 ** 31;

/** Writes an image of two or three axes. @throws InvalidArgument when a TIFF cannot hold it */
export async function writeTiff(
  file: string,
  header: VolumeHeader,
  voxels: Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const [width = 1, height = 1, pages = 1, ...more] = header.sizes;
  const { components, componentType } = header;
  if (
    more.some((size) => size > 1) ||
    components > 4 ||
    componentType.endsWith('64') !== (componentType === 'float64')
  ) {
    throw new InvalidArgument(
      file,
      `${header.sizes.join(' × ')} voxels of ${components} × ${componentType}`,
      'an image of two or three axes with at most 4 components of at most 32 bits, or float64',
      { remedy: 'Write .nii.gz, .nrrd or .mha, which hold any image.' },
    );
  }
  const pageBytes = voxels.length / pages;
  const pieces: Uint8Array[] = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let at = 8;
  for (let page = 0; page < pages; page++) {
    const strip = deflateSync(voxels.subarray(page * pageBytes, (page + 1) * pageBytes), {
      level: options.compressionLevel ?? 6,
    });
    const directory = pageDirectory(header, width, height, strip.length, at, page === pages - 1);
    pieces.push(directory, strip, Buffer.alloc(strip.length % 2));
    at += directory.length + strip.length + (strip.length % 2);
    if (at > MAX_FILE_BYTES) throw new InvalidArgument(file, `${at} bytes`, `at most ${MAX_FILE_BYTES} bytes`);
  }
  await writeWholeFile(file, [{ pieces }]);
}

/** A page's directory at byte `at`, its longer values behind it, then the strip. */
function pageDirectory(
  { components, componentType, indexToWorldLps: m }: VolumeHeader,
  width: number,
  height: number,
  stripBytes: number,
  at: number,
  isLast: boolean,
): Buffer {
  const bits = Array<number>(components).fill(COMPONENT_BYTES[componentType] * 8);
  const format = componentType.startsWith('float') ? 3 : componentType.startsWith('int') ? 2 : 1;
  const perCm = [0, 1].map((axis) => 10 / Math.hypot(m[axis]!, m[4 + axis]!, m[8 + axis]!));
  const rational = (value: number): number[] => [Math.round(value * 1e5), 1e5];
  const entries: [tag: number, type: number, values: number[]][] = [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, bits],
    [259, SHORT, [8]],
    [262, SHORT, [components > 2 ? 2 : 1]],
    [273, LONG, [0]],
    [277, SHORT, [components]],
    [278, LONG, [height]],
    [279, LONG, [stripBytes]],
    [282, RATIONAL, rational(perCm[0]!)],
    [283, RATIONAL, rational(perCm[1]!)],
    [284, SHORT, [1]],
    [296, SHORT, [3]],
    ...(components === 2 || components === 4 ? [[338, SHORT, [0]] as [number, number, number[]]] : []),
    [339, SHORT, Array<number>(components).fill(format)],
  ];
  const tableBytes = 2 + entries.length * 12 + 4;
  const long = entries.filter(([, type, values]) => valueBytes(type, values) > 4);
  const size = tableBytes + long.reduce((sum, [, type, values]) => sum + valueBytes(type, values), 0);
  const out = Buffer.alloc(size + (size % 2));
  out.writeUInt16LE(entries.length, 0);
  let behind = tableBytes;
  for (const [n, [tag, type, values]] of entries.entries()) {
    const own = tag === 273 ? [at + out.length] : values;
    const entry = 2 + n * 12;
    out.writeUInt16LE(tag, entry);
    out.writeUInt16LE(type, entry + 2);
    out.writeUInt32LE(type === RATIONAL ? own.length / 2 : own.length, entry + 4);
    const bytes = valueBytes(type, own);
    if (bytes > 4) out.writeUInt32LE(at + behind, entry + 8);
    own.forEach((value, i) => {
      const to = (bytes > 4 ? behind : entry + 8) + i * (type === SHORT ? 2 : 4);
      if (type === SHORT) out.writeUInt16LE(value, to);
      else out.writeUInt32LE(value, to);
    });
    if (bytes > 4) behind += bytes;
  }
  out.writeUInt32LE(isLast ? 0 : at + out.length + stripBytes + (stripBytes % 2), tableBytes - 4);
  return out;
}

function valueBytes(type: number, values: readonly number[]): number {
  return values.length * (type === SHORT ? 2 : 4);
}
