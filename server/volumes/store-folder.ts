// Where things lie in the store's folder. Voxels and records are what counts; the rest is emptied at every start.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface StoreFolder {
  readonly root: string;
  /** Voxels: one file for each digest, named after it. */
  readonly blobs: string;
  /** What the voxels are: one file for each volume, named after it. Its time of change is the volume's last use. */
  readonly records: string;
  /** Records of which the disk may not have all safe yet: their voxels are checked again after a crash. */
  readonly unsettled: string;
  /** Uploads on the way. */
  readonly staging: string;
  /** Results that runners write. */
  readonly scratch: string;
  blobFile(sha256: string): string;
  recordFile(name: string): string;
  /** Where a volume's record lies until it is settled. */
  unsettledFile(name: string): string;
}

export async function makeStoreFolder(root: string): Promise<StoreFolder> {
  const [blobs, records, unsettled, staging, scratch] = ['blobs', 'records', 'unsettled', 'staging', 'scratch'].map(
    (name) => join(root, name),
  ) as [string, string, string, string, string];
  for (const folder of [blobs, records, unsettled, staging, scratch]) await mkdir(folder, { recursive: true });
  return {
    root,
    blobs,
    records,
    unsettled,
    staging,
    scratch,
    blobFile: (sha256) => join(blobs, sha256),
    recordFile: (name) => join(records, `${name}.json`),
    unsettledFile: (name) => join(unsettled, `${name}.json`),
  };
}
