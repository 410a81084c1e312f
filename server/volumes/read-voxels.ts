// A volume's bytes from its file, in chunks, one read of a few chunks ahead of whoever takes them.
import { type FileHandle, open } from 'node:fs/promises';

export interface VoxelRange {
  /** First byte, and the byte behind the last. */
  readonly fromByte: number;
  readonly toByte: number;
  /** Chunks end at multiples of it, so that only the first can begin in the middle of a component. */
  readonly chunkBytes: number;
}

/** Bytes read at a time, in whole chunks: small volumes are read at once. */
const READ_BYTES = 2 ** 20;

/** The file is shorter than it should be, or gone. */
export class VoxelsDamaged extends Error {}

/** @throws VoxelsDamaged; the signal's reason */
export async function* readVoxels(
  file: string,
  range: VoxelRange,
  signal: AbortSignal,
): AsyncGenerator<{ offsetBytes: number; bytes: Buffer }, void, undefined> {
  signal.throwIfAborted();
  const handle = await openVoxels(file);
  let ahead: Promise<Buffer> | undefined;
  try {
    let at = range.fromByte;
    while (at < range.toByte) {
      const end = readEnd(at, range);
      const bytes = await (ahead ?? readWhole(handle, at, end));
      signal.throwIfAborted();
      ahead = end < range.toByte ? readWhole(handle, end, readEnd(end, range)) : undefined;
      // Whoever stops here must not leave an unhandled rejection behind.
      ahead?.catch(() => {});
      for (let from = at; from < end; ) {
        const to = Math.min(end, nextMultiple(from, range.chunkBytes));
        yield { offsetBytes: from, bytes: bytes.subarray(from - at, to - at) };
        signal.throwIfAborted();
        from = to;
      }
      at = end;
    }
  } finally {
    await ahead?.catch(() => {});
    await handle.close();
  }
}

function readEnd(at: number, { chunkBytes, toByte }: VoxelRange): number {
  return Math.min(toByte, nextMultiple(at, Math.max(1, Math.floor(READ_BYTES / chunkBytes)) * chunkBytes));
}

function nextMultiple(at: number, step: number): number {
  return (Math.floor(at / step) + 1) * step;
}

async function openVoxels(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new VoxelsDamaged(`${file} is gone`, { cause: error });
  }
}

async function readWhole(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(to - from);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw new VoxelsDamaged(`the file ends at byte ${from + done}, before byte ${to}`);
    done += bytesRead;
  }
  return bytes;
}
