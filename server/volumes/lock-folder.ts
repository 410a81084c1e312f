// One host a folder. The proof of life is a socket that the system closes when its process ends, however it ends: no
// lock outlives a crash, and no reused process id can be taken for a host.
import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailedPrecondition } from '../errors.js';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder, which must be there, for this process.
 * @throws FailedPrecondition FOLDER_IN_USE, naming the process that has it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const held: Server[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(held.splice(0).map(close));
  };
  try {
    for (const address of lockAddresses(await realpath(folder), process.platform, tmpdir())) {
      const server = await hold(address, folder);
      if (server) held.push(server);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** A name that only one process can listen on. */
export interface LockAddress {
  readonly path: string;
  /** A socket file stays behind when its process dies; other names vanish with it. */
  readonly isFile: boolean;
  /** The lock holds without it, where the file system has no sockets. */
  readonly optional: boolean;
}

/** Longest path of a socket file: macOS has the smallest `sun_path`, 104 bytes with its end. */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * What to listen on for a folder (its real path). Windows: a named pipe. Linux: an abstract socket, which leaves no
 * file, and a socket file in the folder, which hosts in other containers see too. Elsewhere: the socket file.
 */
export function lockAddresses(folder: string, platform: NodeJS.Platform, temporaryFolder: string): LockAddress[] {
  const ignoresCase = platform === 'win32' || platform === 'darwin';
  const digest = createHash('sha256').update(ignoresCase ? folder.toLowerCase() : folder);
  const name = `voxhost-${digest.digest('hex').slice(0, 32)}`;
  if (platform === 'win32') return [{ path: `\\\\.\\pipe\\${name}`, isFile: false, optional: false }];
  const inside = join(folder, 'host.sock');
  const fits = Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES;
  if (platform === 'linux') {
    const abstract = { path: `\0${name}`, isFile: false, optional: false };
    return fits ? [abstract, { path: inside, isFile: true, optional: true }] : [abstract];
  }
  return [{ path: fits ? inside : join(temporaryFolder, `${name}.sock`), isFile: true, optional: false }];
}

/** Listens on an address; undefined when it is optional and cannot be had here. */
async function hold(address: LockAddress, folder: string): Promise<Server | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listen(address.path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE') {
        if (address.optional) return undefined;
        throw error;
      }
      const owner = await ask(address.path);
      if (owner !== undefined) throw inUse(folder, owner);
      // Nobody listens: a host died here and left its socket file, or ended just now.
      if (address.isFile) await rm(address.path, { force: true });
      if (attempt === 3) throw error;
    }
  }
}

function listen(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`process ${process.pid} on ${hostname()}`, () => socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve(server.unref());
    });
  });
}

/** Who listens on a path: what it says of itself, or that it is busy. Undefined when nobody does. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(path);
    socket.setTimeout(1000, () => {
      socket.destroy();
      resolve('a process that does not answer');
    });
    socket.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    socket.on('end', () => resolve(said || 'another process'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      else if (error.code === 'EACCES' || error.code === 'EPERM') resolve('a process of another user');
      else reject(error);
    });
  });
}

function inUse(folder: string, owner: string): FailedPrecondition {
  return new FailedPrecondition(
    'FOLDER_IN_USE',
    `The data folder ${folder} is in use by ${owner}. Stop that host, or start this one with another --data folder.`,
    { folder, owner },
  );
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
