// Bytes of an image file, in order, unpacked on the way: never more of them than its header declares.
import { constants } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { malformed } from './malformed.js';

/** How the bytes are packed. `auto` looks for gzip's two magic bytes. */
export type Packing = 'none' | 'gzip' | 'zlib' | 'auto';

/** A file being read from one place onwards. */
export interface FileBytes {
  readonly packed: boolean;
  /** Bytes on disk from where reading started. */
  readonly diskBytes: number;
  /** The next `sizeBytes` bytes; fewer only at the end. @throws InvalidArgument when the packed stream is damaged. */
  read(sizeBytes: number): Promise<Buffer>;
  /** Reads to the end, so that a packed stream's checksum is verified, unless more than a little is left. */
  verifyEnd(): Promise<void>;
  close(): Promise<void>;
}

/** DEFLATE cannot shrink anything further than this, so a header that declares more bytes lies. */
const MAX_DEFLATE_RATIO = 1032;
const MAX_TRAILING_BYTES = 2 ** 20;
const MAX_PICTURE_BYTES = 2 ** 30;
/** What is read into memory at once, at most: Node's own limit (4 GiB in Node 20), or 16 GiB. */
const MAX_BYTES = Math.min(constants.MAX_LENGTH, 16 * 2 ** 30);

/** Opens a file for reading from `startByte` on. @throws InvalidArgument when it is not there or not a file. */
export async function openFileBytes(file: string, packing: Packing, startByte = 0): Promise<FileBytes> {
  const handle = await openExisting(file);
  try {
    const { size } = await handle.stat();
    const packed = packing === 'auto' ? await isGzip(handle, startByte) : packing !== 'none';
    const stream = handle.createReadStream({ start: startByte, highWaterMark: 256 * 1024, autoClose: false });
    const source = packed ? unpack(stream, packing === 'zlib' ? createInflate() : createGunzip()) : stream;
    const close = async () => {
      source.destroy();
      stream.destroy();
      await handle.close();
    };
    return createFileBytes(file, source, close, { packed, diskBytes: Math.max(0, size - startByte) });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Refuses a declared size that a file of this size on disk cannot hold, or that is too large to be read at once. */
export function checkDeclaredSize(
  file: string,
  field: string,
  declared: readonly number[],
  sizeBytes: number,
  bytes: FileBytes,
): void {
  const possible = bytes.packed ? bytes.diskBytes * MAX_DEFLATE_RATIO : bytes.diskBytes;
  if (sizeBytes > possible) {
    throw malformed(
      file,
      field,
      declared,
      `sizes that the file can hold: they need ${sizeBytes} bytes and it has ${bytes.packed ? 'at most ' : ''}${possible}`,
      'The file is cut off or its header is wrong.',
    );
  }
  if (sizeBytes > MAX_BYTES) {
    throw malformed(file, field, declared, `sizes of at most ${MAX_BYTES} bytes: they need ${sizeBytes}`);
  }
}

/** Reads exactly the declared voxels. @throws InvalidArgument when the file ends before. */
export async function readDeclared(
  file: string,
  field: string,
  declared: readonly number[],
  sizeBytes: number,
  bytes: FileBytes,
): Promise<Buffer> {
  checkDeclaredSize(file, field, declared, sizeBytes, bytes);
  const data = await bytes.read(sizeBytes);
  if (data.length < sizeBytes) {
    throw malformed(
      file,
      field,
      declared,
      `sizes that agree with the file: they need ${sizeBytes} bytes and it has ${data.length}`,
      'The file is cut off or its header is wrong.',
    );
  }
  await bytes.verifyEnd();
  return data;
}

async function openExisting(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw malformed(file, 'file', undefined, 'a file that exists');
    if (code !== 'EISDIR') throw malformed(file, 'file', code, 'a file that can be read');
  }
  throw malformed(file, 'file', 'a folder', 'an image file');
}

async function isGzip(handle: FileHandle, position: number): Promise<boolean> {
  const magic = Buffer.alloc(2);
  const { bytesRead } = await handle.read(magic, 0, 2, position);
  return bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

function unpack(source: Readable, decoder: ReturnType<typeof createGunzip>): Readable {
  source.on('error', (error) => decoder.destroy(error));
  return source.pipe(decoder);
}

function createFileBytes(
  file: string,
  source: Readable,
  close: () => Promise<void>,
  facts: Pick<FileBytes, 'packed' | 'diskBytes'>,
): FileBytes {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let left: Buffer = Buffer.alloc(0);
  let unpackedBytes = 0;

  async function next(): Promise<boolean> {
    try {
      const { value, done } = await chunks.next();
      if (done) return false;
      left = value;
      unpackedBytes += value.length;
      return true;
    } catch (error) {
      throw malformed(
        file,
        'compressed data',
        `damaged after ${unpackedBytes} bytes (${(error as Error).message})`,
        'a whole gzip or zlib stream',
        'Copy or download the file again.',
      );
    }
  }

  return {
    ...facts,
    async read(sizeBytes) {
      const out = Buffer.allocUnsafeSlow(sizeBytes);
      let filled = 0;
      while (filled < sizeBytes && (left.length > 0 || (await next()))) {
        const count = Math.min(left.length, sizeBytes - filled);
        left.copy(out, filled, 0, count);
        left = left.subarray(count);
        filled += count;
      }
      return filled < sizeBytes ? out.subarray(0, filled) : out;
    },
    async verifyEnd() {
      if (!facts.packed) return;
      for (let extra = left.length; extra <= MAX_TRAILING_BYTES && (await next()); ) extra += left.length;
    },
    close,
  };
}

/** A whole file of a picture's kind, which is unpacked in memory. @throws InvalidArgument when it is too large */
export async function readSmallFile(file: string): Promise<Buffer> {
  const handle = await openExisting(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_PICTURE_BYTES) throw malformed(file, 'size', `${size} bytes`, `at most ${MAX_PICTURE_BYTES} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
