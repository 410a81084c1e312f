// The table of contents at a zip's end, read strictly: what two readers could understand in two ways is refused.
import { TorchScriptError } from '../error.js';

/** An entry as the central directory has it. Offsets are from the file's first byte. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Where its local header stands. */
  readonly headerOffset: number;
}

export interface CentralDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where the directory begins: nothing of an entry may lie behind it. */
  readonly offset: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const MAX_COMMENT_BYTES = 65_535;
const ZIP64_EXTRA = 0x0001;
const ENCRYPTED = 0x0001;

/** @throws TorchScriptError not-torchscript when it is no zip, damaged, limit */
export function readCentralDirectory(bytes: Uint8Array, maxEntries: number): CentralDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const { count, size, offset, last } = readEnd(view, end);
  if (count > maxEntries) {
    throw new TorchScriptError('limit', 'zip directory', `${count} records, at most ${maxEntries} are read.`);
  }
  if (offset + size > last || size < count * ENTRY_BYTES) {
    throw damaged(`${count} entries in ${size} bytes from ${offset} on do not fit before byte ${last}`);
  }
  const entries: ZipEntry[] = [];
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readEntry(view, at, offset + size, index);
    entries.push(entry);
    at = next;
  }
  if (at !== offset + size) throw damaged(`${offset + size - at} bytes are left over after the last entry`);
  return { entries, offset };
}

/** The last end record whose comment ends with the file. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END && at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength) {
      return at;
    }
  }
  throw new TorchScriptError('not-torchscript', '', notAZip(view));
}

/** What the file is, where its first bytes tell. */
function notAZip(view: DataView): string {
  if (view.byteLength === 0) return 'The file is empty. Copy it again.';
  const magic = view.byteLength >= 4 ? view.getUint32(0, true) : 0;
  if (magic === 0x04034b50) return 'The zip has no end: the file is cut short. Copy it again.';
  return 'This is no zip, and torch.jit.save writes one.';
}

interface End {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
  /** Where what comes after the directory begins. */
  readonly last: number;
}

function readEnd(view: DataView, at: number): End {
  if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 6, true) !== 0) {
    throw damaged('the zip is in several parts');
  }
  const end = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
    last: at,
  };
  const locator = at - 20;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) return end;
  const at64 = toSafe(view.getBigUint64(locator + 8, true), 'the place of the 64-bit end record');
  if (at64 + 56 > locator || view.getUint32(at64, true) !== END_64) {
    throw damaged('the 64-bit end record is not where the zip says');
  }
  return {
    count: toSafe(view.getBigUint64(at64 + 32, true), 'the number of entries'),
    size: toSafe(view.getBigUint64(at64 + 40, true), "the directory's size"),
    offset: toSafe(view.getBigUint64(at64 + 48, true), "the directory's place"),
    last: at64,
  };
}

function readEntry(view: DataView, at: number, end: number, index: number): { entry: ZipEntry; next: number } {
  if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) {
    throw damaged(`entry ${index} of the directory is no entry`);
  }
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const next = at + ENTRY_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
  if (next > end) throw damaged(`entry ${index} of the directory is longer than the directory`);
  const name = readName(new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_BYTES, nameBytes), index);
  if ((view.getUint16(at + 8, true) & ENCRYPTED) !== 0) {
    throw new TorchScriptError('refused', name, 'the record is encrypted.');
  }
  const entry = {
    name,
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    unpackedBytes: view.getUint32(at + 24, true),
    headerOffset: view.getUint32(at + 42, true),
  };
  return { entry: widen(view, entry, at + ENTRY_BYTES + nameBytes, extraBytes), next };
}

/** The 64-bit sizes of an entry whose own fields are too small for them. */
function widen(view: DataView, entry: ZipEntry, extraAt: number, extraBytes: number): ZipEntry {
  const full = 0xffff_ffff;
  const fields = ['unpackedBytes', 'packedBytes', 'headerOffset'] as const;
  const missing = fields.filter((field) => entry[field] === full);
  if (missing.length === 0) return entry;
  for (let at = extraAt; at + 4 <= extraAt + extraBytes; ) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === ZIP64_EXTRA) {
      if (size < missing.length * 8 || at + 4 + size > extraAt + extraBytes) break;
      const wide = missing.map((field, nth) => [field, toSafe(view.getBigUint64(at + 4 + nth * 8, true), field)]);
      return { ...entry, ...Object.fromEntries(wide) };
    }
    at += 4 + size;
  }
  throw new TorchScriptError('damaged', entry.name, 'its 64-bit sizes are missing.');
}

function readName(bytes: Uint8Array, index: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged(`the name of entry ${index} is not UTF-8`);
  }
}

function toSafe(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`${what} is ${value}`);
  return Number(value);
}

function damaged(what: string): TorchScriptError {
  return new TorchScriptError('damaged', 'zip directory', `${what}. Copy the file again.`);
}
