// Whether a bundle's folder has changed: its files' names, sizes and times in one short text.
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders in folders that are looked into; a bundle has one or two. It also ends circles of links. */
const MAX_DEPTH = 6;
/** Files that are looked at; a folder with more is no bundle, and walking it again and again would cost too much. */
const MAX_FILES = 5_000;

/**
 * Equal as long as nothing in the folder has changed, dot files aside. `undefined` when there is no such folder. Links
 * are followed: what they point to is what would be loaded.
 */
export async function fingerprintFolder(folder: string): Promise<string | undefined> {
  const lines: string[] = [];
  const walk = async (relative: string, depth: number): Promise<void> => {
    const entries = (await readEntries(join(folder, relative))).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.') || lines.length >= MAX_FILES) continue;
      const path = join(relative, entry.name);
      const found = await statOrNothing(join(folder, path));
      if (found?.isDirectory()) {
        lines.push(path);
        if (depth < MAX_DEPTH) await walk(path, depth + 1);
      } else if (found) lines.push(`${path} ${found.size} ${found.mtimeMs}`);
    }
  };
  if (!(await statOrNothing(folder))?.isDirectory()) return undefined;
  await walk('', 1);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** What vanishes while it is looked at counts as not there. */
async function readEntries(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

async function statOrNothing(path: string) {
  return stat(path).catch(() => undefined);
}
