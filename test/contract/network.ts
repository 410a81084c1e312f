// The network between a conversation's client and its host: a TCP proxy that can cut, trickle and lead elsewhere.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** Where the client connects to. */
  readonly address: string;
  /** Breaks every connection. */
  cut(): void;
  /** Breaks every connection; new ones lead to another host. */
  cutOver(target: string): void;
  /** Breaks every connection and takes no more. */
  vanish(): void;
  /** Whether what was to happen by bytes has happened. */
  cutsMade(): number;
  close(): Promise<void>;
}

export interface NetworkPlan {
  readonly cutUpAfterBytes?: number | undefined;
  readonly cutDownAfterBytes?: number | undefined;
  readonly piecesBytes?: number | undefined;
  /** Breaks all connections once, when the call of this number comes from a client, the first being 1. */
  readonly cutAtCall?: number | undefined;
  /** Called at the cut by bytes, in place of a plain cut. */
  readonly onCut?: ((network: Network) => void) | undefined;
}

/** Opens a proxy in front of `host:port`. */
export async function openNetwork(firstTarget: string, plan: NetworkPlan = {}): Promise<Network> {
  let target = firstTarget;
  let cutsMade = 0;
  const left = {
    up: plan.cutUpAfterBytes ?? Number.POSITIVE_INFINITY,
    down: plan.cutDownAfterBytes ?? Number.POSITIVE_INFINITY,
  };
  const sockets = new Set<Socket>();

  let callsLeft = plan.cutAtCall ?? Number.POSITIVE_INFINITY;

  /** Cuts when what has come makes it due; true when it did. */
  const cutIfDue = (way: 'up' | 'down', bytes: number, calls: number): boolean => {
    left[way] -= bytes;
    callsLeft -= calls;
    if (left[way] > 0 && callsLeft > 0) return false;
    left[way] = Number.POSITIVE_INFINITY;
    callsLeft = Number.POSITIVE_INFINITY;
    cutsMade += 1;
    if (plan.onCut) plan.onCut(network);
    else network.cut();
    return true;
  };

  const carry = async (from: Socket, to: Socket, way: 'up' | 'down'): Promise<void> => {
    const countCalls = way === 'up' && plan.cutAtCall ? createCallCounter() : () => 0;
    for await (const data of from as AsyncIterable<Buffer>) {
      if (cutIfDue(way, data.length, countCalls(data))) return;
      const size = way === 'down' ? (plan.piecesBytes ?? data.length) : data.length;
      for (let start = 0; start < data.length; start += size) {
        const hasRoom = to.write(data.subarray(start, start + size));
        if (size < data.length) await new Promise((resolve) => setImmediate(resolve));
        if (!hasRoom && to.writableNeedDrain) await once(to, 'drain');
      }
    }
  };

  const server = createServer({ noDelay: true }, (client) => {
    const colon = target.lastIndexOf(':');
    const host = connect({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)), noDelay: true });
    for (const [from, to, way] of [
      [client, host, 'up'],
      [host, client, 'down'],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      carry(from, to, way).catch(() => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const network: Network = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    cutOver(next) {
      target = next;
      network.cut();
    },
    vanish() {
      network.cut();
      server.close();
    },
    cutsMade: () => cutsMade,
    async close() {
      network.cut();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
  return network;
}

/** HTTP/2 as a client speaks it: how many calls begin in each piece of the stream, by their HEADERS frames (RFC 9113). */
function createCallCounter(): (data: Buffer) => number {
  const prefaceBytes = 24;
  const head = Buffer.alloc(9);
  let skipBytes = prefaceBytes;
  let headBytes = 0;
  return (data) => {
    let calls = 0;
    for (let at = 0; at < data.length; ) {
      const skipped = Math.min(skipBytes, data.length - at);
      skipBytes -= skipped;
      at += skipped;
      const copied = data.copy(head, headBytes, at, at + head.length - headBytes);
      headBytes += copied;
      at += copied;
      if (headBytes < head.length) continue;
      headBytes = 0;
      skipBytes = head.readUIntBE(0, 3);
      if (head[3] === 1) calls += 1;
    }
    return calls;
  };
}
