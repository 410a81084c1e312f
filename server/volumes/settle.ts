// Makes new volumes safe against a power cut, after the client has its answer and several in one go: waiting for the
// disk would cost an upload most of its speed. Until then their records lie apart, and the next start checks the voxels.
import { open, rename } from 'node:fs/promises';
import type { Log } from '../log.js';
import type { StoreFolder } from './store-folder.js';

export interface Settler {
  /** Brings a blob and its volumes' records to the disk, then puts these where settled ones are. */
  settle(sha256: string, names: readonly string[]): void;
  /** Ends with the one under way; what is left is checked at the next start. */
  close(): Promise<void>;
}

/** When no new volume has come for so long, the disk is asked once for all of them, and not while they come. */
const SETTLE_AFTER_MS = 1_000;

/** Where they never cease to come, it is asked after so long. */
const MAX_WAIT_MS = 20_000;

export function createSettler(folder: StoreFolder, log: Log): Settler {
  const waiting = new Map<string, Set<string>>();
  let timer: NodeJS.Timeout | undefined;
  let waitingSince = 0;
  let tail = Promise.resolve();
  let closed = false;

  const settleAll = async (): Promise<void> => {
    const volumes = [...waiting];
    waiting.clear();
    const synced: string[] = [];
    for (const [sha256, names] of volumes) {
      if (!closed && (await syncVolume(sha256, names))) synced.push(...names);
    }
    if (closed || synced.length === 0) return;
    try {
      await syncFolder(folder.blobs);
      for (const name of synced) await move(name);
      await syncFolder(folder.records);
    } catch (error) {
      log.warn('volumes not settled', { count: synced.length, error });
    }
  };

  const move = async (name: string): Promise<void> => {
    try {
      await rename(folder.unsettledFile(name), folder.recordFile(name));
    } catch (error) {
      // Deleted meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  };

  const syncVolume = async (sha256: string, names: Iterable<string>): Promise<boolean> => {
    try {
      for (const file of [folder.blobFile(sha256), ...[...names].map(folder.unsettledFile)]) await sync(file, 'r+');
      return true;
    } catch (error) {
      // Gone already.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('volume not settled', { sha256, error });
      return false;
    }
  };

  return {
    settle(sha256, names) {
      if (closed) return;
      const known = waiting.get(sha256) ?? new Set();
      waiting.set(sha256, known);
      for (const name of names) known.add(name);
      if (timer) {
        if (performance.now() - waitingSince < MAX_WAIT_MS - SETTLE_AFTER_MS) timer.refresh();
        return;
      }
      waitingSince = performance.now();
      timer = setTimeout(() => {
        timer = undefined;
        tail = tail.then(settleAll);
      }, SETTLE_AFTER_MS).unref();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await tail;
    },
  };
}

async function sync(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Names are safe once their folder is. Windows keeps them safe itself and opens no folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await sync(folder, 'r');
}
