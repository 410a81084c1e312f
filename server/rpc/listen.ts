// Listening sockets of our own, so that a taken port, a stale socket file or a wrong host ends in a sentence.
import { lookup } from 'node:dns/promises';
import { lstat, unlink } from 'node:fs/promises';
import { connect, createServer, isIP, type ListenOptions, type Server, type Socket } from 'node:net';
import { FailedPrecondition } from '../errors.js';
import { type Address, formatAddress } from './address.js';
import { isLocal, isLoopback } from './check-exposure.js';

export interface Listener {
  /** Where it listens, the port as the system gave it. */
  readonly address: Address;
  /** Takes no new connection; those that have said something stay. Removes the socket file. */
  stop(): void;
  /** Closes every connection, whatever it does. */
  destroyConnections(): void;
}

/** Listens and hands every connection over. @throws FailedPrecondition, which says what to do. */
export async function openListener(address: Address, onConnection: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const listen = async (options: ListenOptions): Promise<Server> => {
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      onConnection(socket);
    });
    await listening(server, options);
    servers.push(server);
    return server;
  };
  const stop = (): void => {
    for (const server of servers.splice(0)) server.close();
    // Node's HTTP/2 waits for the first words of a connection before it closes it well: nobody is there to hear it.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  const destroyConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  try {
    const bound = address.kind === 'unix' ? await bindPath(address, listen) : await bindHost(address, listen);
    return { address: bound, stop, destroyConnections };
  } catch (error) {
    stop();
    throw error instanceof FailedPrecondition ? error : explain(address, error as NodeJS.ErrnoException);
  }
}

type Listen = (options: ListenOptions) => Promise<Server>;

async function bindHost(address: Address & { kind: 'tcp' }, listen: Listen): Promise<Address> {
  const hosts = await resolveHost(address);
  let port = address.port;
  let refused: unknown;
  let count = 0;
  for (const host of hosts) {
    try {
      const server = await listen({ host, port, ipv6Only: isIP(host) === 6 && hosts.length > 1 });
      const bound = server.address();
      if (bound && typeof bound === 'object') port = bound.port;
      count++;
    } catch (error) {
      // A name such as localhost may have an IPv6 address that this machine cannot use; one that is taken is an error.
      if (!['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      refused = error;
    }
  }
  if (count === 0) throw refused;
  return { ...address, port };
}

async function resolveHost(address: Address & { kind: 'tcp' }): Promise<readonly string[]> {
  if (address.host === '' || isIP(address.host)) return [address.host || '::'];
  const found = [...new Set((await lookup(address.host, { all: true })).map((one) => one.address))];
  if (isLocal(address) && !found.every(isLoopback)) {
    throw new FailedPrecondition(
      'EXPOSED_ADDRESS',
      `${address.host} leads to ${found.join(', ')} on this machine, which others can reach. Listen on 127.0.0.1.`,
      { address: formatAddress(address) },
    );
  }
  return found;
}

async function bindPath(address: Address & { kind: 'unix' }, listen: Listen): Promise<Address> {
  if (process.platform === 'win32') {
    throw new FailedPrecondition('NO_UNIX_SOCKETS', 'Windows has no Unix sockets for gRPC. Listen on 127.0.0.1:PORT.', {
      address: formatAddress(address),
    });
  }
  const maxBytes = process.platform === 'linux' ? 107 : 103;
  if (Buffer.byteLength(address.path) > maxBytes) {
    // Node 20 cuts it without a word and listens somewhere else.
    const message = `${address.path} is too long for a socket: at most ${maxBytes} bytes. Choose another --address.`;
    throw new FailedPrecondition('ADDRESS_UNKNOWN', message, { address: formatAddress(address) });
  }
  try {
    await listen({ path: address.path });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !(await isStale(address.path))) throw error;
    await unlink(address.path);
    await listen({ path: address.path });
  }
  return address;
}

/** A socket file on which nobody answers: what a host that was killed leaves behind. */
async function isStale(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) {
    throw new FailedPrecondition('ADDRESS_TAKEN', `${path} is a file and not a socket. Choose another --address.`, {
      address: `unix:${path}`,
    });
  }
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(false);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function explain(address: Address, error: NodeJS.ErrnoException): FailedPrecondition {
  const where = formatAddress(address);
  const reasons: Readonly<Record<string, [reason: string, message: string]>> = {
    EADDRINUSE: [
      'ADDRESS_TAKEN',
      `${where} is taken: another host or program serves there. Stop it, or choose another`,
    ],
    // libuv says EACCES for a folder that is not there, too.
    EACCES:
      address.kind === 'unix'
        ? [
            'ADDRESS_FORBIDDEN',
            `${where} cannot be made: its folder is not there or not writable. Make it, or choose another`,
          ]
        : ['ADDRESS_FORBIDDEN', `${where} may not be used by this user. Choose a port above 1023 with`],
    EADDRNOTAVAIL: ['ADDRESS_UNKNOWN', `${where} is no address of this machine. Use 127.0.0.1, or one that it has, as`],
    ENOTFOUND: ['ADDRESS_UNKNOWN', `No machine has the name of ${where}. Use 127.0.0.1, or one that there is, as`],
  };
  const [reason, message] = reasons[error.code ?? ''] ?? [
    'ADDRESS_FAILED',
    `${where} cannot be listened on: ${error.message}. Choose another`,
  ];
  return new FailedPrecondition(reason, `${message} --address.`, { address: where });
}
