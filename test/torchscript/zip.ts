// A zip writer for tests, which can also lie: sizes, places, names and sums as they are told.
import { crc32, deflateRawSync } from 'node:zlib';

export interface TestEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** What the directory says instead of the truth. */
  readonly claim?: {
    crc32?: number;
    packedBytes?: number;
    unpackedBytes?: number;
    headerOffset?: number;
    method?: number;
    flags?: number;
  };
  /** What the local header calls it. */
  readonly localName?: string;
}

export function writeZip(entries: readonly TestEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflate, claim, localName } of entries) {
    const packed = deflate ? deflateRawSync(data) : Buffer.from(data);
    const fact = {
      crc32: crc32(data),
      packedBytes: packed.length,
      unpackedBytes: data.length,
      headerOffset: offset,
      method: deflate ? 8 : 0,
      flags: 0,
      ...claim,
    };
    const local = header(0x04034b50, 30, fact, Buffer.from(localName ?? name), 4);
    const central = header(0x02014b50, 46, fact, Buffer.from(name), 6);
    central.writeUInt32LE(fact.headerOffset, 42);
    parts.push(local, packed);
    directory.push(central);
    offset += local.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** `at` is where the fields that both headers have begin. */
function header(
  signature: number,
  length: number,
  fact: { crc32: number; packedBytes: number; unpackedBytes: number; method: number; flags: number },
  name: Buffer,
  at: number,
): Buffer {
  const made = Buffer.alloc(length);
  made.writeUInt32LE(signature, 0);
  made.writeUInt16LE(fact.flags, at + 2);
  made.writeUInt16LE(fact.method, at + 4);
  made.writeUInt32LE(fact.crc32, at + 10);
  made.writeUInt32LE(fact.packedBytes, at + 14);
  made.writeUInt32LE(fact.unpackedBytes, at + 18);
  made.writeUInt16LE(name.length, at + 22);
  return Buffer.concat([made, name]);
}
