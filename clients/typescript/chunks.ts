// A volume's voxels as chunks to send, and chunks received as voxels again.
import type { VolumeChunk, VolumeChunk__Output } from '../../proto/generated/voxhost/v1/VolumeChunk.js';
import { COMPONENT_BYTES } from '../../server/imaging/volume-header.js';
import { decodeChunk, encodeChunk } from '../../server/streams/chunk-encoding.js';
import type { Channel } from './channel.js';
import type { HostInfo, Image, VolumeHeader } from './types.js';

/** A good size on loopback and on slow links alike; a multiple of every component's bytes. */
const CHUNK_BYTES = 512 * 1024;

/** `HostInfo.chunk_encodings`' name of the one encoding there is. */
const PACKED = 'delta-shuffle-deflate';

/** How chunks are made. */
export interface ChunkPlan {
  /** From the host's limits; 0 for none. */
  readonly maxChunkBytes: number;
  readonly packed: boolean;
}

/** `auto` packs when the host is another machine and can unpack. */
export type Compression = 'auto' | 'always' | 'never';

/** How to send to, and what to take from, a host. */
export function planChunks(channel: Channel, info: HostInfo, compression: Compression = 'auto'): ChunkPlan {
  const canPack = info.chunkEncodings.includes(PACKED);
  const wanted = compression === 'always' || (compression === 'auto' && !channel.isLocal);
  return { maxChunkBytes: info.limits.maxChunkBytes, packed: canPack && wanted };
}

/** The chunks of an image's voxels from an offset on. Packing the next overlaps sending this one. */
export async function* makeChunks(
  image: Image,
  offsetBytes: number,
  plan: ChunkPlan,
): AsyncGenerator<{ chunk: VolumeChunk; endBytes: number }> {
  const size = Math.min(
    CHUNK_BYTES,
    plan.maxChunkBytes > 0 ? plan.maxChunkBytes - (plan.maxChunkBytes % 8) : CHUNK_BYTES,
  );
  const make = (start: number) => makeChunk(image, start, image.voxels.subarray(start, start + size), plan.packed);
  let next: Promise<VolumeChunk> | undefined;
  for (let start = offsetBytes; start < image.voxels.length; start += size) {
    const chunk = await (next ?? make(start));
    const following = start + size;
    next = plan.packed && following < image.voxels.length ? make(following) : undefined;
    next?.catch(() => {});
    yield { chunk, endBytes: Math.min(following, image.voxels.length) };
  }
}

async function makeChunk(image: Image, offsetBytes: number, bytes: Uint8Array, packed: boolean): Promise<VolumeChunk> {
  if (packed) {
    const data = await encodeChunk(bytes, COMPONENT_BYTES[image.header.componentType]);
    if (data.length < bytes.length) {
      return { offsetBytes, data, encoding: 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE', decodedBytes: bytes.length };
    }
  }
  return { offsetBytes, data: bytes };
}

/** The plain bytes of a received chunk. @throws InvalidArgument when it cannot be decoded. */
export async function readChunk(
  chunk: VolumeChunk__Output,
  header: VolumeHeader,
  leftBytes: number,
): Promise<Uint8Array> {
  if (chunk.encoding === 'CHUNK_ENCODING_UNSPECIFIED') return chunk.data;
  return decodeChunk(chunk.data, chunk.decodedBytes, COMPONENT_BYTES[header.componentType], leftBytes);
}
