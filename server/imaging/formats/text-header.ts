// The text header that NRRD and MetaImage files begin with, and the file that their voxels lie in.
import { open, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { malformed } from './malformed.js';

const MAX_HEADER_BYTES = 2 ** 20;

/**
 * Reads lines until `isLast` says so or the file ends.
 * @returns the lines and where the byte after the last one's line break stands.
 */
export async function readTextHeader(
  file: string,
  isLast: (line: string, lineNumber: number) => boolean,
): Promise<{ lines: string[]; endByte: number }> {
  const bytes = await readStart(file);
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.toString('utf8', start, end === -1 ? bytes.length : end).replace(/\r$/, '');
    start = end === -1 ? bytes.length : end + 1;
    lines.push(line);
    if (isLast(line, lines.length)) return { lines, endByte: start };
    if (end === -1 && bytes.length === MAX_HEADER_BYTES) {
      throw malformed(file, 'header', `more than ${MAX_HEADER_BYTES} bytes`, 'a text header');
    }
  }
  return { lines, endByte: bytes.length };
}

async function readStart(file: string): Promise<Buffer> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw malformed(file, 'file', code === 'ENOENT' ? undefined : code, 'a file that can be read');
  }
  try {
    const bytes = Buffer.alloc(MAX_HEADER_BYTES);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === bytes.length) return bytes.subarray(0, filled);
    }
  } catch (error) {
    throw malformed(file, 'file', (error as NodeJS.ErrnoException).code, 'an image file');
  } finally {
    await handle.close();
  }
}

/** The file that a detached header names. It must lie in the header's own folder. @throws InvalidArgument */
export async function detachedFile(file: string, field: string, name: string): Promise<string> {
  const folder = resolve(dirname(file));
  const data = resolve(folder, name);
  if (name === '' || basename(data) === '' || !data.startsWith(folder.endsWith(sep) ? folder : folder + sep)) {
    throw malformed(file, field, name, "the name of a file in the header's own folder");
  }
  const found = await stat(data).catch(() => undefined);
  if (!found?.isFile()) throw malformed(file, field, name, `a file that exists in ${folder}`);
  return data;
}

/** Whole numbers, separated by spaces. Undefined when one is none. */
export function parseIntegers(text: string): number[] | undefined {
  const words = text.trim().split(/\s+/);
  return words.every((word) => /^[+-]?\d+$/.test(word)) ? words.map(Number) : undefined;
}

/** Numbers, separated by spaces. `nan` reads as NaN. Undefined when one is none. */
export function parseNumbers(text: string): number[] | undefined {
  const numbers = text.trim().split(/\s+/).map(parseNumber);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}

function parseNumber(word: string): number | undefined {
  if (/^nan$/i.test(word)) return Number.NaN;
  return word !== '' && Number.isFinite(Number(word)) ? Number(word) : undefined;
}
