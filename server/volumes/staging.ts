// The bytes of one upload while they arrive: in memory when they are few, in a file otherwise.
import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { HashFiles } from './hash-files.js';
import { openStagingFile, writePieces } from './staging-file.js';

/** Uploads up to this size touch the disk once, when they are whole: that takes a third of the time. */
const IN_MEMORY_BYTES = 1 << 20;

/** An upload's bytes. */
export interface Staging {
  /** Bytes appended so far, kept or on the way. */
  readonly sizeBytes: number;
  /** Appends; keeps `bytes`. Resolves when more may come. @throws what the disk says */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was appended is kept. @throws what the disk said */
  flush(): Promise<void>;
  /** All is here: gives the SHA-256 of it. */
  finish(): Promise<string>;
  /** After `finish`: makes it the file `to`. After a crash on the way, `to` may hold a part. */
  moveTo(to: string): Promise<void>;
  /** Gives up what is left of it. Never fails; safe to call twice and after `finish`. */
  drop(): Promise<void>;
}

/**
 * Begins to stage `sizeBytes` bytes, those that need a file in `folder`. When the disk is full, `makeRoom` is told how
 * many bytes are written; true means that it is worth trying again.
 */
export async function openStaging(
  folder: string,
  sizeBytes: number,
  hashFiles: HashFiles,
  makeRoom: (writtenBytes: number) => Promise<boolean>,
): Promise<Staging> {
  return sizeBytes > IN_MEMORY_BYTES ? openStagingFile(folder, hashFiles, makeRoom) : stageInMemory(makeRoom);
}

function stageInMemory(makeRoom: (writtenBytes: number) => Promise<boolean>): Staging {
  const hash = createHash('sha256');
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    async append(bytes) {
      pieces.push(bytes);
      sizeBytes += bytes.length;
      // While the client works out its own digest.
      hash.update(bytes);
    },
    async flush() {},
    finish: async () => hash.digest('hex'),
    async moveTo(to) {
      const handle = await open(to, 'w');
      try {
        await writePieces(handle, pieces, 0, makeRoom).finally(() => handle.close());
      } catch (error) {
        await rm(to, { force: true });
        throw error;
      }
    },
    async drop() {
      pieces = [];
    },
  };
}
