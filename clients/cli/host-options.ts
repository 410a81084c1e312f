// The global options: which host, with which token, over TLS or not.
import { readFileSync } from 'node:fs';
import { InvalidArgument } from '../../server/errors.js';
import { DEFAULT_ADDRESS } from '../typescript/address.js';
import type { ConnectOptions, Host } from '../typescript/index.js';

/** As commander gives them, over all levels. */
export interface GlobalOptions {
  readonly host?: string;
  readonly tokenFile?: string;
  readonly tlsCa?: string;
  readonly json?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The host that a command line means. `isExplicit`: it was named, so no other may stand in for it. Unnamed, it is where
 * `voxhost serve` would listen on this machine.
 */
export function hostAddress(
  options: GlobalOptions,
  env: Environment = process.env,
): { address: string; isExplicit: boolean } {
  const named = options.host ?? env['VOXHOST_HOST'];
  if (named !== undefined) return { address: named, isExplicit: true };
  const own = env['VOXHOST_ADDRESS'] ?? DEFAULT_ADDRESS;
  // A host that listens on every interface is reached on this machine's own.
  return { address: own.replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:'), isExplicit: false };
}

/** Token and TLS. @throws InvalidArgument when the token's file cannot be read or is empty. */
export function connectOptions(options: GlobalOptions, env: Environment = process.env): ConnectOptions {
  const tokenFile = options.tokenFile ?? env['VOXHOST_TOKEN_FILE'];
  const token = tokenFile === undefined ? env['VOXHOST_TOKEN'] : readToken(tokenFile);
  const ca = options.tlsCa ?? env['VOXHOST_TLS_CA'];
  return {
    ...(token ? { token } : {}),
    ...(ca === undefined ? {} : { tls: ca === 'system' ? true : { caFile: ca } }),
  };
}

/** Connects, hands the host to `use`, and closes the connection whatever happens. */
export async function withHost<T>(options: GlobalOptions, use: (host: Host) => Promise<T>): Promise<T> {
  const { address, isExplicit } = hostAddress(options);
  // Loaded here, so that help and mistakes do not wait for gRPC.
  const { connect } = await import('../typescript/index.js');
  const host = await connect(address, connectOptions(options)).catch((error: unknown) => {
    throw isExplicit ? error : withHint(error, address);
  });
  try {
    return await use(host);
  } finally {
    host.close();
  }
}

function withHint(error: unknown, address: string): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'UNAVAILABLE') {
    error.message = `No host is running at ${address}. Start one with \`voxhost serve\`, or name another with --host.`;
  }
  return error;
}

function readToken(file: string): string {
  let token = '';
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new InvalidArgument(
      '--token-file',
      file,
      `a file that can be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  if (token === '') throw new InvalidArgument('--token-file', file, 'a file with a token in it');
  return token;
}
