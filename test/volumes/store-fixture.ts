// A real store in a folder of its own, and volumes to put in it.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { VolumeHeader } from '../../server/imaging/volume-header.js';
import { type Log, silentLog } from '../../server/log.js';
import { openVolumeStore, type VolumeStoreOptions } from '../../server/volumes/open-volume-store.js';
import type { Volume, VolumeStore } from '../../server/volumes/store.js';

/** An empty folder that goes when the test ends. */
export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-store-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store that closes when the test ends. */
export async function openStore(
  t: ExecutionContext,
  options: Partial<VolumeStoreOptions> = {},
): Promise<{ store: VolumeStore; folder: string }> {
  const folder = options.folder ?? (await makeFolder(t));
  const defaults = { quotaBytes: 2 ** 30, maxVolumeBytes: 2 ** 30, uploadExpiryMs: 3_600_000, log: silentLog };
  const store = await openVolumeStore({ ...defaults, ...options, folder });
  t.teardown(() => store.close());
  return { store, folder };
}

/** A header for `count` bytes. */
export function headerOf(count: number, modality = ''): VolumeHeader {
  return {
    sizes: [count],
    componentType: 'uint8',
    components: 1,
    indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    modality,
  };
}

/** SHA-256 by node:crypto over the source. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Uploads bytes in chunks, as a client does. */
export async function upload(
  store: VolumeStore,
  bytes: Uint8Array,
  options: { id?: string; chunkBytes?: number; header?: VolumeHeader } = {},
): Promise<Volume> {
  const { id = '', chunkBytes = 65_536, header = headerOf(bytes.length) } = options;
  const one = await store.openUpload(id, header);
  try {
    for (let at = one.committedBytes; at < bytes.length; at += chunkBytes) {
      await one.write(at, bytes.subarray(at, at + chunkBytes));
    }
    return await one.finish({ sizeBytes: bytes.length, sha256: sha256(bytes) });
  } finally {
    await one.release();
  }
}

/** Uploads noise. */
export async function uploadNoise(store: VolumeStore, count: number): Promise<{ volume: Volume; bytes: Buffer }> {
  const bytes = randomBytes(count);
  return { volume: await upload(store, bytes), bytes };
}

/** Reads a volume whole. */
export async function download(store: VolumeStore, name: string, offsetBytes = 0, limitBytes = 0): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const range = { offsetBytes, limitBytes, chunkBytes: 65_536 };
  for await (const { bytes } of store.readVolume(name, range, new AbortController().signal)) chunks.push(bytes);
  return Buffer.concat(chunks);
}

/** Every file below a folder, as `folder/file`, sorted. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** A log whose lines a test can wait for. */
export function createWatchedLog(): { log: Log; said(message: string): Promise<void> } {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  const hear = (message: string): void => {
    seen.add(message);
    waiting.get(message)?.();
  };
  return {
    log: { info: hear, warn: hear, error: hear },
    said: (message) => new Promise((resolve) => (seen.has(message) ? resolve() : waiting.set(message, resolve))),
  };
}
