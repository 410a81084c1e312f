// The wire over real sockets, the real volume store, and rooms that a test directs; with a client for every service.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChannelOptions, credentials as grpcCredentials, type ServiceError } from '@grpc/grpc-js';
import type { ExecutionContext } from 'ava';
import { loadProtocol } from '../../../proto/protocol.js';
import { type HostConfig, resolveConfig } from '../../../server/config.js';
import { type Log, silentLog } from '../../../server/log.js';
import { openRpcServer } from '../../../server/rpc/open-rpc-server.js';
import { openVolumeStore } from '../../../server/volumes/open-volume-store.js';
import type { VolumeStore } from '../../../server/volumes/store.js';
import { createScriptedCatalog } from './scripted-catalog.js';
import { createScriptedRuns } from './scripted-runs.js';

export const protocol = loadProtocol();

/** A folder of this test alone, gone with it. */
export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-wire-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Options of the host as if on a command line of nothing, on a port that the system chooses. */
export function configIn(folder: string, change: Partial<HostConfig> = {}): HostConfig {
  return { ...resolveConfig({ address: '127.0.0.1:0', data: folder }, {}), ...change };
}

export interface WireOptions {
  readonly config?: Partial<HostConfig>;
  readonly log?: Log;
  /** Changes the store that the wire sees. */
  readonly wrapStore?: (store: VolumeStore) => VolumeStore;
}

/** Serves until the test ends. */
export async function openWire(t: ExecutionContext, options: WireOptions = {}) {
  const folder = await makeFolder(t);
  const log = options.log ?? silentLog;
  const config = configIn(folder, options.config);
  const store = await openVolumeStore({
    folder: join(folder, 'volumes'),
    quotaBytes: config.storeQuotaBytes,
    maxVolumeBytes: config.maxVolumeBytes,
    uploadExpiryMs: config.uploadExpiryMs,
    log,
  });
  const catalog = createScriptedCatalog();
  catalog.set('brain', {});
  const runs = createScriptedRuns();
  const seen = options.wrapStore?.(store) ?? store;
  const server = await openRpcServer({ config, store: seen, catalog, runs, log });
  t.teardown(async () => {
    await server.close();
    await store.close();
  });
  return { ...server, folder, config, store, catalog, runs, ...connectClients(t, server.address) };
}

/** Clients of every service over one connection of their own. */
export function connectClients(
  t: ExecutionContext,
  address: string,
  credentials = grpcCredentials.createInsecure(),
  channelOptions: ChannelOptions = {},
) {
  const { voxhost, grpc } = protocol;
  const options = { 'grpc.use_local_subchannel_pool': 1, ...channelOptions };
  const clients = {
    host: new voxhost.v1.HostService(address, credentials, options),
    workflows: new voxhost.v1.WorkflowService(address, credentials, options),
    volumes: new voxhost.v1.VolumeService(address, credentials, options),
    runService: new voxhost.v1.RunService(address, credentials, options),
    health: new grpc.health.v1.Health(address, credentials, options),
    reflection: new grpc.reflection.v1.ServerReflection(address, credentials, options),
  };
  t.teardown(() => {
    for (const client of Object.values(clients)) client.close();
  });
  return clients;
}

/** What a call failed with. */
export interface Failure {
  readonly code: number;
  readonly message: string;
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An error of a call, its ErrorInfo decoded. */
export function failureOf(error: ServiceError): Failure {
  const details = error.metadata?.get('grpc-status-details-bin')[0];
  const none = { code: error.code, message: error.details, reason: undefined, metadata: {} };
  if (!Buffer.isBuffer(details)) return none;
  const { google } = protocol;
  const { value } = google.rpc.Status.deserialize(details).details[0] as unknown as { value: Buffer };
  const info = google.rpc.ErrorInfo.deserialize(value);
  return { ...none, reason: info.reason, metadata: info.metadata };
}
