// Makes new volumes safe against a power cut, after the client has its answer and one at a time: waiting for the disk
// would cost an upload most of its speed. Until then a marker has the next start check the voxels again.
import { open, rm } from 'node:fs/promises';
import type { Log } from '../log.js';
import type { StoreFolder } from './store-folder.js';

export interface Settler {
  /** Brings a blob and its volumes' records to the disk, then takes its marker away. */
  settle(sha256: string, names: readonly string[]): void;
  /** Ends with the one under way; what is left keeps its markers. */
  close(): Promise<void>;
}

export function createSettler(folder: StoreFolder, log: Log): Settler {
  let tail = Promise.resolve();
  let closed = false;

  const settleOne = async (sha256: string, names: readonly string[]): Promise<void> => {
    if (closed) return;
    try {
      for (const file of [folder.blobFile(sha256), ...names.map(folder.recordFile)]) await sync(file, 'r+');
      for (const one of [folder.blobs, folder.records]) await syncFolder(one);
      await rm(folder.unsettledFile(sha256), { force: true });
    } catch (error) {
      // Gone already: whoever removed the blob removes the marker too.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn('volume not settled', { sha256, error });
    }
  };

  return {
    settle(sha256, names) {
      tail = tail.then(() => settleOne(sha256, names));
    },
    async close() {
      closed = true;
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
