// What a start finds on disk: every volume that is whole, with everything else cleaned away.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { headerSizeBytes } from '../imaging/volume-header.js';
import type { Log } from '../log.js';
import type { HashFiles } from './hash-files.js';
import { HEX_64, parseRecord, type VolumeRecord } from './record.js';
import type { Settler } from './settle.js';
import type { StoreFolder } from './store-folder.js';

/** Names that the store gives, also while it moves a file across disks. */
const OURS = /^[0-9a-f]{64}(\.json|\.copy)?$/;

/** A volume found whole. */
export interface FoundVolume extends VolumeRecord {
  readonly name: string;
  readonly sizeBytes: number;
  readonly lastUseMs: number;
}

/**
 * Empties staging and scratch, and drops records without voxels, voxels without records, and voxels that are not what
 * their name says: of wrong size, or, where a crash came before the disk had them safe, of wrong digest.
 * @returns the volumes, the least recently used first.
 */
export async function recoverVolumes(
  folder: StoreFolder,
  hashFiles: HashFiles,
  settler: Settler,
  log: Log,
): Promise<FoundVolume[]> {
  const leftovers = (await emptyFolder(folder.staging)) + (await emptyFolder(folder.scratch));
  const blobs = await listBlobs(folder);
  const settled = await readRecords(folder.records, folder.recordFile, blobs);
  const unsettled = await readRecords(folder.unsettled, folder.unsettledFile, blobs);
  const damaged = new Set<string>();
  for (const sha256 of new Set(unsettled.map((volume) => volume.sha256))) {
    const whole = await isWhole(folder.blobFile(sha256), blobs.get(sha256)!, sha256, hashFiles);
    if (!whole) damaged.add(sha256);
  }
  const isThere = ({ sha256 }: FoundVolume): boolean => !damaged.has(sha256);
  const names = new Set(settled.map((volume) => volume.name));
  const waiting = unsettled.filter((volume) => isThere(volume) && !names.has(volume.name));
  const found = [...settled.filter(isThere), ...waiting];
  const needed = new Set(found.map((volume) => volume.sha256));
  const dropped =
    (await dropOthers(folder.blobs, (name) => needed.has(name))) +
    (await dropOthers(folder.records, keeps(settled.filter(isThere)))) +
    (await dropOthers(folder.unsettled, keeps(waiting)));
  for (const { sha256, name } of waiting) settler.settle(sha256, [name]);
  if (leftovers + dropped > 0) log.info('store cleaned', { leftovers, dropped, damaged: damaged.size });
  return found.sort((one, other) => one.lastUseMs - other.lastUseMs);
}

async function emptyFolder(folder: string): Promise<number> {
  const names = await readdir(folder);
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  return names.length;
}

async function listBlobs(folder: StoreFolder): Promise<Map<string, number>> {
  const names = (await readdir(folder.blobs)).filter((name) => HEX_64.test(name));
  return new Map(await inBatches(names, async (name) => [name, (await stat(folder.blobFile(name))).size] as const));
}

async function isWhole(file: string, sizeBytes: number, sha256: string, hashFiles: HashFiles): Promise<boolean> {
  const hash = hashFiles.begin(file);
  hash.grown(sizeBytes);
  return (await hash.finish().catch(() => '')) === sha256;
}

async function readRecords(
  folder: string,
  fileOf: (name: string) => string,
  blobs: ReadonlyMap<string, number>,
): Promise<FoundVolume[]> {
  const names = (await readdir(folder)).map((file) => file.replace(/\.json$/, ''));
  const found = await inBatches(
    names.filter((name) => HEX_64.test(name)),
    async (name) => {
      const file = fileOf(name);
      const record = parseRecord(await readFile(file, 'utf8'), name);
      const sizeBytes = record && headerSizeBytes(record.header);
      if (!record || blobs.get(record.sha256) !== sizeBytes) return undefined;
      return { ...record, name, sizeBytes: sizeBytes!, lastUseMs: (await stat(file)).mtimeMs };
    },
  );
  return found.filter((volume) => volume !== undefined);
}

const keeps = (volumes: readonly FoundVolume[]): ((file: string) => boolean) => {
  const files = new Set(volumes.map(({ name }) => `${name}.json`));
  return (file) => files.has(file);
};

/** Removes our own files that no whole volume needs; leaves what others put there. */
async function dropOthers(folder: string, isNeeded: (file: string) => boolean): Promise<number> {
  const others = (await readdir(folder)).filter((name) => OURS.test(name) && !isNeeded(name));
  for (const name of others) await rm(join(folder, name), { force: true });
  return others.length;
}

/** Keeps the number of files open at once small. */
async function inBatches<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += 64) {
    results.push(...(await Promise.all(items.slice(at, at + 64).map(work))));
  }
  return results;
}
