// Where a host listens, as people write it and as gRPC wants it. Pure.
import { InvalidArgument } from '../../server/errors.js';

/** Where `voxhost serve` listens unless told otherwise. */
export const DEFAULT_ADDRESS = '127.0.0.1:50151';
const DEFAULT_PORT = 50151;

/** `host:port`, `host`, `[::1]:port` or `unix:/path`, as gRPC wants it. @throws InvalidArgument */
export function parseAddress(address: string): { target: string; isLocal: boolean } {
  if (/^unix:.+/.test(address)) return { target: address, isLocal: true };
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(address);
  const port = Number(match?.[2] ?? DEFAULT_PORT);
  if (!match || port < 1 || port > 65535) {
    throw new InvalidArgument('address', address, `host:port or unix:/path, such as ${DEFAULT_ADDRESS}`);
  }
  const name = match[1]!;
  const isLocal = name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
  return { target: `${name}:${port}`, isLocal };
}
