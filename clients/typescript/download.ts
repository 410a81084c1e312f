// Downloads a volume: verified by its digest, gone on with where a broken connection stopped.
import { VoxhostError } from '../../server/errors.js';
import { headerSizeBytes } from '../../server/imaging/volume-header.js';
import { readCall } from './calls.js';
import type { Channel } from './channel.js';
import { planChunks, readChunk } from './chunks.js';
import { sha256 } from './digest.js';
import { isLostConnection } from './errors.js';
import { volumeFromWire } from './from-wire.js';
import type { CallOptions, HostInfo, Image, TransferProgress, Volume } from './types.js';
import { MAX_ATTEMPTS, waitBeforeRetry } from './wait.js';

/** How a download goes. */
export interface DownloadOptions extends CallOptions {
  readonly onProgress?: TransferProgress | undefined;
}

/** Brings a volume's voxels. @throws VoxhostError NOT_FOUND; DATA_LOSS when they are not what the digest says. */
export async function downloadVolume(
  channel: Channel,
  info: HostInfo,
  name: string,
  options: DownloadOptions = {},
): Promise<Image> {
  const state: DownloadState = { doneBytes: 0 };
  for (let attempt = 1; ; attempt += 1) {
    const before = state.doneBytes;
    try {
      await readOn(channel, info, name, state, options);
      break;
    } catch (error) {
      if (!isLostConnection(error) || attempt >= MAX_ATTEMPTS) throw error;
      if (state.doneBytes > before) attempt = 1;
      await waitBeforeRetry(attempt, options.signal);
    }
  }
  const { volume, voxels } = state;
  if (!volume || !voxels || state.doneBytes !== voxels.length) throw incomplete(name, state);
  if ((await sha256(voxels)) !== volume.sha256) {
    throw new VoxhostError({
      code: 'DATA_LOSS',
      reason: 'DIGEST_MISMATCH',
      message: `The voxels of volume ${name} are not what its digest says. Download it again.`,
      metadata: { volume: name },
    });
  }
  return { header: volume.header, voxels };
}

interface DownloadState {
  volume?: Volume;
  voxels?: Uint8Array;
  doneBytes: number;
}

async function readOn(
  channel: Channel,
  info: HostInfo,
  name: string,
  state: DownloadState,
  options: DownloadOptions,
): Promise<void> {
  const request = {
    name,
    offsetBytes: state.doneBytes,
    acceptEncodings: planChunks(channel, info).packed ? ['CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE' as const] : [],
  };
  for await (const message of readCall(
    channel,
    () => channel.volumes.readVolume(request, channel.metadata),
    options.signal,
  )) {
    if (message.volume) {
      state.volume = volumeFromWire(message.volume);
      state.voxels ??= allocate(state.volume);
    } else if (message.chunk && state.voxels && state.volume) {
      const left = state.voxels.length - message.chunk.offsetBytes;
      const bytes = await readChunk(message.chunk, state.volume.header, left);
      if (message.chunk.offsetBytes !== state.doneBytes || bytes.length > left) throw incomplete(name, state);
      state.voxels.set(bytes, state.doneBytes);
      state.doneBytes += bytes.length;
      options.onProgress?.({ doneBytes: state.doneBytes, totalBytes: state.voxels.length });
    }
  }
}

function allocate(volume: Volume): Uint8Array {
  if (headerSizeBytes(volume.header) !== volume.sizeBytes) {
    throw new VoxhostError({
      code: 'DATA_LOSS',
      reason: 'SIZE_MISMATCH',
      message: `Volume ${volume.name} has ${volume.sizeBytes} bytes, its header says ${headerSizeBytes(volume.header)}.`,
      metadata: { volume: volume.name },
    });
  }
  return new Uint8Array(volume.sizeBytes);
}

function incomplete(name: string, state: DownloadState): VoxhostError {
  return new VoxhostError({
    code: 'DATA_LOSS',
    reason: 'INCOMPLETE_DOWNLOAD',
    message: `Volume ${name} came out of order or incomplete, after ${state.doneBytes} bytes. Download it again.`,
    metadata: { volume: name, done_bytes: String(state.doneBytes) },
  });
}
