// Files of one folder, and no other: no name, no link in it leads out.
import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { InvalidBundle } from '../errors.js';

/** A regular file. */
export interface FoundFile {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly sizeBytes: number;
}

export interface BundleFolder {
  /** Absolute, links resolved. */
  readonly path: string;
  /**
   * Finds a regular file; `undefined` when there is nothing of that name.
   * @param file its path below the folder, `/` between folders.
   * @throws InvalidBundle when it leads out of the folder or is not a regular file
   */
  find(file: string): Promise<FoundFile | undefined>;
  /**
   * Its text, UTF-8; `undefined` when there is nothing of that name.
   * @param whole false takes the first `maxBytes` of a longer file, true refuses it.
   * @throws InvalidBundle as `find`, and when it is too long or not UTF-8
   */
  readText(file: string, maxBytes: number, whole: boolean): Promise<string | undefined>;
}

/** @throws InvalidBundle when there is no such folder. */
export async function openBundleFolder(folder: string): Promise<BundleFolder> {
  const path = await realpath(folder).catch((cause: unknown) => {
    throw new InvalidBundle({ file: folder }, `there is no such folder (${codeOf(cause)}).`, { cause });
  });
  if (!(await stat(path)).isDirectory()) throw new InvalidBundle({ file: folder }, 'is not a folder.');
  const find = (file: string) => findFile(path, file);
  return { path, find, readText: (file, maxBytes, whole) => readText(path, file, maxBytes, whole) };
}

async function findFile(root: string, file: string): Promise<FoundFile | undefined> {
  if (file.includes('\0')) throw new InvalidBundle({ file }, 'is not a file name.');
  const wanted = resolve(root, ...file.split('/'));
  if (!isBelow(root, wanted) || isAbsolute(file)) {
    throw new InvalidBundle({ file }, "leads out of the bundle's folder. Put the file inside.");
  }
  try {
    const found = await realpath(wanted);
    if (!isBelow(root, found)) {
      throw new InvalidBundle({ file }, "is a link that leads out of the bundle's folder. Put the file inside.");
    }
    const stats = await stat(found);
    if (!stats.isFile()) throw new InvalidBundle({ file }, 'is not a regular file.');
    return { path: found, sizeBytes: stats.size };
  } catch (error) {
    if (error instanceof InvalidBundle) throw error;
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw new InvalidBundle({ file }, `cannot be read (${codeOf(error)}).`, { cause: error });
  }
}

async function readText(root: string, file: string, maxBytes: number, whole: boolean): Promise<string | undefined> {
  const found = await findFile(root, file);
  if (found === undefined) return undefined;
  const bytes = await readBytes(found.path, maxBytes + 1, file);
  if (whole && bytes.length > maxBytes) {
    throw new InvalidBundle({ file }, `is larger than ${maxBytes} bytes, the most that is read of such a file.`);
  }
  try {
    // A cut may fall inside a character: only a whole file is held to UTF-8.
    return new TextDecoder('utf-8', { fatal: whole }).decode(bytes.subarray(0, maxBytes));
  } catch {
    throw new InvalidBundle({ file }, 'is not text in UTF-8.');
  }
}

async function readBytes(path: string, length: number, file: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = new Uint8Array(Math.min(length, (await handle.stat()).size + 1));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new InvalidBundle({ file }, `cannot be read (${codeOf(cause)}).`, { cause });
  }
}

function isBelow(root: string, path: string): boolean {
  const steps = relative(root, path);
  return steps !== '' && steps !== '..' && !steps.startsWith(`..${sep}`) && !isAbsolute(steps);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
