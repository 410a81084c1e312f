// Writes a result: raw voxels as the volume store keeps them, hashed and counted on the way.
import { createHash } from 'node:crypto';
import { closeSync, open, write } from 'node:fs';
import { promisify } from 'node:util';
import { componentsOf } from '../imaging/component-arrays.js';
import type { Image, VoxelArray } from '../imaging/image.js';
import { countLabels } from '../imaging/label-maps.js';
import type { ComponentType, VolumeHeader } from '../imaging/volume-header.js';
import { componentTypeOf, volumeFromImage } from '../imaging/volume-view.js';

export interface WrittenOutput {
  readonly header: VolumeHeader;
  /** SHA-256 of the voxels, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Voxels by value, for a label map whose values are whole numbers. */
  readonly voxelCounts?: Readonly<Record<number, number>>;
}

/** Bytes that are hashed and written at a time. */
const PART_BYTES = 16 * 2 ** 20;

const openElsewhere = promisify(open);
const writeElsewhere = promisify(write);

const MAX_LABEL = 65_535;

/**
 * Writes an image to a new file: i fastest, channels as components side by side, little-endian. A label map of whole
 * numbers from 0 to 65,535 becomes uint8, or uint16 where a label needs it, whatever type its steps left it in.
 * `checkpoint` is called between parts and throws to stop.
 */
export async function writeOutput(
  image: Image,
  file: string,
  kind: 'label-map' | 'image',
  checkpoint: () => Promise<void>,
): Promise<WrittenOutput> {
  const largest = kind === 'label-map' && image.channels === 1 ? largestLabel(image.data) : undefined;
  const type: ComponentType = largest === undefined ? componentTypeOf(image.data) : largest > 255 ? 'uint16' : 'uint8';
  // Making a file takes as long as laying out a small volume: another thread makes it meanwhile.
  const opening = openElsewhere(file, 'wx');
  try {
    const { header, bytes } = volumeFromImage(image, type);
    const sha256 = await writeHashing(opening, bytes, checkpoint);
    if (largest === undefined) return { header, sha256 };
    return { header, sha256, voxelCounts: countLabels(componentsOf(bytes, type) as VoxelArray) };
  } finally {
    await opening.then(closeSync, () => {});
  }
}

/** Writes all bytes. @returns their SHA-256 */
async function writeHashing(
  opening: Promise<number>,
  bytes: Uint8Array,
  checkpoint: () => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  const descriptor = await opening;
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    if (at > 0) await checkpoint();
    const part = bytes.subarray(at, at + PART_BYTES);
    const written = writeAll(descriptor, part);
    // While the disk takes the part.
    hash.update(part);
    await written;
  }
  return hash.digest('hex');
}

async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await writeElsewhere(descriptor, bytes, done)).bytesWritten;
}

/** The largest value when all are whole numbers that a label map may have (255 for bytes); undefined otherwise. */
function largestLabel(data: VoxelArray): number | undefined {
  if (data instanceof Uint8Array) return 255;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value > largest) largest = value;
    if (!(value >= 0 && value <= MAX_LABEL) || value !== Math.trunc(value)) return undefined;
  }
  return largest;
}
