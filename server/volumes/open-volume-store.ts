// The volume store on this machine's disk: uploads become files named by their digest, and stay while there is room.
import { rm, stat } from 'node:fs/promises';
import { InvalidArgument, VoxhostError } from '../errors.js';
import { COMPONENT_BYTES, headerSizeBytes } from '../imaging/volume-header.js';
import type { Log } from '../log.js';
import { createHashFiles } from './hash-files.js';
import { moveFile } from './move-file.js';
import { readVoxels, VoxelsDamaged } from './read-voxels.js';
import { HEX_64 } from './record.js';
import { recoverVolumes } from './recover.js';
import { createSettler } from './settle.js';
import type { Volume, VolumeStore } from './store.js';
import { makeStoreFolder } from './store-folder.js';
import { createStoreSpace } from './store-space.js';
import { createStoredVolumes } from './stored-volumes.js';
import { createUploads } from './uploads.js';

export interface VolumeStoreOptions {
  /** The store's own folder; made when it is not there. One store at a time has it (see lock-folder.ts). */
  readonly folder: string;
  /** Bytes of volumes and uploads together; the least recently used volumes make way. */
  readonly quotaBytes: number;
  readonly maxVolumeBytes: number;
  /** How long an upload that nobody holds can be resumed. */
  readonly uploadExpiryMs: number;
  readonly log: Log;
}

/** Opens the store and cleans what a crash left. */
export async function openVolumeStore(options: VolumeStoreOptions): Promise<VolumeStore> {
  const { log, quotaBytes } = options;
  const folder = await makeStoreFolder(options.folder);
  const hashFiles = createHashFiles();
  const settler = createSettler(folder, log);
  const found = await recoverVolumes(folder, hashFiles, settler, log);
  const stored = createStoredVolumes(folder, found, settler, log);
  const space = createStoreSpace(folder.root, quotaBytes, {
    storedBytes: stored.storedBytes,
    idleBytes: () => stored.idleBytes() + uploads.releasedBytes(),
    evictOldest: async () => (await stored.evictOldest()) || uploads.dropOldestReleased(),
  });
  const uploads = createUploads({ ...options, stagingFolder: folder.staging, hashFiles, space, stored });
  // The quota may be smaller than at the last start.
  await space.makeRoom(0);

  async function* readHeld(volume: Volume, range: Parameters<typeof readVoxels>[1], signal: AbortSignal) {
    const release = stored.hold(volume.name);
    try {
      yield* readVoxels(volume.file, range, signal);
    } catch (error) {
      if (!(error instanceof VoxelsDamaged)) throw error;
      log.error('voxels damaged on disk', { name: volume.name, error });
      await stored.discardDamaged(volume.sha256);
      throw damaged(volume);
    } finally {
      release();
    }
  }

  return {
    openUpload: uploads.open,
    queryUpload: uploads.query,
    findVolume: (header, sha256) => space.orDiskFull(0, stored.findOrRecord(header, sha256)),
    getVolume: stored.get,
    deleteVolume: stored.delete,
    readVolume(name, { offsetBytes, limitBytes, chunkBytes }, signal) {
      const volume = stored.get(name);
      checkRange(volume, offsetBytes, limitBytes);
      const width = COMPONENT_BYTES[volume.header.componentType];
      const toByte = Math.min(volume.sizeBytes, limitBytes === 0 ? volume.sizeBytes : offsetBytes + limitBytes);
      const wholeComponents = Math.max(width, chunkBytes - (chunkBytes % width));
      return readHeld(volume, { fromByte: offsetBytes, toByte, chunkBytes: wholeComponents }, signal);
    },
    pinVolume: stored.pin,
    keepVolume: stored.hold,
    scratchFolder: folder.scratch,
    async adoptFile(file, header, sha256, onPlaced = () => {}) {
      const { size } = await stat(file);
      if (!HEX_64.test(sha256) || size !== headerSizeBytes(header)) {
        throw new Error(`${file} has ${size} bytes, its header ${headerSizeBytes(header)}, its digest is "${sha256}"`);
      }
      const known = await stored.findOrRecord(header, sha256);
      if (known) {
        await rm(file, { force: true });
        onPlaced(known);
        return known;
      }
      await space.makeRoom(size);
      const source = { moveTo: (to: string) => moveFile(file, to) };
      return space.orDiskFull(size, stored.install(source, header, sha256, onPlaced));
    },
    usage: () => ({ usedBytes: space.usedBytes(), quotaBytes }),
    async close() {
      await uploads.close();
      await stored.close();
      await settler.close();
      await hashFiles.close();
    },
  };
}

function checkRange(volume: Volume, offsetBytes: number, limitBytes: number): void {
  for (const [field, bytes] of [
    ['offset_bytes', offsetBytes],
    ['limit_bytes', limitBytes],
  ] as const) {
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new InvalidArgument(field, bytes, 'a number of bytes from 0');
  }
  if (offsetBytes <= volume.sizeBytes) return;
  throw new VoxhostError({
    code: 'OUT_OF_RANGE',
    reason: 'OFFSET_BEYOND_END',
    message: `offset_bytes is ${offsetBytes}, but volume ${volume.name} has ${volume.sizeBytes} bytes.`,
    metadata: { field: 'offset_bytes', got: String(offsetBytes), size_bytes: String(volume.sizeBytes) },
  });
}

function damaged(volume: Volume): VoxhostError {
  return new VoxhostError({
    code: 'DATA_LOSS',
    reason: 'VOLUME_DAMAGED',
    message: `The host's disk lost voxels of volume ${volume.name}, so the host forgot it: upload it again.`,
    metadata: { name: volume.name },
  });
}
