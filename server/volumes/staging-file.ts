// The file of one upload: grows as chunks arrive, a few MB at most on the way, hashed while it grows.
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HashFiles } from './hash-files.js';
import { moveFile } from './move-file.js';
import type { Staging } from './staging.js';

/** Bytes that may wait for the disk before `append` makes its caller wait; as many may be on the way beside them. */
const MAX_WAITING_BYTES = 1 << 20;

/** Pieces in one system call: small chunks go to disk together. */
const MAX_PIECES = 256;

/**
 * Makes an empty staging file in `folder`. When the disk is full, `makeRoom` is told how many bytes are written; true
 * means that it is worth trying again.
 */
export async function openStagingFile(
  folder: string,
  hashFiles: HashFiles,
  makeRoom: (writtenBytes: number) => Promise<boolean>,
): Promise<Staging> {
  const file = join(folder, `${randomUUID()}.part`);
  const handle = await open(file, 'wx');
  const hash = hashFiles.begin(file);
  let sizeBytes = 0;
  let writtenBytes = 0;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let callers: (() => void)[] = [];
  let pump: Promise<void> | undefined;
  let failure: unknown;
  let closed: Promise<void> | undefined;

  const letCallersGoOn = (): void => {
    for (const resolve of callers) resolve();
    callers = [];
  };
  const writeWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      const pieces = waiting.splice(0, MAX_PIECES);
      const bytes = sizeOf(pieces);
      waitingBytes -= bytes;
      if (waitingBytes <= MAX_WAITING_BYTES) letCallersGoOn();
      await writePieces(handle, pieces, writtenBytes, makeRoom);
      writtenBytes += bytes;
      hash.grown(writtenBytes);
    }
  };
  const startPump = (): void => {
    pump ??= writeWaiting()
      .catch((error: unknown) => {
        failure = error;
        waiting = [];
      })
      .finally(() => {
        pump = undefined;
        letCallersGoOn();
      });
  };
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure;
  };
  const settle = async (): Promise<void> => {
    while (pump) await pump;
  };
  const close = (): Promise<void> => {
    closed ??= handle.close();
    return closed;
  };

  return {
    get sizeBytes() {
      return sizeBytes;
    },
    async append(bytes) {
      throwFailure();
      sizeBytes += bytes.length;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      startPump();
      if (waitingBytes <= MAX_WAITING_BYTES) return;
      await new Promise<void>((resolve) => callers.push(resolve));
      throwFailure();
    },
    async flush() {
      await settle();
      throwFailure();
    },
    async finish() {
      await settle();
      throwFailure();
      await close();
      return hash.finish();
    },
    moveTo: (to) => moveFile(file, to),
    async drop() {
      await settle();
      await close().catch(() => {});
      await hash.drop();
      await rm(file, { force: true }).catch(() => {});
    },
  };
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** Writes all of the pieces, however little the disk takes at a time. */
export async function writePieces(
  handle: FileHandle,
  pieces: readonly Uint8Array[],
  position: number,
  makeRoom: (writtenBytes: number) => Promise<boolean>,
): Promise<void> {
  let left: readonly Uint8Array[] = pieces.filter((piece) => piece.length > 0);
  let at = position;
  while (left.length > 0) {
    try {
      const { bytesWritten } = await handle.writev(left as Uint8Array[], at);
      at += bytesWritten;
      left = dropBytes(left, bytesWritten);
    } catch (error) {
      if (!isDiskFull(error) || !(await makeRoom(at))) throw error;
    }
  }
}

function dropBytes(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  let from = 0;
  while (from < pieces.length && left >= pieces[from]!.length) left -= pieces[from++]!.length;
  const rest = pieces.slice(from);
  return left === 0 ? rest : [rest[0]!.subarray(left), ...rest.slice(1)];
}

/** Whether the disk, or the user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}
