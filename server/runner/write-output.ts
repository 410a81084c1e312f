// Writes a result: raw voxels as the volume store keeps them, hashed and counted on the way.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { indexToWorldLpsFromRas } from '../imaging/geometry.js';
import type { Image, VoxelArray } from '../imaging/image.js';
import { COMPONENT_BYTES, type VolumeHeader } from '../imaging/volume-header.js';
import { componentTypeOf, newVoxels, type PlainComponentType } from './component-arrays.js';

export interface WrittenOutput {
  readonly header: VolumeHeader;
  /** SHA-256 of the voxels, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Voxels by value, for a label map whose values are whole numbers. */
  readonly voxelCounts?: Readonly<Record<number, number>>;
}

/** Bytes that are gathered before they are hashed and written. */
const PART_BYTES = 8 * 2 ** 20;
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
  const componentType = largest === undefined ? componentTypeOf(image.data) : largest > 255 ? 'uint16' : 'uint8';
  const counts = largest === undefined ? undefined : new Float64Array(largest + 1);
  const hash = createHash('sha256');
  const handle = await open(file, 'wx');
  try {
    for (const part of fileOrderParts(image, componentType)) {
      await checkpoint();
      if (counts) countLabels(part, counts);
      const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
      hash.update(bytes);
      for (let written = 0; written < bytes.length; ) {
        written += (await handle.write(bytes, written)).bytesWritten;
      }
    }
  } finally {
    await handle.close();
  }
  return {
    header: {
      sizes: image.sizes,
      componentType,
      components: image.channels,
      indexToWorldLps: indexToWorldLpsFromRas(image.affineRas),
      modality: '',
    },
    sha256: hash.digest('hex'),
    ...(counts ? { voxelCounts: countsByLabel(counts) } : {}),
  };
}

/** The largest value when all are whole numbers that a label map may have; undefined otherwise. */
function largestLabel(data: VoxelArray): number | undefined {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value > largest) largest = value;
    if (!(value >= 0 && value <= MAX_LABEL) || value !== Math.trunc(value)) return undefined;
  }
  return largest;
}

/** The image's voxels in file order, some rows at a time. A part is valid until the next is asked for. */
function* fileOrderParts(image: Image, componentType: PlainComponentType): Generator<VoxelArray> {
  const { data, channels, strides } = image;
  const [ni = 1, nj = 1, nk = 1] = image.sizes;
  const [channelStride = 0, si = 0, sj = 0, sk = 0] = strides;
  if (componentTypeOf(data) === componentType && isFileOrder(image)) {
    const length = channels * ni * nj * nk;
    const step = PART_BYTES / COMPONENT_BYTES[componentType];
    for (let at = 0; at < length; at += step) {
      yield data.subarray(image.offset + at, image.offset + Math.min(at + step, length));
    }
    return;
  }
  const rowLength = channels * ni;
  const rowsInPart = Math.max(1, Math.floor(PART_BYTES / (rowLength * COMPONENT_BYTES[componentType])));
  const part = newVoxels(componentType, rowLength * Math.min(rowsInPart, nj * nk));
  let to = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0, from = image.offset + j * sj + k * sk; i < ni; i++, from += si) {
        for (let c = 0; c < channels; c++) part[to++] = data[from + c * channelStride]!;
      }
      if (to === part.length) {
        yield part;
        to = 0;
      }
    }
  }
  if (to > 0) yield part.subarray(0, to);
}

function isFileOrder({ channels, sizes, strides }: Image): boolean {
  let expected = channels;
  for (const [axis, size] of sizes.entries()) {
    if (size > 1 && strides[axis + 1] !== expected) return false;
    expected *= size;
  }
  return channels === 1 || strides[0] === 1;
}

function countLabels(part: VoxelArray, counts: Float64Array): void {
  for (let i = 0; i < part.length; i++) counts[part[i]!]! += 1;
}

function countsByLabel(counts: Float64Array): Record<number, number> {
  return Object.fromEntries([...counts.entries()].filter(([, count]) => count > 0));
}
