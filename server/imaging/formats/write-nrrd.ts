// Writes a NRRD file: LPS, little-endian, gzip.
import { createGzip } from 'node:zlib';
import type { ComponentType, VolumeHeader } from '../volume-header.js';
import type { WriteOptions } from './image-file.js';
import { writeWholeFile } from './write-file.js';

const TYPE_NAMES: Readonly<Partial<Record<ComponentType, string>>> = { float32: 'float', float64: 'double' };

/** Writes header and voxels. */
export async function writeNrrd(
  file: string,
  header: VolumeHeader,
  voxels: Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const packed = options.compressionLevel !== 0;
  await writeWholeFile(file, [
    { pieces: [Buffer.from(nrrdHeader(header, packed), 'utf8')] },
    packed
      ? { pieces: [voxels], packer: createGzip({ level: options.compressionLevel ?? 6, chunkSize: 256 * 1024 }) }
      : { pieces: [voxels] },
  ]);
}

/**
 * The header's text, its closing blank line included. Frames are a `list` behind the axes of space: ITK counts `time`
 * among those and then refuses the file. Pure.
 */
export function nrrdHeader(header: VolumeHeader, packed: boolean): string {
  const { components, indexToWorldLps: m } = header;
  // ITK wants as many axes of space as the space has: a flat image gets a third of one voxel.
  const sizes = [...header.sizes, ...Array<number>(Math.max(0, 3 - header.sizes.length)).fill(1)];
  const hasComponents = components > 1;
  const spatial = sizes.slice(0, 3);
  const none = hasComponents ? ['none'] : [];
  const vectors = spatial.map((_, axis) => `(${m[axis]},${m[4 + axis]},${m[8 + axis]})`);
  const frames = sizes.slice(3);
  const lines = [
    'NRRD0004',
    '# Complete NRRD file format specification at:',
    '# http://teem.sourceforge.net/nrrd/format.html',
    `type: ${TYPE_NAMES[header.componentType] ?? header.componentType}`,
    `dimension: ${sizes.length + none.length}`,
    'space: left-posterior-superior',
    `sizes: ${[...(hasComponents ? [components] : []), ...sizes].join(' ')}`,
    `space directions: ${[...none, ...vectors, ...frames.map(() => 'none')].join(' ')}`,
    `kinds: ${[...(hasComponents ? ['vector'] : []), ...spatial.map(() => 'domain'), ...frames.map(() => 'list')].join(' ')}`,
    'endian: little',
    `encoding: ${packed ? 'gzip' : 'raw'}`,
    `space origin: (${m[3]},${m[7]},${m[11]})`,
  ];
  return `${lines.join('\n')}\n\n`;
}
