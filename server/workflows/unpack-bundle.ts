// From a zip that came from anywhere to a bundle's folder, or to nothing at all.
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type ZipFile } from 'yauzl';
import { Cancelled, InvalidArgument, VoxhostError } from '../errors.js';
import { checkEntries, findBundleRoot, refuse, type UnpackLimits, type ZipFileEntry } from './zip-entries.js';

/**
 * Unpacks the bundle in `zipFile`, which is the zip's single top folder or its root, into `targetFolder`. The folder is
 * made, or must be empty; nothing is left in it when this fails. Files get the system's default permissions.
 * @returns the bundle's own folder, `targetFolder` or one level below it
 * @throws InvalidArgument when it is not a zip, leads out of the folder, or is more than the limits allow;
 *   InvalidBundle when there is no bundle in it; Cancelled by the signal; VoxhostError RESOURCE_EXHAUSTED when the disk
 *   is full
 */
export async function unpackBundle(
  zipFile: string,
  targetFolder: string,
  limits: UnpackLimits,
  signal?: AbortSignal,
): Promise<string> {
  const made = await mkdir(targetFolder, { recursive: true });
  if ((await readdir(targetFolder)).length > 0) {
    throw new InvalidArgument('targetFolder', targetFolder, 'an empty folder');
  }
  try {
    return await unpack(zipFile, targetFolder, limits, signal);
  } catch (error) {
    await removeContents(targetFolder);
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw signal?.aborted ? stopped(signal) : translate(error);
  }
}

async function unpack(
  zipFile: string,
  targetFolder: string,
  limits: UnpackLimits,
  signal: AbortSignal | undefined,
): Promise<string> {
  // Not closed by itself: the table of contents is read to its end before the first file.
  const zip = await openPromise(zipFile, { autoClose: false });
  try {
    if (zip.entryCount > limits.maxEntries) {
      throw refuse(`${zip.entryCount} entries`, `at most ${limits.maxEntries} entries`);
    }
    const entries = [];
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      entries.push(entry);
    }
    const files = checkEntries(entries, limits);
    const root = findBundleRoot(files);
    for (const file of files) {
      if (file.path.startsWith(root)) await unpackFile(zip, file, targetFolder, signal);
    }
    return join(targetFolder, root.replace(/\/$/, ''));
  } finally {
    zip.close();
  }
}

async function unpackFile(
  zip: ZipFile,
  { path, entry }: ZipFileEntry,
  targetFolder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const target = join(targetFolder, ...path.split('/'));
  await mkdir(dirname(target), { recursive: true });
  const handle = await open(target, 'wx');
  // The stream gives up as soon as there is more than the table of contents says; yauzl leaves the sum unchecked.
  const source = await zip.openReadStreamPromise(entry).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  const checksum = new Checksum();
  await pipeline(source, checksum, handle.createWriteStream(), signal ? { signal } : {});
  if (checksum.value !== entry.crc32) throw refuse(path, 'a file whose checksum is right: send the zip again');
}

class Checksum extends Transform {
  value = 0;

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.value = crc32(chunk, this.value);
    done(null, chunk);
  }
}

async function removeContents(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

function stopped(signal: AbortSignal): VoxhostError {
  return signal.reason instanceof VoxhostError ? signal.reason : new Cancelled('Unpacking the bundle was stopped.');
}

/** yauzl's and zlib's errors mean that the zip is wrong; the system's, that the host is. */
function translate(error: unknown): unknown {
  if (error instanceof VoxhostError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new VoxhostError(
      {
        code: 'RESOURCE_EXHAUSTED',
        reason: 'DISK_FULL',
        message: 'The disk is full. Make room and deploy again.',
        metadata: {},
      },
      { cause: error },
    );
  }
  const isSystem = 'syscall' in error;
  return isSystem ? error : new InvalidArgument('data', error.message, 'a zip file', { reason: 'INVALID_ZIP' });
}
