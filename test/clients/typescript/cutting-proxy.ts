// A TCP proxy that a test can cut: what a network that fails looks like to a client.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface CuttingProxy {
  readonly address: string;
  /** Bytes from clients, over all connections. */
  upBytes(): number;
  /** Connections that clients have opened. */
  connections(): number;
  /** Breaks every connection once this many more bytes have come from clients. Resolves when it has. */
  cutAfter(upBytes: number): Promise<void>;
  /** Breaks every connection now; `refuse`: and takes no more. */
  cut(options?: { refuse: boolean }): void;
}

/** A proxy in front of `host:port`, gone with the test. */
export async function openCuttingProxy(t: ExecutionContext, target: string): Promise<CuttingProxy> {
  const port = Number(target.split(':').at(-1));
  const sockets = new Set<Socket>();
  let up = 0;
  let opened = 0;
  let limit = Number.POSITIVE_INFINITY;
  let reached = (): void => {};
  let refusing = false;

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server: Server = createServer((client) => {
    if (refusing) return client.destroy();
    opened += 1;
    const host = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, host],
      [host, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    host.pipe(client);
    client.on('data', (chunk) => {
      up += chunk.length;
      if (up >= limit) {
        limit = Number.POSITIVE_INFINITY;
        cut();
        reached();
      } else if (!host.write(chunk)) {
        client.pause();
        host.once('drain', () => client.resume());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    cut();
    server.close();
  });
  const { port: own } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${own}`,
    upBytes: () => up,
    connections: () => opened,
    cutAfter(upBytes) {
      limit = up + upBytes;
      return new Promise((resolve) => {
        reached = resolve;
      });
    },
    cut({ refuse } = { refuse: false }) {
      refusing = refuse;
      cut();
    },
  };
}
