// A folder as a zip, written as it is sent: no temporary file, no file whole in memory. Sizes over 4 GiB by ZIP64.
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

/** Files up to this size are packed in memory; larger ones are weights, which DEFLATE hardly shrinks. */
const PACK_UP_TO_BYTES = 2 ** 20;
const LEFT_OUT = new Set(['.git', '.DS_Store', '__pycache__', 'Thumbs.db']);
const MAX_32 = 0xffff_ffff;
/** 1980-01-01 00:00: the same folder gives the same zip. */
const DOS_DATE = 0x21;
const UTF8_NAMES = 0x0800;

interface Entry {
  readonly name: Buffer;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly offsetBytes: number;
}

/** Every file below a folder as zip paths with `/`, sorted; links are followed, caches and version control left out. */
export async function listFolder(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !LEFT_OUT.has(name)).sort();
  const lists = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name));
      if (found.isDirectory()) return (await listFolder(join(folder, name))).map((below) => `${name}/${below}`);
      return found.isFile() ? [name] : [];
    }),
  );
  return lists.flat();
}

/** The bytes of a zip of a folder, all names below `topFolder`. */
export async function* zipFolder(folder: string, topFolder: string): AsyncGenerator<Buffer> {
  const entries: Entry[] = [];
  let offsetBytes = 0;
  for (const path of await listFolder(folder)) {
    const file = join(folder, ...path.split('/'));
    const { entry, data } = await readEntry(file, `${topFolder}/${path}`, offsetBytes);
    const header = localHeader(entry);
    yield header;
    yield* data;
    offsetBytes += header.length + entry.packedBytes;
    entries.push(entry);
  }
  const directory = entries.map(centralHeader);
  yield Buffer.concat([...directory, ...endRecords(entries.length, directory, offsetBytes)]);
}

async function readEntry(
  file: string,
  name: string,
  offsetBytes: number,
): Promise<{ entry: Entry; data: Iterable<Buffer> | AsyncIterable<Buffer> }> {
  const base = { name: Buffer.from(name, 'utf8'), offsetBytes };
  const { size } = await stat(file);
  if (size <= PACK_UP_TO_BYTES) {
    const bytes = await readFile(file);
    const packed = await promisify<Buffer, Buffer>(deflateRaw)(bytes);
    const smaller = packed.length < bytes.length;
    const data = smaller ? packed : bytes;
    const entry: Entry = {
      ...base,
      method: smaller ? 8 : 0,
      crc: crc32(bytes),
      packedBytes: data.length,
      sizeBytes: bytes.length,
    };
    return { entry, data: [data] };
  }
  let crc = 0;
  let sizeBytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    crc = crc32(chunk, crc);
    sizeBytes += chunk.length;
  }
  const data = createReadStream(file, { highWaterMark: 2 ** 20, end: sizeBytes - 1 }) as AsyncIterable<Buffer>;
  return { entry: { ...base, method: 0, crc, packedBytes: sizeBytes, sizeBytes }, data };
}

function localHeader(entry: Entry): Buffer {
  const large = entry.sizeBytes >= MAX_32 ? zip64Field([entry.sizeBytes, entry.packedBytes]) : Buffer.alloc(0);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  writeCommon(head, 4, entry, large);
  return Buffer.concat([head, entry.name, large]);
}

function centralHeader(entry: Entry): Buffer {
  const isLarge = entry.sizeBytes >= MAX_32;
  const isFar = entry.offsetBytes >= MAX_32;
  const numbers = [...(isLarge ? [entry.sizeBytes, entry.packedBytes] : []), ...(isFar ? [entry.offsetBytes] : [])];
  const large = numbers.length > 0 ? zip64Field(numbers) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(45, 4);
  writeCommon(head, 6, entry, large);
  head.writeUInt32LE(isFar ? MAX_32 : entry.offsetBytes, 42);
  return Buffer.concat([head, entry.name, large]);
}

/** The thirteen fields that the two headers share. */
function writeCommon(head: Buffer, at: number, entry: Entry, extra: Buffer): void {
  const isLarge = entry.sizeBytes >= MAX_32;
  head.writeUInt16LE(45, at);
  head.writeUInt16LE(UTF8_NAMES, at + 2);
  head.writeUInt16LE(entry.method, at + 4);
  head.writeUInt16LE(DOS_DATE, at + 8);
  head.writeUInt32LE(entry.crc, at + 10);
  head.writeUInt32LE(isLarge ? MAX_32 : entry.packedBytes, at + 14);
  head.writeUInt32LE(isLarge ? MAX_32 : entry.sizeBytes, at + 18);
  head.writeUInt16LE(entry.name.length, at + 22);
  head.writeUInt16LE(extra.length, at + 24);
}

function zip64Field(numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  return field;
}

function endRecords(count: number, directory: readonly Buffer[], offsetBytes: number): Buffer[] {
  const sizeBytes = directory.reduce((sum, header) => sum + header.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const isLarge = offsetBytes >= MAX_32 || sizeBytes >= MAX_32 || count >= 0xffff;
  end.writeUInt16LE(isLarge ? 0xffff : count, 8);
  end.writeUInt16LE(isLarge ? 0xffff : count, 10);
  end.writeUInt32LE(isLarge ? MAX_32 : sizeBytes, 12);
  end.writeUInt32LE(isLarge ? MAX_32 : offsetBytes, 16);
  if (!isLarge) return [end];
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(45, 12);
  end64.writeUInt16LE(45, 14);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(sizeBytes), 40);
  end64.writeBigUInt64LE(BigInt(offsetBytes), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offsetBytes + sizeBytes), 8);
  locator.writeUInt32LE(1, 16);
  return [end64, locator, end];
}
