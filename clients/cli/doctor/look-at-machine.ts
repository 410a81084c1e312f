// Node, memory and disk of this machine, as a host needs them.
import { constants } from 'node:fs';
import { access, mkdtemp, rm, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { formatBytes } from '../table.js';
import { bad, type Finding, fine, note } from './findings.js';

const GIB = 2 ** 30;
const LEAST_NODE = [20, 19] as const;
const LEAST_MEMORY = 4 * GIB;
const LEAST_DISK = 10 * GIB;

/** @param version as `process.versions.node` has it. */
export function lookAtNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  const detail = `${version} for ${process.platform} ${process.arch}`;
  return isOld ? bad('node', detail, `Install Node ${LEAST_NODE.join('.')} or newer.`) : fine('node', detail);
}

export function lookAtMemory(): Finding {
  const total = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const detail = `${formatBytes(total)}, ${formatBytes(Math.min(freemem(), total))} free; ${availableParallelism()} cores`;
  return total < LEAST_MEMORY
    ? note('memory', detail, 'Large models may not fit: 4 GiB or more are good.')
    : fine('memory', detail);
}

/** Room and rights where volumes will lie: the data folder, or the nearest folder above it that exists. */
export async function lookAtDisk(dataFolder: string): Promise<Finding> {
  const folder = await nearestExisting(dataFolder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${formatBytes(free)} free for ${dataFolder}`;
  try {
    await access(folder, constants.W_OK);
    await rm(await mkdtemp(join(folder, '.voxhost-doctor-')), { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return bad('disk', `${folder} cannot be written to (${code})`, 'Give another folder: voxhost serve --data FOLDER');
  }
  return free < LEAST_DISK
    ? note('disk', detail, 'Volumes need room: free some, or lower --store-quota.')
    : fine('disk', detail);
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : nearestExisting(above);
  }
}
