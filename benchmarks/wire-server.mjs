// The other end of benchmarks/wire.ts, in a process of its own so that its memory can be told: the whole host, or a bare
// grpc-js server that throws away what it gets. Says its address when it serves, and its peak memory when asked.
// It runs what the package ships (`make build`): tsx alone would cost it 40 MB.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadProtocol } from '../dist/proto/protocol.js';
import { silentLog } from '../dist/server/log.js';
import { startHost } from '../dist/server/main.js';

const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
const stop = process.argv[2] === 'host' ? await serveHost() : await serveNothing();

async function serveHost() {
  const options = { address: '127.0.0.1:0', data: folder, workflows: join(folder, 'workflows') };
  const host = await startHost(options, silentLog);
  process.send?.({ address: host.address });
  return () => host.stop();
}

async function serveNothing() {
  const server = new Server();
  server.addService(loadProtocol().voxhost.v1.VolumeService.service, {
    WriteVolume(call, callback) {
      call.on('data', () => {});
      call.on('end', () => callback(null, {}));
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.send?.({ address: `127.0.0.1:${port}` });
  return async () => server.forceShutdown();
}

process.on('message', (message) => {
  if (message === 'memory') process.send?.({ peakMb: process.resourceUsage().maxRSS / 1000 });
  if (message === 'stop') {
    void stop()
      .then(() => rm(folder, { recursive: true, force: true }))
      .then(() => process.exit());
  }
});
