// A file of torch.jit.save as its records: names checked, nothing of it overlapping, stored bytes as views.
import { crc32, inflateRawSync } from 'node:zlib';
import { TorchScriptError } from '../error.js';
import { readCentralDirectory, type ZipEntry } from './central-directory.js';

/** What is read at most; all of it counted, none of it timed. */
export interface ArchiveLimits {
  readonly maxRecords: number;
  /** Bytes of all deflated records together, inflated. PyTorch deflates source only. */
  readonly maxInflatedBytes: number;
  /** Bytes of one record that is read as text. */
  readonly maxTextBytes: number;
}

export interface Archive {
  /** The folder that all records lie in. */
  readonly name: string;
  /** Names of the records below that folder, as the zip orders them. */
  readonly records: readonly string[];
  has(record: string): boolean;
  /**
   * A record's bytes: a view of the file where it is stored. Its checksum is compared each time: keep the result.
   * @throws TorchScriptError damaged, limit
   */
  read(record: string): Uint8Array;
  /** A record as text. @throws TorchScriptError damaged when it is not UTF-8 */
  readText(record: string): string;
}

/** An entry whose bytes are found. */
interface Record {
  readonly entry: ZipEntry;
  readonly dataOffset: number;
}

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_NAME_LENGTH = 1_024;

/** @throws TorchScriptError not-torchscript, damaged, refused, limit */
export function openArchive(bytes: Uint8Array, limits: ArchiveLimits): Archive {
  const directory = readCentralDirectory(bytes, limits.maxRecords);
  const found = directory.entries.filter(({ name }) => !name.endsWith('/')).map((entry) => locate(bytes, entry));
  checkApart(found, directory.offset);
  const name = commonFolder(found.map(({ entry }) => entry.name));
  const records = new Map<string, Record>();
  for (const record of found) {
    const short = checkName(record.entry.name).slice(name.length + 1);
    if (records.has(short)) throw new TorchScriptError('refused', short, 'the archive has two records of this name.');
    records.set(short, record);
  }
  let inflatedBytes = 0;
  const read = (short: string): Uint8Array => {
    const record = records.get(short);
    if (record === undefined) throw new TorchScriptError('damaged', short, 'this record is missing in the archive.');
    if (record.entry.method === 8) inflatedBytes += record.entry.unpackedBytes;
    if (inflatedBytes > limits.maxInflatedBytes) {
      const message = `the archive's text is larger than ${limits.maxInflatedBytes} bytes, the most that is unpacked.`;
      throw new TorchScriptError('limit', short, message);
    }
    return readRecord(bytes, record, short);
  };
  return {
    name,
    records: [...records.keys()],
    has: (short) => records.has(short),
    read,
    readText(short) {
      try {
        const text = read(short);
        if (text.length > limits.maxTextBytes) {
          throw new TorchScriptError('limit', short, `its text is longer than ${limits.maxTextBytes} bytes.`);
        }
        return new TextDecoder('utf-8', { fatal: true }).decode(text);
      } catch (error) {
        if (error instanceof TorchScriptError) throw error;
        throw new TorchScriptError('damaged', short, 'it is not text in UTF-8.');
      }
    },
  };
}

/** Finds an entry's bytes by its local header, which must tell the same name and method as the directory. */
function locate(bytes: Uint8Array, entry: ZipEntry): Record {
  const { name, headerOffset } = entry;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (headerOffset + LOCAL_BYTES > bytes.length || view.getUint32(headerOffset, true) !== LOCAL) {
    throw new TorchScriptError('damaged', name, `there is no record at byte ${headerOffset}. Copy the file again.`);
  }
  const nameBytes = view.getUint16(headerOffset + 26, true);
  const dataOffset = headerOffset + LOCAL_BYTES + nameBytes + view.getUint16(headerOffset + 28, true);
  const own = bytes.subarray(headerOffset + LOCAL_BYTES, headerOffset + LOCAL_BYTES + nameBytes);
  if (!Buffer.from(own).equals(Buffer.from(name)) || view.getUint16(headerOffset + 8, true) !== entry.method) {
    throw new TorchScriptError('damaged', name, "its header and the zip's directory disagree.");
  }
  if (entry.method !== 0 && entry.method !== 8) {
    throw new TorchScriptError('refused', name, `it is packed by method ${entry.method}, expected 0 (stored) or 8.`);
  }
  if (entry.method === 0 && entry.packedBytes !== entry.unpackedBytes) {
    const sizes = `${entry.packedBytes} bytes packed and ${entry.unpackedBytes} unpacked`;
    throw new TorchScriptError('damaged', name, `it is stored, but has ${sizes}.`);
  }
  return { entry, dataOffset };
}

/** No two records may share a byte, and none may reach into the directory. */
function checkApart(records: readonly Record[], directoryOffset: number): void {
  const ordered = [...records].sort((a, b) => a.entry.headerOffset - b.entry.headerOffset);
  ordered.forEach(({ entry, dataOffset }, index) => {
    const next = ordered[index + 1];
    const limit = next?.entry.headerOffset ?? directoryOffset;
    if (dataOffset + entry.packedBytes > Math.min(limit, directoryOffset)) {
      const behind = next === undefined ? "the zip's directory" : next.entry.name;
      throw new TorchScriptError('damaged', entry.name, `it overlaps ${behind}: the file is cut short or made up.`);
    }
  });
}

/** The one folder that holds every record. */
function commonFolder(names: readonly string[]): string {
  const folder = names[0]?.split('/')[0] ?? '';
  const other = names.find((name) => !name.startsWith(`${folder}/`));
  if (names.length === 0 || other !== undefined) {
    const message = 'This zip is not of torch.jit.save: its files do not lie in one folder.';
    throw new TorchScriptError('not-torchscript', '', message);
  }
  return folder;
}

/** A plain relative name. Nothing is ever written by it, but what leads out was made to do so. */
function checkName(name: string): string {
  const plain = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!plain || name.length > MAX_NAME_LENGTH || /[\p{Cc}\\:]/u.test(name)) {
    throw new TorchScriptError('refused', name.slice(0, 200), 'this is no name of a record.');
  }
  return name;
}

function readRecord(bytes: Uint8Array, { entry, dataOffset }: Record, short: string): Uint8Array {
  const packed = bytes.subarray(dataOffset, dataOffset + entry.packedBytes);
  const unpacked = entry.method === 0 ? packed : inflate(packed, entry.unpackedBytes, short);
  if (unpacked.length !== entry.unpackedBytes) {
    const sizes = `${unpacked.length} bytes, expected ${entry.unpackedBytes}`;
    throw new TorchScriptError('damaged', short, `it unpacks to ${sizes}. Copy the file again.`);
  }
  if (crc32(unpacked) !== entry.crc32) {
    throw new TorchScriptError('damaged', short, 'its checksum is wrong. Copy the file again.');
  }
  return unpacked;
}

/** Stops at the size that the directory tells, so that a bomb unpacks to no more. */
function inflate(packed: Uint8Array, sizeBytes: number, short: string): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (cause) {
    throw new TorchScriptError('damaged', short, `it does not unpack to ${sizeBytes} bytes. Copy the file again.`, {
      cause,
    });
  }
}
