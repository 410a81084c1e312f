// Volumes on disk and in the index together: how they come, go, and are kept. Everything about the voxels of one digest
// happens one after the other, so a removal never meets an arrival of the same bytes.
import { rm, writeFile } from 'node:fs/promises';
import { FailedPrecondition, NotFound } from '../errors.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';
import type { Log } from '../log.js';
import { createKeyedQueue } from '../streams/keyed-queue.js';
import { formatRecord, volumeName } from './record.js';
import type { FoundVolume } from './recover.js';
import type { Settler } from './settle.js';
import type { Staging } from './staging.js';
import type { Volume } from './store.js';
import type { StoreFolder } from './store-folder.js';
import { createUseTimes } from './use-times.js';
import { createVolumeIndex } from './volume-index.js';

export interface StoredVolumes {
  /** @throws NotFound */
  get(name: string): Volume;
  find(name: string): Volume | undefined;
  /** The volume of this header and these voxels; its record is made when only that lacks. */
  findOrRecord(header: VolumeHeader, sha256: string): Promise<Volume | undefined>;
  /**
   * Makes a volume of these voxels. They are moved here, or left where they are when they are here already.
   * `onPlaced` is called in the very turn in which the voxels begin to count as stored: the volume can be read and pinned
   * from then on, and the promise resolves when the next start would find it.
   */
  install(
    source: Pick<Staging, 'moveTo'>,
    header: VolumeHeader,
    sha256: string,
    onPlaced: (volume: Volume) => void,
  ): Promise<Volume>;
  /** @throws NotFound; FailedPrecondition */
  delete(name: string): Promise<void>;
  /** Takes away all volumes of voxels that turned out damaged, so that the same voxels can come anew. */
  discardDamaged(sha256: string): Promise<void>;
  /** Keeps a volume from deletion and eviction until the returned function is called. @throws NotFound */
  pin(name: string): () => void;
  /** Keeps only its voxels' file until the returned function is called. @throws NotFound */
  hold(name: string): () => void;
  storedBytes(): number;
  idleBytes(): number;
  evictOldest(): Promise<boolean>;
  /** Ends what is under way, and remembers for the next start when each volume was used. */
  close(): Promise<void>;
}

export function createStoredVolumes(
  folder: StoreFolder,
  found: readonly FoundVolume[],
  settler: Settler,
  log: Log,
): StoredVolumes {
  const index = createVolumeIndex();
  const inTurn = createKeyedQueue();
  const underWay = new Set<Promise<unknown>>();
  /** Names of volumes that the next start would not find yet. */
  const beingRecorded = new Set<string>();
  const useTimes = createUseTimes(folder, Math.max(0, ...found.map(({ lastUseMs }) => Math.ceil(lastUseMs))));

  const track = <T>(work: Promise<T>): Promise<T> => {
    const ended: Promise<void> = work
      .catch(() => {})
      .then(() => {
        underWay.delete(ended);
      });
    underWay.add(ended);
    return work;
  };
  const toVolume = (name: string, header: VolumeHeader, sha256: string, createTimeMs: number): Volume => ({
    name,
    header,
    sizeBytes: headerSizeBytes(header),
    sha256,
    createTimeMs,
    file: folder.blobFile(sha256),
  });
  /** Marks a use, in memory and, for the next start, on disk. */
  const touch = (volume: Volume): Volume => {
    index.touch(volume.sha256);
    useTimes.touch(volume.name);
    return volume;
  };
  const get = (name: string): Volume => {
    const volume = index.get(name);
    if (volume) return volume;
    throw new NotFound('volume', name, 'It was never uploaded, or was deleted or evicted since: upload it again.');
  };
  /** Only in turn, with the blob there. */
  const record = async (
    header: VolumeHeader,
    sha256: string,
    onPlaced: (volume: Volume) => void = () => {},
  ): Promise<Volume> => {
    const name = volumeName(header, sha256);
    const known = index.get(name);
    const volume = known ?? toVolume(name, header, sha256, Date.now());
    if (!known) index.add(volume);
    onPlaced(touch(volume));
    if (known) return volume;
    beingRecorded.add(name);
    try {
      await writeFile(folder.unsettledFile(name), formatRecord({ header, sha256, createTimeMs: volume.createTimeMs }));
      settler.settle(sha256, [name]);
      return volume;
    } catch (error) {
      log.warn('volume not recorded', { name, error });
      index.remove(name);
      throw error;
    } finally {
      beingRecorded.delete(name);
    }
  };
  /** Removes from disk what the index no longer needs of a digest. */
  const sweep = (sha256: string, names: readonly string[]): Promise<void> =>
    track(
      inTurn(sha256, async () => {
        // In this order: a record that is settled meanwhile is met where it went.
        for (const name of names) {
          if (index.get(name)) continue;
          await remove(folder.unsettledFile(name));
          await remove(folder.recordFile(name));
        }
        if (!index.blob(sha256) || !index.isUnused(sha256)) return;
        await removeVoxels(sha256);
      }),
    );
  /** Only in turn, with the blob there. */
  const removeVoxels = async (sha256: string): Promise<void> => {
    await remove(folder.blobFile(sha256));
    index.removeBlob(sha256);
  };
  const remove = async (file: string): Promise<void> => {
    try {
      await rm(file, { force: true, maxRetries: 3 });
    } catch (error) {
      log.warn('file left behind; the next start removes it', { file, error });
    }
  };
  const hold = (sha256: string): (() => void) => index.hold(sha256, () => sweepIfUnused(sha256));
  const sweepIfUnused = (sha256: string): void => {
    if (index.blob(sha256) && index.isUnused(sha256)) void sweep(sha256, []);
  };
  /** Takes away all volumes of these voxels, in memory. */
  const forget = (sha256: string): string[] => {
    const names = [...(index.blob(sha256)?.names ?? [])];
    for (const name of names) index.remove(name);
    return names;
  };

  for (const volume of found) {
    if (!index.blob(volume.sha256)) index.addBlob(volume.sha256, volume.sizeBytes);
    index.add(toVolume(volume.name, volume.header, volume.sha256, volume.createTimeMs));
    index.touch(volume.sha256);
  }

  return {
    get,
    find: (name) => index.get(name),
    async findOrRecord(header, sha256) {
      const known = index.get(volumeName(header, sha256));
      if (known && !beingRecorded.has(known.name)) return touch(known);
      if (index.blob(sha256)?.sizeBytes !== headerSizeBytes(header)) return undefined;
      return track(inTurn(sha256, async () => (index.blob(sha256) ? record(header, sha256) : undefined)));
    },
    install: (source, header, sha256, onPlaced) =>
      track(
        inTurn(sha256, async () => {
          if (!index.blob(sha256)) {
            await source.moveTo(folder.blobFile(sha256));
            index.addBlob(sha256, headerSizeBytes(header));
          }
          const release = hold(sha256);
          try {
            return await record(header, sha256, onPlaced);
          } finally {
            release();
          }
        }),
      ),
    async delete(name) {
      const volume = get(name);
      if (index.isPinned(name)) {
        throw new FailedPrecondition('VOLUME_IN_USE', `Volume ${name} is needed by a run: wait for it, or cancel it.`, {
          name,
        });
      }
      index.remove(name);
      await sweep(volume.sha256, [name]);
    },
    async discardDamaged(sha256) {
      const names = forget(sha256);
      await track(inTurn(sha256, async () => index.blob(sha256)?.names.size === 0 && removeVoxels(sha256)));
      await sweep(sha256, names);
    },
    pin(name) {
      const { sha256 } = touch(get(name));
      return index.pin(name, () => sweepIfUnused(sha256));
    },
    hold: (name) => hold(touch(get(name)).sha256),
    storedBytes: index.totalBytes,
    idleBytes: index.idleBytes,
    async evictOldest() {
      const blob = index.oldestIdle();
      if (!blob) return false;
      log.info('evicting a volume', { sha256: blob.sha256, sizeBytes: blob.sizeBytes });
      await sweep(blob.sha256, forget(blob.sha256));
      return true;
    },
    async close() {
      while (underWay.size > 0) await Promise.all(underWay);
      await useTimes.close();
    },
  };
}
