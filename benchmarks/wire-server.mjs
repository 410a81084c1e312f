// The other end of benchmarks/wire.ts and overhead.ts, in a process of its own so that its memory can be told: the whole
// host, or a bare grpc-js server that throws away what it gets and, asked to predict, answers with as many zeros. Says its address when it serves, and its peak memory when asked.
// It runs what the package ships (`make build`): tsx alone would cost it 40 MB.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadProtocol } from '../dist/proto/protocol.js';
import { silentLog } from '../dist/server/log.js';
import { startHost } from '../dist/server/main.js';
import { manageWindows } from '../dist/server/rpc/windows.js';

/** What 64³ voxels of float32 are, in chunks as the host sends them. */
const ANSWER_BYTES = 2 ** 20;
const CHUNK_BYTES = 2 ** 18;

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
  server.addService(loadProtocol().voxhost.v1.RunService.service, {
    Predict(call) {
      call.on('data', () => {});
      call.on('end', () => {
        for (let at = 0; at < ANSWER_BYTES; at += CHUNK_BYTES) {
          call.write({
            read: { output: 'pred', read: { chunk: { offsetBytes: at, data: Buffer.alloc(CHUNK_BYTES) } } },
          });
        }
        call.end();
      });
    },
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  if (process.argv[3] === 'wide') manageWindows(server, silentLog);
  const listener = createServer({ noDelay: true }, (socket) => injector.injectConnection(socket));
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  process.send?.({ address: `127.0.0.1:${listener.address().port}` });
  return async () => {
    listener.close();
    server.forceShutdown();
  };
}

process.on('message', (message) => {
  if (message === 'memory') process.send?.({ peakMb: process.resourceUsage().maxRSS / 1000 });
  if (message === 'stop') {
    void stop()
      .then(() => rm(folder, { recursive: true, force: true }))
      .then(() => process.exit());
  }
});
