// Checks the table of contents of a zip before anything of it is unpacked.
import type { Entry } from 'yauzl';
import { InvalidArgument, InvalidBundle } from '../errors.js';

export interface UnpackLimits {
  readonly maxUnpackedBytes: number;
  readonly maxEntries: number;
}

/** A file of the zip. `path` has `/` between folders and stays inside whatever folder it is put into. */
export interface ZipFileEntry {
  readonly path: string;
  readonly entry: Entry;
}

/** A file that shrinks more than this, and is larger than that, is there to fill the disk. */
const MAX_RATIO = 250;
const MIN_BOMB_BYTES = 16 * 2 ** 20;
const MAX_PATH_LENGTH = 500;
const MAX_FOLDERS = 32;
/** What operating systems add of their own. */
const JUNK = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/;
/** What tells where the files of a workflow begin: a bundle's metadata, or the file beside a bare model. */
const ROOTS = [/^((?:[^/]+\/)?)configs\/metadata\.json$/, /^((?:[^/]+\/)?)workflow\.yaml$/];
/** Names that are devices on Windows, with any extension. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * The files to unpack, folders and the operating systems' own left out.
 * @throws InvalidArgument, naming the entry, for a name that leads out or is no file name everywhere, a link, a device,
 *   an encrypted entry, two of one name, more than the limits allow
 */
export function checkEntries(entries: readonly Entry[], limits: UnpackLimits): readonly ZipFileEntry[] {
  const files: ZipFileEntry[] = [];
  const seen = new Map<string, 'file' | 'folder'>();
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.uncompressedSize;
    if (bytes > limits.maxUnpackedBytes) {
      throw refuse(`more than ${bytes} bytes unpacked`, `at most ${limits.maxUnpackedBytes} bytes`);
    }
    const path = checkName(entry.fileName);
    checkKind(entry);
    const isFolder = entry.fileName.endsWith('/');
    claim(seen, path, isFolder ? 'folder' : 'file');
    if (!isFolder && !JUNK.test(path)) files.push({ path, entry });
  }
  return files;
}

/** The prefix of the bundle's files: a folder with `/` at its end; empty when the bundle is the zip's root. */
export function findBundleRoot(files: readonly ZipFileEntry[]): string {
  const found = ROOTS.map((pattern) => files.flatMap(({ path }) => pattern.exec(path)?.[1] ?? []));
  const roots = found.find((one) => one.length > 0) ?? [];
  const [root, second] = roots;
  if (root === undefined) {
    throw new InvalidBundle(
      { file: 'configs/metadata.json' },
      'missing in the zip, and so is workflow.yaml. Zip the folder of a MONAI bundle, or a model with its workflow.yaml.',
    );
  }
  if (second !== undefined) throw refuse(`${roots.length} bundles (${roots.slice(0, 4).join(', ')})`, 'one bundle');
  return root;
}

/** Refuses what is not a plain relative path on every system. */
function checkName(name: string): string {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  const parts = path.split('/');
  const expected = 'names of files inside the folder, that every system can have';
  if (path.length > MAX_PATH_LENGTH || parts.length > MAX_FOLDERS) throw refuse(name, expected);
  for (const part of parts) {
    const odd = part === '' || part === '.' || part === '..' || /[\p{Cc}:*?"<>|\\]/u.test(part) || /[. ]$/.test(part);
    if (odd || DEVICE_NAME.test(part)) throw refuse(name, expected);
  }
  return path;
}

function checkKind(entry: Entry): void {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  const isFolder = entry.fileName.endsWith('/');
  if (type !== 0 && type !== (isFolder ? 0o040000 : 0o100000)) {
    throw refuse(entry.fileName, 'files and folders only: this is a link or a device');
  }
  if (isFolder && entry.uncompressedSize > 0) throw refuse(entry.fileName, 'a folder without bytes of its own');
  if (entry.isEncrypted()) throw refuse(entry.fileName, 'entries without a password');
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw refuse(`${entry.fileName} (method ${entry.compressionMethod})`, 'entries that are stored or deflated');
  }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > MIN_BOMB_BYTES && ratio > MAX_RATIO) {
    throw refuse(
      `${entry.fileName} (${Math.round(ratio)} times smaller)`,
      `entries at most ${MAX_RATIO} times smaller`,
    );
  }
}

/** Names count as equal that a file system without case, or with its own idea of accents, would take for one. */
function claim(seen: Map<string, 'file' | 'folder'>, path: string, kind: 'file' | 'folder'): void {
  const name = path.normalize('NFC').toLowerCase();
  if (seen.has(name) && (kind === 'file' || seen.get(name) === 'file')) throw refuse(path, 'every name once');
  seen.set(name, kind);
  for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
    const folder = name.slice(0, end);
    if (seen.get(folder) === 'file') throw refuse(path, 'every name once');
    seen.set(folder, 'folder');
  }
}

/** The zip, or an entry of it, is not as it must be. */
export function refuse(got: string, expected: string): InvalidArgument {
  return new InvalidArgument('data', got, expected, { reason: 'INVALID_ZIP' });
}
