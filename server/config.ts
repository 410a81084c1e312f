// The host's options: from what a person writes to what the rooms take. The only file that reads the environment.
import { readFileSync } from 'node:fs';
import { availableParallelism, homedir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgument } from './errors.js';

/** As a person writes them: flags, or `VOXHOST_…` variables. */
export interface HostOptions {
  readonly address?: string | undefined;
  readonly workflows?: string | undefined;
  readonly data?: string | undefined;
  readonly device?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** A file with the bearer token. */
  readonly tokenFile?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly storeQuotaBytes?: number | undefined;
  readonly modelMemoryBytes?: number | undefined;
  readonly threads?: number | undefined;
  readonly deploy?: boolean | undefined;
}

/** As the rooms take them: complete, with units. */
export interface HostConfig {
  /** `host:port` or `unix:/path`. */
  readonly address: string;
  readonly workflowsFolder: string;
  readonly dataFolder: string;
  readonly device: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** The bearer token, if calls need one. */
  readonly token?: string;
  readonly insecure: boolean;
  readonly storeQuotaBytes: number;
  readonly modelMemoryBytes: number;
  /** Threads of ONNX Runtime in a runner. */
  readonly threads: number;
  readonly allowDeploy: boolean;
  readonly maxChunkBytes: number;
  readonly maxVolumeBytes: number;
  readonly maxBundleBytes: number;
  readonly maxUnpackedBundleBytes: number;
  readonly maxQueuedRuns: number;
  readonly uploadExpiryMs: number;
  /** How long a runner may take to stop between windows before it is killed. */
  readonly cancelGraceMs: number;
  readonly drainMs: number;
}

const GIB = 2 ** 30;

/** The devices that `--device` takes. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml'] as const;

/** Fills in defaults and checks. @throws InvalidArgument */
export function resolveConfig(
  options: HostOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
  readFile: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): HostConfig {
  const tokenFile = options.tokenFile ?? env['VOXHOST_TOKEN_FILE'];
  const token = tokenFile ? readFile(tokenFile).trim() : env['VOXHOST_TOKEN'];
  if (token === '') throw new InvalidArgument('--token-file', '', 'a file with a token in it');
  const certFile = options.tlsCert ?? env['VOXHOST_TLS_CERT'];
  const keyFile = options.tlsKey ?? env['VOXHOST_TLS_KEY'];
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new InvalidArgument(certFile ? '--tls-key' : '--tls-cert', '', 'a file: certificate and key come together');
  }
  const device = options.device ?? env['VOXHOST_DEVICE'] ?? 'auto';
  if (!(DEVICES as readonly string[]).includes(device)) {
    throw new InvalidArgument('--device', device, `one of ${DEVICES.join(', ')}`);
  }
  const data = options.data ?? env['VOXHOST_DATA'] ?? join(homedir(), '.voxhost');
  return {
    address: options.address ?? env['VOXHOST_ADDRESS'] ?? '127.0.0.1:50151',
    workflowsFolder: resolve(options.workflows ?? env['VOXHOST_WORKFLOWS'] ?? join(data, 'workflows')),
    dataFolder: resolve(data),
    device,
    ...(certFile && keyFile ? { tls: { certFile, keyFile } } : {}),
    ...(token === undefined ? {} : { token }),
    insecure: options.insecure ?? false,
    storeQuotaBytes: options.storeQuotaBytes ?? 32 * GIB,
    modelMemoryBytes: options.modelMemoryBytes ?? Math.floor(totalmem() / 2),
    threads: options.threads ?? availableParallelism(),
    allowDeploy: options.deploy ?? true,
    maxChunkBytes: 4 * 2 ** 20 - 64 * 1024,
    maxVolumeBytes: 16 * GIB,
    maxBundleBytes: 8 * GIB,
    maxUnpackedBundleBytes: 16 * GIB,
    maxQueuedRuns: 1000,
    uploadExpiryMs: 60 * 60 * 1000,
    cancelGraceMs: 300,
    drainMs: 30_000,
  };
}
