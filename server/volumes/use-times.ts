// When volumes were used last, for the next start: kept as their records' times on disk, brought there now and then.
import { utimes } from 'node:fs/promises';
import type { StoreFolder } from './store-folder.js';

export interface UseTimes {
  /** The volume is used now, later than every use before. */
  touch(name: string): void;
  /** Brings all to the disk. */
  close(): Promise<void>;
}

/** Uses within this time are written together: a run touches a volume several times. */
const WRITE_AFTER_MS = 1_000;

/** @param latestMs the last use that is known of any volume. */
export function createUseTimes(folder: StoreFolder, latestMs: number): UseTimes {
  const unwritten = new Map<string, number>();
  let lastMs = latestMs;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    timer = undefined;
    const uses = [...unwritten];
    unwritten.clear();
    for (const [name, timeMs] of uses) {
      const time = new Date(timeMs);
      try {
        await utimes(folder.recordFile(name), time, time);
      } catch {
        // Not settled yet, or deleted meanwhile.
        await utimes(folder.unsettledFile(name), time, time).catch(() => {});
      }
    }
  };

  return {
    touch(name) {
      lastMs = Math.max(Date.now(), lastMs + 1);
      unwritten.set(name, lastMs);
      timer ??= setTimeout(() => {
        writing = writing.then(write);
      }, WRITE_AFTER_MS).unref();
    },
    async close() {
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}
