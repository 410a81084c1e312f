// The connection to a host: address, credentials, channel options, the four service clients.
import { readFileSync } from 'node:fs';
import { type ChannelCredentials, type ChannelOptions, credentials, Metadata } from '@grpc/grpc-js';
import { loadProtocol } from '../../proto/protocol.js';
import { InvalidArgument } from '../../server/errors.js';
import { parseAddress } from './address.js';

export type Protocol = ReturnType<typeof loadProtocol>;

/** The parsed protocol, once a process: parsing takes a tenth of a second and always gives the same. */
const getProtocol = (() => {
  let parsed: Protocol | undefined;
  return () => {
    parsed ??= loadProtocol();
    return parsed;
  };
})();

/** How to reach a host. */
export interface ConnectOptions {
  /** The bearer token, if the host asks for one. */
  readonly token?: string | undefined;
  /** TLS: `true` trusts the system's authorities. */
  readonly tls?:
    | boolean
    | { readonly caFile?: string | undefined; readonly serverName?: string | undefined }
    | undefined;
  /** Sends a token without TLS to another machine: only on a network that nobody else can read. */
  readonly insecure?: boolean | undefined;
  /** How long connecting may take; 5,000 when not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A connection with what each call needs. */
export interface Channel {
  readonly address: string;
  /** True for this machine: no compression, no proxy. */
  readonly isLocal: boolean;
  readonly protocol: Protocol;
  /** Headers of every call: the token. */
  readonly metadata: Metadata;
  readonly host: InstanceType<Protocol['voxhost']['v1']['HostService']>;
  readonly workflows: InstanceType<Protocol['voxhost']['v1']['WorkflowService']>;
  readonly volumes: InstanceType<Protocol['voxhost']['v1']['VolumeService']>;
  readonly runs: InstanceType<Protocol['voxhost']['v1']['RunService']>;
  readonly health: InstanceType<Protocol['grpc']['health']['v1']['Health']>;
  close(): void;
}

/** Opens a channel; the connection itself is made by the first call. @throws InvalidArgument */
export function openChannel(address: string, options: ConnectOptions): Channel {
  const { target, isLocal } = parseAddress(address);
  if (options.token && !options.tls && !isLocal && !options.insecure) {
    throw new InvalidArgument('tls', undefined, 'TLS beside a token: it would cross the network readable', {
      remedy: 'Give the authority (tls.caFile), or say insecure in as many words.',
    });
  }
  const metadata = new Metadata();
  if (options.token) metadata.set('authorization', `Bearer ${options.token}`);
  const protocol = getProtocol();
  const { HostService, WorkflowService, VolumeService, RunService } = protocol.voxhost.v1;
  const channelCredentials = createCredentials(options);
  const channelOptions = createOptions(options, isLocal);
  const host = new HostService(target, channelCredentials, channelOptions);
  const shared = { ...channelOptions, channelOverride: host.getChannel() };
  return {
    address,
    isLocal,
    protocol,
    metadata,
    host,
    workflows: new WorkflowService(target, channelCredentials, shared),
    volumes: new VolumeService(target, channelCredentials, shared),
    runs: new RunService(target, channelCredentials, shared),
    health: new protocol.grpc.health.v1.Health(target, channelCredentials, shared),
    close: () => host.close(),
  };
}

function createCredentials({ tls }: ConnectOptions): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const caFile = tls === true ? undefined : tls.caFile;
  return credentials.createSsl(caFile === undefined ? null : readAuthority(caFile));
}

function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InvalidArgument('tls.caFile', file, `a file that can be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function createOptions({ tls }: ConnectOptions, isLocal: boolean): ChannelOptions {
  return {
    // Large windows: at 20 ms round trip the default of 64 KiB holds a download to 2 MB/s.
    'grpc-node.flow_control_window': 16 * 2 ** 20,
    'grpc.max_receive_message_length': 16 * 2 ** 20,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 5_000,
    // Each connection is its own: closing one leaves others in this process alone.
    'grpc.use_local_subchannel_pool': 1,
    ...(isLocal ? { 'grpc.enable_http_proxy': 0 } : {}),
    ...(typeof tls === 'object' && tls.serverName ? { 'grpc.ssl_target_name_override': tls.serverName } : {}),
  };
}
