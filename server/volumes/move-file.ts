// Moving and removing files on every platform and across disks.
import { copyFile, rename, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** What Windows answers while a virus scanner or an indexer looks at a file that was just written. */
const PASSING_ERRORS = ['EPERM', 'EACCES', 'EBUSY'];

/**
 * Moves a file, replacing what is at `to`. `to` never shows a half file: across disks the copy is finished beside it
 * first.
 */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await renamePatiently(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${to}.copy`;
    try {
      await copyFile(from, beside);
      await renamePatiently(beside, to);
    } catch (copyError) {
      await rm(beside, { force: true });
      throw copyError;
    }
    await rm(from, { force: true });
  }
}

async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const passing = PASSING_ERRORS.includes((error as NodeJS.ErrnoException).code ?? '');
      if (process.platform !== 'win32' || !passing || attempt === 10) throw error;
      await wait(attempt * 20);
    }
  }
}
