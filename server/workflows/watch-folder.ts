// Watches the workflows folder and tells of a bundle that was put in, changed or taken away, once it is at rest.
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { setTimeout as elapsed } from 'node:timers/promises';
import { watch } from 'chokidar';
import type { Log } from '../log.js';
import { fingerprintFolder } from './fingerprint-folder.js';
import { isWorkflowName } from './workflow-name.js';

/** Folders below the workflows folder that are watched: a bundle, its `models`, and two below. */
const WATCHED_DEPTH = 3;

export interface WatchOptions {
  readonly folder: string;
  /** A bundle is at rest when nothing in it has changed for so long: a half-copied one is not told of. */
  readonly settleMs: number;
  /** How often everything is looked at again, for file systems that tell of no change (NFS, SMB, some containers). */
  readonly rescanMs: number;
  /** The fingerprints of what was told of before, or of what was there when the watch began. */
  readonly known: () => ReadonlyMap<string, string>;
  /** A bundle's new fingerprint; `undefined` when its folder is gone. */
  readonly onChange: (name: string, fingerprint: string | undefined) => void;
  readonly log: Log;
}

export interface FolderWatch {
  close(): Promise<void>;
}

/** The names of the bundles' folders, links to folders included. What has another name is told to `onSkipped`. */
export async function listBundles(folder: string, onSkipped: (name: string) => void): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter(
    (entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()),
  );
  for (const { name } of folders) if (!isWorkflowName(name)) onSkipped(name);
  return folders.map((entry) => entry.name).filter(isWorkflowName);
}

export function watchFolder(options: WatchOptions): FolderWatch {
  const { folder, settleMs, known, onChange, log } = options;
  const closing = new AbortController();
  /** The bundles that are not at rest; true when something was heard of one since it was last looked at. */
  const settling = new Map<string, boolean>();
  const skipped = new Set<string>();

  const settle = async (name: string): Promise<void> => {
    const under = settling.has(name);
    settling.set(name, under);
    if (under) return;
    try {
      let before = await fingerprintFolder(join(folder, name));
      for (let moved = true; moved; ) {
        settling.set(name, false);
        await elapsed(settleMs, undefined, { signal: closing.signal });
        const now = await fingerprintFolder(join(folder, name));
        moved = now !== before || settling.get(name) === true;
        before = now;
      }
      if (before !== known().get(name)) onChange(name, before);
    } catch (error) {
      if (!closing.signal.aborted) log.error('bundle not looked at', { name, error });
    } finally {
      settling.delete(name);
    }
  };

  const scan = async (): Promise<void> => {
    try {
      const there = await listBundles(folder, (name) => {
        if (!skipped.has(name)) log.warn('folder skipped: its name is none for a workflow', { folder, name });
        skipped.add(name);
      });
      for (const name of new Set([...there, ...known().keys()])) {
        const fingerprint = await fingerprintFolder(join(folder, name));
        // One that is being waited for goes on as it is: this is no news of it.
        if (fingerprint !== known().get(name) && !settling.has(name)) void settle(name);
      }
    } catch (error) {
      // A folder that cannot be read for a moment (a network drive) takes no workflow away.
      log.warn('workflows folder not read', { folder, error });
    }
  };

  const bundleOf = (path: string): string => relative(folder, path).split(sep)[0] ?? '';
  const watcher = watch(folder, {
    ignoreInitial: true,
    depth: WATCHED_DEPTH,
    ignored: (path) =>
      relative(folder, path)
        .split(sep)
        .some((part) => part.startsWith('.') && part !== '..'),
  });
  watcher.on('all', (_event, path) => {
    const name = bundleOf(path);
    if (isWorkflowName(name)) void settle(name);
  });
  // Too many watches, for one: the scan goes on.
  watcher.on('error', (error) => log.warn('workflows folder not watched in full', { folder, error }));
  let rescan: NodeJS.Timeout | undefined;
  const scanAndAgain = async (): Promise<void> => {
    await scan();
    if (!closing.signal.aborted) rescan = setTimeout(() => void scanAndAgain(), options.rescanMs).unref();
  };
  watcher.on('ready', () => void scanAndAgain());

  return {
    close: async () => {
      closing.abort();
      clearTimeout(rescan);
      await watcher.close();
    },
  };
}
