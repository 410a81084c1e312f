// Whether a host answers at the address, or one could be started there.
import { createServer } from 'node:net';
import { VoxhostError } from '../../../server/errors.js';
import { type ConnectOptions, connect } from '../../typescript/index.js';
import { bad, type Finding, fine, note } from './findings.js';

/** Asks the address; when nothing answers, tries whether its port is free. */
export async function lookAtAddress(address: string, options: ConnectOptions): Promise<Finding> {
  try {
    const host = await connect(address, options);
    try {
      const { version, uptimeSeconds } = await host.info();
      const workflows = await host.workflows();
      const failed = workflows.filter(({ state }) => state === 'failed').map(({ name }) => name);
      const detail = `a host of version ${version} answers at ${address}, for ${Math.round(uptimeSeconds)} s, with ${workflows.length} workflows`;
      return failed.length > 0
        ? note('host', `${detail}; failed: ${failed.join(', ')}`, 'voxhost ls says why.')
        : fine('host', detail);
    } finally {
      host.close();
    }
  } catch (error) {
    if (!(error instanceof VoxhostError)) throw error;
    if (error.code !== 'UNAVAILABLE' && error.code !== 'UNIMPLEMENTED') {
      return note('host', `${address}: ${error.message}`, 'See voxhost --help for --token-file and --tls-ca.');
    }
    return lookAtPort(address);
  }
}

async function lookAtPort(address: string): Promise<Finding> {
  const match = /^(.*):(\d+)$/.exec(address);
  if (!match || address.startsWith('unix:')) {
    return fine('host', `none answers at ${address}; voxhost serve starts one`);
  }
  const name = match[1]!.replace(/^\[|\]$/g, '');
  const code = await tryToListen(name, Number(match[2]));
  if (code === undefined)
    return fine('host', `none answers at ${address}, and the port is free: voxhost serve starts one`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return note('host', `none answers at ${address}`, 'Is it running there, and does a firewall let us through?');
  }
  return bad(
    'host',
    `another program holds ${address} (${code})`,
    'Take another: voxhost serve --address 127.0.0.1:50152',
  );
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
