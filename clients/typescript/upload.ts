// Uploads a volume: asks whether the host has it, sends what it lacks, goes on where a broken connection stopped.
import { randomUUID } from 'node:crypto';
import type { WriteVolumeRequest } from '../../proto/generated/voxhost/v1/WriteVolumeRequest.js';
import type { WriteVolumeResponse__Output } from '../../proto/generated/voxhost/v1/WriteVolumeResponse.js';
import { InvalidArgument, VoxhostError } from '../../server/errors.js';
import { headerSizeBytes } from '../../server/imaging/volume-header.js';
import { callUnary, callUnaryAgain } from './calls.js';
import type { Channel } from './channel.js';
import { type ChunkPlan, type Compression, makeChunks, planChunks } from './chunks.js';
import { callClientStreaming } from './client-streaming.js';
import { createGrowingDigest, type GrowingDigest, sha256 } from './digest.js';
import { isLostConnection } from './errors.js';
import { hostInfoFromWire, volumeFromWire } from './from-wire.js';
import { headerToWire } from './to-wire.js';
import type { CallOptions, HostInfo, Image, TransferProgress, Volume } from './types.js';
import { MAX_ATTEMPTS, waitBeforeRetry } from './wait.js';

/** How an upload goes. */
export interface UploadOptions extends CallOptions {
  readonly onProgress?: TransferProgress | undefined;
  /** `auto`: packed when the host is another machine and can unpack. */
  readonly compression?: Compression | undefined;
}

/** To a host on this machine, so few bytes are sent sooner than the question whether they are there. */
const SEND_UNASKED_BYTES = 1 << 20;

/** Hashing a smaller image takes no time worth saving. */
const HASHED_ON_THE_WAY_BYTES = 4 << 20;

/**
 * Brings an image to the host, and nothing when its voxels are there already.
 * @throws InvalidArgument when `voxels` is not what the header says; VoxhostError for the host's refusals, and
 *   UNAVAILABLE when the connection stays away for several attempts without a byte of progress.
 */
export async function uploadVolume(
  channel: Channel,
  info: HostInfo,
  image: Image,
  options: UploadOptions = {},
): Promise<Volume> {
  const totalBytes = headerSizeBytes(image.header);
  if (image.voxels.length !== totalBytes) {
    throw new InvalidArgument('voxels', `${image.voxels.length} bytes`, `${totalBytes} bytes, as the header says`);
  }
  const growing = (await cannotBeThere(channel, totalBytes, options)) ? createGrowingDigest(image.voxels) : undefined;
  const digest = growing ?? knownDigest(await sha256(image.voxels));
  const askFirst = !growing && (!channel.isLocal || totalBytes > SEND_UNASKED_BYTES);
  const present = askFirst ? await findVolume(channel, image, digest.finish(), options) : undefined;
  if (present) {
    options.onProgress?.({ doneBytes: totalBytes, totalBytes });
    return present;
  }
  const chunkPlan = planChunks(channel, info, options.compression);
  const uploadId = randomUUID();
  let committedBytes = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeVolume(channel, image, { uploadId, digest, offsetBytes: committedBytes, chunkPlan }, options);
    } catch (error) {
      const canGoOn = isLostConnection(error) || (committedBytes > 0 && isOffsetRefused(error));
      if (!canGoOn || attempt >= MAX_ATTEMPTS) throw error;
      await waitBeforeRetry(attempt, options.signal);
      const before = committedBytes;
      const state = await queryWrite(channel, uploadId, options);
      if (state?.volume) return state.volume;
      committedBytes = state?.committedBytes ?? committedBytes;
      if (committedBytes > before) attempt = 1;
    }
  }
}

/** Whether the host holds fewer bytes than a large image has: then it is sent unasked, and hashed on the way. */
async function cannotBeThere(channel: Channel, totalBytes: number, options: CallOptions): Promise<boolean> {
  if (totalBytes < HASHED_ON_THE_WAY_BYTES) return false;
  const { signal } = options;
  const { limits } = hostInfoFromWire(await callUnaryAgain(channel, channel.host, 'getHostInfo', {}, { signal }));
  return limits.storeUsedBytes < totalBytes;
}

function knownDigest(digest: string): GrowingDigest {
  return { advanceTo: () => {}, finish: () => digest };
}

/** The host went on writing after it was asked, or was started anew: ask again. */
function isOffsetRefused(error: unknown): boolean {
  return error instanceof VoxhostError && error.metadata['field'] === 'chunk.offset_bytes';
}

async function findVolume(
  channel: Channel,
  image: Image,
  digest: string,
  options: CallOptions,
): Promise<Volume | undefined> {
  const request = { keys: [{ header: headerToWire(image.header), sha256: digest }] };
  const found = await callUnaryAgain(channel, channel.volumes, 'findMissingVolumes', request, options);
  const [present] = found.present;
  return present ? volumeFromWire(present) : undefined;
}

/** How far the upload is; undefined while the host cannot be asked. An upload that it has lost starts again at 0. */
async function queryWrite(
  channel: Channel,
  uploadId: string,
  options: CallOptions,
): Promise<{ committedBytes: number; volume?: Volume } | undefined> {
  try {
    const answer = await callUnary(channel, channel.volumes, 'queryWrite', { uploadId }, options);
    return {
      committedBytes: answer.committedBytes,
      ...(answer.volume ? { volume: volumeFromWire(answer.volume) } : {}),
    };
  } catch (error) {
    if (error instanceof VoxhostError && error.code === 'NOT_FOUND') return { committedBytes: 0 };
    if (isLostConnection(error)) return undefined;
    throw error;
  }
}

interface WritePlan {
  readonly uploadId: string;
  readonly digest: GrowingDigest;
  readonly offsetBytes: number;
  readonly chunkPlan: ChunkPlan;
}

async function writeVolume(
  channel: Channel,
  image: Image,
  plan: WritePlan,
  { signal, onProgress }: UploadOptions,
): Promise<Volume> {
  const totalBytes = image.voxels.length;
  const answer = await callClientStreaming<WriteVolumeRequest, WriteVolumeResponse__Output>(
    channel,
    (callback) => channel.volumes.writeVolume(channel.metadata, callback),
    async (send) => {
      await send({ header: { uploadId: plan.uploadId, header: headerToWire(image.header) } });
      for await (const { chunk, endBytes } of makeChunks(image, plan.offsetBytes, plan.chunkPlan)) {
        plan.digest.advanceTo(endBytes);
        await send({ chunk });
        onProgress?.({ doneBytes: endBytes, totalBytes });
      }
      await send({ finish: { sizeBytes: totalBytes, sha256: plan.digest.finish() } });
    },
    signal,
  );
  return volumeFromWire(answer.volume!);
}
