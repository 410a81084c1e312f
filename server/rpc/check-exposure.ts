// Who can reach an address, and whether the host may listen there. Pure.
import { BlockList, isIP } from 'node:net';
import type { HostConfig } from '../config.js';
import { FailedPrecondition } from '../errors.js';
import { type Address, formatAddress, parseAddress } from './address.js';

/** True when only this machine can reach the IP address: 127.0.0.0/8, ::1, and 127.0.0.0/8 written as IPv6. */
export function isLoopback(ip: string): boolean {
  const family = isIP(ip);
  if (family === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(ip, family === 6 ? 'ipv6' : 'ipv4');
}

/** True when only this machine can reach the address. A name other than localhost may lead anywhere. */
export function isLocal(address: Address): boolean {
  if (address.kind === 'unix') return true;
  return isLoopback(address.host) || /^(.+\.)?localhost\.?$/i.test(address.host);
}

/**
 * Lets the host listen where only this machine can reach it, or with TLS and a token, or when told to be insecure.
 * @throws InvalidArgument when the address is not one; FailedPrecondition when it is open to others.
 */
export function checkExposure(config: Pick<HostConfig, 'address' | 'tls' | 'token' | 'insecure'>): void {
  const address = parseAddress(config.address);
  if (isLocal(address) || config.insecure || (config.tls && config.token !== undefined)) return;
  const missing = [
    ...(config.tls ? [] : ['TLS (--tls-cert FILE --tls-key FILE)']),
    ...(config.token === undefined ? ['a token (--token-file FILE)'] : []),
  ];
  throw new FailedPrecondition(
    'EXPOSED_ADDRESS',
    `${formatAddress(address)} can be reached from other machines. It needs ${missing.join(' and ')}. ` +
      'Or listen on 127.0.0.1, or say --insecure to serve everybody who can reach it.',
    { address: config.address },
  );
}
