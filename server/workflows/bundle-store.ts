// Puts bundles' folders into the workflows folder and takes them out, each in one step: nobody sees half a bundle, and
// nothing outside the workflows folder is ever touched.
import { randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, mkdtemp, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.js';
import { checkWorkflowName } from './workflow-name.js';

/** Deployments under way, in the staging folder. */
const STAGED = 'deploy-';
/** What comes or goes, in the workflows folder. Dot folders are no workflows. */
const PASSING = ['.voxhost-incoming-', '.voxhost-removed-'] as const;
/** What Windows answers while a process has a file of the folder open. */
const IN_USE = ['EPERM', 'EACCES', 'EBUSY'];

export interface BundleStore {
  /** Where a workflow's bundle lies. */
  bundleFolder(name: string): string;
  /** A new empty folder for a bundle that is being tried. */
  createStaging(): Promise<string>;
  removeStaging(staging: string): Promise<void>;
  /**
   * Puts a bundle's folder in place under a name; one that was there is removed. `letGo` is called, and the step tried
   * once more, when the system does not move a folder while its files are in use.
   */
  install(bundle: string, name: string, letGo: () => Promise<void>): Promise<void>;
  /** Removes a workflow's folder; of a link that an administrator put there only the link. Fine when it is gone. */
  remove(name: string): Promise<void>;
}

/** Makes both folders and removes what a crash has left in them. */
export async function openBundleStore(folder: string, stagingFolder: string, log: Log): Promise<BundleStore> {
  await mkdir(folder, { recursive: true });
  await mkdir(stagingFolder, { recursive: true });

  const discard = async (path: string): Promise<void> => {
    await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch((error: unknown) =>
      // Left for the next start.
      log.warn('folder not removed', { path, error }),
    );
  };
  const leftovers = async (where: string, prefixes: readonly string[]): Promise<string[]> =>
    (await readdir(where))
      .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
      .map((name) => join(where, name));
  for (const path of [...(await leftovers(folder, PASSING)), ...(await leftovers(stagingFolder, [STAGED]))]) {
    await discard(path);
  }

  const bundleFolder = (name: string): string => {
    checkWorkflowName('name', name);
    return join(folder, name);
  };

  /** Moves what is there out of the way; returns where it is then. */
  const setAside = async (place: string): Promise<string | undefined> => {
    const aside = join(folder, `${PASSING[1]}${randomUUID()}`);
    try {
      await rename(place, aside);
      return aside;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  };

  const swap = async (bundle: string, place: string): Promise<void> => {
    const aside = await setAside(place);
    try {
      await rename(bundle, place);
    } catch (error) {
      if (aside) await rename(aside, place);
      throw error;
    }
    if (aside) await discard(aside);
  };

  return {
    bundleFolder,
    createStaging: () => mkdtemp(join(stagingFolder, STAGED)),
    removeStaging: discard,
    async install(bundle, name, letGo) {
      const place = bundleFolder(name);
      try {
        await swap(bundle, place);
      } catch (error) {
        if (IN_USE.includes(codeOf(error))) {
          await letGo();
          return swap(bundle, place);
        }
        if (codeOf(error) !== 'EXDEV') throw error;
        // The staging folder lies on another disk: copied beside its place first.
        const incoming = join(folder, `${PASSING[0]}${randomUUID()}`);
        try {
          await cp(bundle, incoming, { recursive: true, preserveTimestamps: true });
          await swap(incoming, place);
        } finally {
          await discard(incoming);
        }
      }
    },
    async remove(name) {
      const place = bundleFolder(name);
      const found = await lstat(place).catch(() => undefined);
      if (found?.isSymbolicLink()) return unlink(place);
      const aside = await setAside(place);
      if (aside) await discard(aside);
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
