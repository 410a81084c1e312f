// The wire: a gRPC server over the rooms, from its first listening socket to its last connection.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadProtocol, readDescriptorSet } from '../../proto/protocol.js';
import type { HostConfig } from '../config.js';
import { FailedPrecondition } from '../errors.js';
import { formatAddress, parseAddress } from './address.js';
import { requireToken } from './authorize.js';
import { createCalls } from './calls.js';
import { checkExposure } from './check-exposure.js';
import { indexDescriptors } from './descriptor-index.js';
import { createHealthService } from './health-service.js';
import { createHostService } from './host-service.js';
import { openListener } from './listen.js';
import { createReflectionService } from './reflection-service.js';
import type { Rooms } from './rooms.js';
import { createRunService } from './run-service.js';
import { createToStatus } from './status.js';
import { createVolumeService } from './volume-service.js';
import { keepMalformed } from './well-formed.js';
import { manageWindows } from './windows.js';
import { createWorkflowService } from './workflow-service.js';

export interface RpcServer {
  /** Where it listens: `host:port` or `unix:/path`, the port as the system gave it. */
  readonly address: string;
  /**
   * Takes no new connection or call, lets those under way end for up to `graceMs`, then breaks them. Health says
   * NOT_SERVING from the start of it.
   */
  drain(graceMs: number): Promise<void>;
  /** Breaks what is under way. Safe to call twice, and after `drain`. */
  close(): Promise<void>;
}

/** Beside a chunk's data, room for the rest of its message. */
const MESSAGE_OVERHEAD_BYTES = 64 * 1024;

/**
 * Serves. @throws InvalidArgument for an address that is not one; FailedPrecondition when it is taken, cannot be used,
 *   or is open to others without TLS and token, or when the certificate cannot be read. All say what to do.
 */
export async function openRpcServer(rooms: Rooms): Promise<RpcServer> {
  const { config, log } = rooms;
  checkExposure(config);
  const address = parseAddress(config.address);
  const credentials = await readCredentials(config.tls);
  const folder = join(config.dataFolder, 'bundle-uploads');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  const protocol = loadProtocol();
  const toStatus = createToStatus(protocol, log);
  const server = new Server({
    'grpc.max_receive_message_length': config.maxChunkBytes + MESSAGE_OVERHEAD_BYTES,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.max_concurrent_streams': 1000,
    'grpc.enable_channelz': 0,
    interceptors: config.token === undefined ? [] : [requireToken(config.token, toStatus)],
  });
  const closing = new AbortController();
  for (const { service, handlers } of createServices(protocol, toStatus, rooms, folder, closing.signal)) {
    server.addService(keepMalformed(service), handlers);
  }

  const injector = createInjector(server, credentials, config.tls);
  manageWindows(server, log);
  const listener = await openListener(address, (socket) => injector.injectConnection(socket));
  const served = formatAddress(listener.address);
  log.info('Serving', { address: served, tls: config.tls !== undefined, token: config.token !== undefined });

  const drain = async (graceMs: number): Promise<void> => {
    closing.abort();
    listener.stop();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    server.forceShutdown();
    listener.destroyConnections();
  };
  return { address: served, drain, close: () => drain(0) };
}

function createServices(
  protocol: ReturnType<typeof loadProtocol>,
  toStatus: ReturnType<typeof createToStatus>,
  rooms: Rooms,
  folder: string,
  closing: AbortSignal,
): { service: ServiceDefinition; handlers: UntypedServiceImplementation }[] {
  const { voxhost, grpc } = protocol;
  const calls = createCalls(toStatus);
  const secret = randomBytes(32);
  const index = indexDescriptors(readDescriptorSet());
  const reflection = createReflectionService(calls, index);
  return [
    { service: voxhost.v1.HostService.service, handlers: createHostService(calls, rooms) },
    { service: voxhost.v1.WorkflowService.service, handlers: createWorkflowService(calls, rooms, { folder, secret }) },
    { service: voxhost.v1.VolumeService.service, handlers: createVolumeService(calls, rooms) },
    { service: voxhost.v1.RunService.service, handlers: createRunService(calls, rooms, secret) },
    {
      service: grpc.health.v1.Health.service,
      handlers: createHealthService(calls, rooms.catalog, index.services, closing),
    },
    { service: grpc.reflection.v1.ServerReflection.service, handlers: reflection },
    { service: grpc.reflection.v1alpha.ServerReflection.service, handlers: reflection },
  ];
}

async function readCredentials(tls: HostConfig['tls']): Promise<ServerCredentials> {
  if (!tls) return ServerCredentials.createInsecure();
  const read = (file: string): Promise<Buffer> =>
    readFile(file).catch((error: Error) => {
      throw new FailedPrecondition('UNREADABLE_CERTIFICATE', `${file} cannot be read: ${error.message}.`, { file });
    });
  const [certificate, key] = await Promise.all([read(tls.certFile), read(tls.keyFile)]);
  return ServerCredentials.createSsl(null, [{ cert_chain: certificate, private_key: key }]);
}

/** Connections are handed over by our own listener (listen.ts), which explains what bindAsync only reports. */
function createInjector(server: Server, credentials: ServerCredentials, tls: HostConfig['tls']): ConnectionInjector {
  try {
    return server.createConnectionInjector(credentials);
  } catch (error) {
    const files = `${tls?.certFile} and ${tls?.keyFile}`;
    throw new FailedPrecondition(
      'BAD_CERTIFICATE',
      `${files} are not a certificate and its key in PEM: ${(error as Error).message}.`,
      { files },
    );
  }
}

type ConnectionInjector = ReturnType<Server['createConnectionInjector']>;
