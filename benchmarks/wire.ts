// How fast volumes come in over gRPC, and what that costs the front process: the host beside a bare grpc-js server that
// throws the same stream away. Ratios, in one run.
// make build && node --import=tsx benchmarks/wire.ts [MiB of the local upload]
import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { credentials } from '@grpc/grpc-js';
import type { WriteVolumeRequest } from '../proto/generated/voxhost/v1/WriteVolumeRequest.js';
import { loadProtocol } from '../proto/protocol.js';
import { openDelayingProxy } from '../test/fixtures/delaying-proxy.js';
import { median, reportFigure, round } from './figures.js';

const MIB = 2 ** 20;
const CHUNK_BYTES = MIB / 2;
const ROUND_TRIP_MS = 20;
const ROUNDS = 3;
const { voxhost } = loadProtocol();

async function startServer(kind: 'host' | 'nothing') {
  const child = fork(fileURLToPath(new URL('wire-server.mjs', import.meta.url)), [kind], { execArgv: [] });
  const [{ address }] = (await once(child, 'message')) as [{ address: string }];
  return {
    address,
    async peakMb() {
      child.send('memory');
      const [{ peakMb }] = (await once(child, 'message')) as [{ peakMb: number }];
      return peakMb;
    },
    async stop() {
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

/** Other bytes each time, since the host knows those that it has. */
function* messagesOf(mebibytes: number): Generator<WriteVolumeRequest> {
  const data = randomBytes(CHUNK_BYTES);
  const hash = createHash('sha256');
  const sizeBytes = mebibytes * MIB;
  yield {
    header: {
      header: {
        sizes: [1024, 1024, mebibytes],
        componentType: 'COMPONENT_TYPE_UINT8',
        indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      },
    },
  };
  for (let at = 0; at < sizeBytes; at += CHUNK_BYTES) {
    hash.update(data);
    yield { chunk: { offsetBytes: at, data } };
  }
  yield { finish: { sizeBytes, sha256: hash.digest('hex') } };
}

/** MiB a second, from the first message to the answer. Messages are made before the clock starts. */
async function upload(address: string, mebibytes: number): Promise<number> {
  const client = new voxhost.v1.VolumeService(address, credentials.createInsecure());
  await new Promise<void>((resolve, reject) => {
    client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()));
  });
  const messages = [...messagesOf(mebibytes)];
  const start = performance.now();
  await new Promise<void>((resolve, reject) => {
    const call = client.writeVolume((error) => (error ? reject(error) : resolve()));
    void (async () => {
      for (const message of messages) if (!call.write(message)) await once(call, 'drain');
      call.end();
    })();
  });
  const seconds = (performance.now() - start) / 1000;
  client.close();
  return mebibytes / seconds;
}

const mebibytes = Number(process.argv[2] ?? 2048);
const [host, nothing] = [await startServer('host'), await startServer('nothing')];

const local: { host: number[]; nothing: number[] } = { host: [], nothing: [] };
for (let round = 0; round < ROUNDS; round++) {
  local.nothing.push(await upload(nothing.address, mebibytes));
  local.host.push(await upload(host.address, mebibytes));
}
const [hostMb, nothingMb] = [await host.peakMb(), await nothing.peakMb()];
const localRatio = median(local.host) / median(local.nothing);

const farHost = await openDelayingProxy(host.address, ROUND_TRIP_MS);
const farNothing = await openDelayingProxy(nothing.address, ROUND_TRIP_MS);
const far: { host: number[]; narrow: number[] } = { host: [], narrow: [] };
for (let round = 0; round < ROUNDS; round++) {
  far.narrow.push(await upload(farNothing.address, 16));
  far.host.push(await upload(farHost.address, 512));
}
const farRatio = median(far.host) / median(far.narrow);
await Promise.all([farHost.close(), farNothing.close(), host.stop(), nothing.stop()]);

const details = [local, far].map((sides) =>
  Object.entries(sides)
    .map(([side, rates]) => `${side} ${round(median(rates))} MiB/s`)
    .join(', '),
);
const size = `${round(mebibytes / 1024)} GiB`;
reportFigure(
  `${size} upload: peak memory of the front process`,
  hostMb,
  { atMost: 150 },
  ' MB',
  `bare grpc-js, to nothing: ${round(nothingMb)} MB`,
);
reportFigure(
  `${size} upload: speed against the same grpc-js stream to nothing`,
  localRatio,
  { atLeast: 0.7 },
  ' times as fast',
  `medians of ${ROUNDS}: ${details[0]}`,
);
reportFigure(
  `Upload at ${ROUND_TRIP_MS} ms of round trip against grpc-js's own window`,
  farRatio,
  { atLeast: 50 },
  ' times as fast',
  `medians of ${ROUNDS}: ${details[1]}`,
);

console.log(`
| upload | host | grpc-js to nothing, its own window | ratio |
|---|---|---|---|
| ${mebibytes} MiB, this machine | ${median(local.host).toFixed(0)} MiB/s | ${median(local.nothing).toFixed(0)} MiB/s | ${localRatio.toFixed(2)} |
| ${ROUND_TRIP_MS} ms of round trip | ${median(far.host).toFixed(0)} MiB/s | ${median(far.narrow).toFixed(1)} MiB/s | ${farRatio.toFixed(0)} |
| peak memory of the process | ${hostMb.toFixed(0)} MB | ${nothingMb.toFixed(0)} MB | |`);
