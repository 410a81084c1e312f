// The host as a whole: options in, a host that serves out. `voxhost serve` and the tests start it here.
import { compose, type Host } from './compose.js';
import { type HostOptions, resolveConfig } from './config.js';
import { createLog, type Log } from './log.js';

/**
 * Starts a host and resolves when it listens; its workflows go on loading.
 * @throws InvalidArgument for an option; FailedPrecondition when the address or the data folder is taken, or the address
 *   is open to others without TLS and token.
 */
export async function startHost(options: HostOptions, log: Log = createLog()): Promise<Host> {
  return compose(resolveConfig(options), log);
}
