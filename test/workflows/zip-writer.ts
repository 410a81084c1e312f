// Writes zips by the letter of APPNOTE.TXT, the wrong ones too: every field can be given.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Unix mode, such as 0o120777 for a link. */
  readonly mode?: number;
  readonly stored?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
  /** What the headers say instead of the truth. */
  readonly claimedBytes?: number;
  readonly claimedCrc?: number;
}

/** The bytes of a zip with these entries. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8');
    const content = Buffer.from(entry.content ?? '');
    const method = entry.method ?? (entry.stored ? 0 : 8);
    const data = method === 8 ? deflateRawSync(content) : content;
    const middle = Buffer.alloc(26);
    middle.writeUInt16LE(20, 0);
    middle.writeUInt16LE(0x800 | (entry.encrypted ? 1 : 0), 2);
    middle.writeUInt16LE(method, 4);
    middle.writeUInt32LE(entry.claimedCrc ?? crc32(content), 10);
    middle.writeUInt32LE(data.length, 14);
    middle.writeUInt32LE(entry.claimedBytes ?? content.length, 18);
    middle.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), middle, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeByUnix = Buffer.from([20, 3]);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeByUnix, middle, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

/** The entries of a small bundle below a folder: `brain/` or the empty string. */
export function bundleEntries(folder: string): ZipEntry[] {
  return [
    { name: `${folder}configs/metadata.json`, content: '{}' },
    { name: `${folder}configs/inference.json`, content: '{"preprocessing": []}' },
    { name: `${folder}models/model.onnx`, content: Buffer.alloc(70_000, 'model ') },
    { name: `${folder}LICENSE`, content: 'MIT License', stored: true },
  ];
}
