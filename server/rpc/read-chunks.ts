// A volume's voxels as messages: first the volume, then chunks, encoded where that makes them smaller.
import type { ChunkEncoding__Output } from '../../proto/generated/voxhost/v1/ChunkEncoding.js';
import type { ReadVolumeResponse } from '../../proto/generated/voxhost/v1/ReadVolumeResponse.js';
import type { VolumeChunk } from '../../proto/generated/voxhost/v1/VolumeChunk.js';
import { COMPONENT_BYTES } from '../imaging/volume-header.js';
import { encodeChunk } from '../streams/chunk-encoding.js';
import type { Volume, VolumeStore } from '../volumes/store.js';
import { readsDeltaShuffleDeflate, volumeToWire } from './volumes-wire.js';

/**
 * Bytes in one chunk to a client. gRPC queues up to 16 messages for a client that stands still, so this bounds what a
 * slow reader costs to 4 MiB.
 */
export const READ_CHUNK_BYTES = 256 * 1024;

export interface ReadRange {
  readonly offsetBytes: number;
  /** 0 for all. */
  readonly limitBytes: number;
}

/** @throws NotFound; VoxhostError OUT_OF_RANGE; the signal's reason */
export async function* readChunks(
  store: VolumeStore,
  volume: Volume,
  range: ReadRange,
  acceptEncodings: readonly ChunkEncoding__Output[],
  signal: AbortSignal,
): AsyncGenerator<ReadVolumeResponse, void, undefined> {
  const componentBytes = COMPONENT_BYTES[volume.header.componentType];
  const encode = readsDeltaShuffleDeflate(acceptEncodings) ? encodeIfSmaller : plainChunk;
  const read = store.readVolume(volume.name, { ...range, chunkBytes: READ_CHUNK_BYTES }, signal);
  const chunks = read[Symbol.asyncIterator]();
  // The disk is asked while the volume is on its way.
  const first = chunks.next();
  first.catch(() => {});
  try {
    yield { volume: volumeToWire(volume) };
    for (let next = await first; !next.done; next = await chunks.next()) {
      const { offsetBytes, bytes } = next.value;
      yield { chunk: await encode(offsetBytes, bytes, componentBytes) };
    }
  } finally {
    await chunks.return?.();
  }
}

async function encodeIfSmaller(offsetBytes: number, bytes: Buffer, componentBytes: number): Promise<VolumeChunk> {
  const plain = plainChunk(offsetBytes, bytes);
  if (bytes.length % componentBytes !== 0) return plain;
  const data = await encodeChunk(bytes, componentBytes);
  if (data.length >= bytes.length) return plain;
  return { offsetBytes, data, encoding: 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE', decodedBytes: bytes.length };
}

function plainChunk(offsetBytes: number, bytes: Buffer): VolumeChunk {
  return { offsetBytes, data: bytes };
}
