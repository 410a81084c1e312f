// Where the host listens: `host:port` or `unix:/path`, taken apart.
import { InvalidArgument } from '../errors.js';

export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  /** `host` without the brackets of IPv6; port 0 lets the system choose. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** Takes an address apart. @throws InvalidArgument */
export function parseAddress(text: string): Address {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length).replace(/^\/\/\//, '/');
    if (path === '') throw wrong(text);
    return { kind: 'unix', path };
  }
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) throw wrong(text);
  return { kind: 'tcp', host: match[1] ?? match[2] ?? '', port };
}

/** An address as a person and a gRPC client write it. */
export function formatAddress(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

function wrong(text: string): InvalidArgument {
  return new InvalidArgument('--address', text, 'HOST:PORT with a port of 0 to 65535, or unix:PATH', {
    remedy: 'IPv6 takes brackets: [::1]:50151.',
  });
}
