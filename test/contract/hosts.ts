// The hosts of the conversations: real ones with folders of their own, one that is not there, one of a later revision.
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { connect, type Host } from '../../clients/typescript/index.js';
import { loadProtocol } from '../../proto/protocol.js';
import { silentLog } from '../../server/log.js';
import { startHost } from '../../server/main.js';
import { EXAMPLE_WORKFLOWS, ROOT } from '../fixtures/start-host.js';
import type { Conversation } from './conversation.js';

const TLS = join(ROOT, 'test', 'fixtures', 'tls');

export interface ContractHost {
  readonly address: string;
  /** The driver's own connection; undefined where there is no real host. */
  readonly client?: Host;
  stop(): Promise<void>;
}

/** Brings up the other end of a conversation. */
export function openHost({ kind = 'real', workflows = [], token, tls }: Conversation['host']): Promise<ContractHost> {
  if (kind === 'none') return openNothing();
  return kind === 'next' ? openNextRevision() : openReal(workflows, token, tls);
}

async function openReal(workflows: readonly string[], token: string | undefined, tls = false): Promise<ContractHost> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-contract-'));
  await mkdir(join(folder, 'workflows'));
  // Copied, since a host that undeploys a workflow removes its folder.
  for (const name of workflows) {
    await cp(join(EXAMPLE_WORKFLOWS, name), join(folder, 'workflows', name), { recursive: true });
  }
  const tokenFile = join(folder, 'token.txt');
  if (token !== undefined) await writeFile(tokenFile, token);
  const host = await startHost(
    {
      address: '127.0.0.1:0',
      workflows: join(folder, 'workflows'),
      data: join(folder, 'data'),
      device: 'cpu',
      ...(token === undefined ? {} : { tokenFile }),
      ...(tls ? { tlsCert: join(TLS, 'certificate.pem'), tlsKey: join(TLS, 'key.pem') } : {}),
    },
    silentLog,
  );
  const client = await connect(host.address, {
    token,
    timeoutMs: 60_000,
    ...(tls ? { tls: { caFile: join(TLS, 'certificate.pem'), serverName: 'localhost' } } : {}),
  });
  return {
    address: host.address,
    client,
    async stop() {
      await cancelAll(client);
      client.close();
      await host.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A host that ends lets its runs end first, and some conversations leave one that would take a minute. */
async function cancelAll(client: Host): Promise<void> {
  for (const { name, state } of await client.runs()) {
    if (state === 'queued' || state === 'running') await client.cancel(name);
  }
}

/** An address at which nothing listens. */
async function openNothing(): Promise<ContractHost> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, 'close');
  return { address, stop: () => Promise.resolve() };
}

/** What a host of the future says of itself; no such host is there yet. */
async function openNextRevision(): Promise<ContractHost> {
  const server = new Server();
  server.addService(loadProtocol().voxhost.v1.HostService.service, {
    getHostInfo: (_call: unknown, answer: (error: null, info: object) => void) =>
      answer(null, { version: '9.0.0', protocolVersionMin: 2, protocolVersionMax: 3 }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    async stop() {
      server.forceShutdown();
    },
  };
}
