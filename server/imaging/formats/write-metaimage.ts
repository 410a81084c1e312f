// Writes a MetaImage file: .mha in one file, .mhd with its voxels in a .zraw or .raw file beside it.
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { ComponentType, VolumeHeader } from '../volume-header.js';
import type { WriteOptions } from './image-file.js';
import { writeWholeFile } from './write-file.js';

const TYPE_NAMES: Readonly<Record<ComponentType, string>> = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  int64: 'MET_LONG_LONG',
  uint64: 'MET_ULONG_LONG',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};

/** Writes header and voxels, zlib-packed unless `compressionLevel` is 0. */
export async function writeMetaImage(
  file: string,
  header: VolumeHeader,
  voxels: Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const packed = options.compressionLevel !== 0;
  const data = packed ? await promisify(deflate)(voxels, { level: options.compressionLevel ?? 6 }) : voxels;
  const detached = file.toLowerCase().endsWith('.mhd') ? file.slice(0, -4) + (packed ? '.zraw' : '.raw') : undefined;
  const head = metaImageHeader(header, packed ? data.length : undefined, detached ? basename(detached) : 'LOCAL');
  if (detached) await writeWholeFile(detached, [{ pieces: [data] }]);
  await writeWholeFile(file, [{ pieces: detached ? [Buffer.from(head)] : [Buffer.from(head), data] }]);
}

/** The header's text. Pure. */
export function metaImageHeader(header: VolumeHeader, packedBytes: number | undefined, dataFile: string): string {
  const { components, indexToWorldLps: m } = header;
  // A flat image gets a third axis of one voxel: with two, MetaImage has no room for its place in space.
  const sizes = [...header.sizes, ...Array<number>(Math.max(0, 3 - header.sizes.length)).fill(1)];
  const axes = sizes.length;
  const column = (axis: number) => [m[axis]!, m[4 + axis]!, m[8 + axis]!];
  const spacing = sizes.map((_, axis) => (axis < 3 ? Math.hypot(...column(axis)) : 1));
  const directions = sizes.flatMap((_, axis) =>
    sizes.map((_, row) => (axis < 3 && row < 3 ? column(axis)[row]! / spacing[axis]! : axis === row ? 1 : 0)),
  );
  const offset = sizes.map((_, axis) => (axis < 3 ? m[4 * axis + 3]! : 0));
  const lines = [
    'ObjectType = Image',
    `NDims = ${axes}`,
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `CompressedData = ${packedBytes === undefined ? 'False' : 'True'}`,
    ...(packedBytes === undefined ? [] : [`CompressedDataSize = ${packedBytes}`]),
    `TransformMatrix = ${directions.join(' ')}`,
    `Offset = ${offset.join(' ')}`,
    `CenterOfRotation = ${sizes.map(() => 0).join(' ')}`,
    `ElementSpacing = ${spacing.join(' ')}`,
    `DimSize = ${sizes.join(' ')}`,
    ...(components > 1 ? [`ElementNumberOfChannels = ${components}`] : []),
    `ElementType = ${TYPE_NAMES[header.componentType]}`,
    `ElementDataFile = ${dataFile}`,
  ];
  return `${lines.join('\n')}\n`;
}
