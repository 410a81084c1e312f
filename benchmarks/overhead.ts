// What the host itself costs: a 64³ volume through a workflow whose network gives back what it gets, beside the same bytes
// through a bare grpc-js server that does nothing with them. The client is as `voxhost` is (docs/decisions/0008).
// node --import=tsx benchmarks/overhead.ts [requests]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { credentials } from '@grpc/grpc-js';
import type { Image } from '../clients/typescript/index.js';
import { loadProtocol } from '../proto/protocol.js';
import { WINDOW_BYTES } from '../server/rpc/windows.js';
import { identityModel } from '../test/fixtures/onnx/models.js';
import { writeTinyBundle } from '../test/fixtures/onnx/tiny-bundle.js';
import { median, percentile, reportFigure, round } from './figures.js';
import { startHostProcess, waitUntilReady } from './host-process.js';

setFlagsFromString('--no-incremental-marking');
const SIZE = 64;
const WARM_UP = 20;
const requests = Number(process.argv[2] ?? 200);
const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
await writeTinyBundle(join(folder, 'identity'), { model: identityModel() });
const host = await startHostProcess(folder);
await waitUntilReady(host.client);
const nothing = fork(fileURLToPath(new URL('wire-server.mjs', import.meta.url)), ['nothing', 'wide'], { execArgv: [] });
const [{ address }] = (await once(nothing, 'message')) as [{ address: string }];
const bare = new (loadProtocol().voxhost.v1.RunService)(address, credentials.createInsecure(), {
  'grpc-node.flow_control_window': WINDOW_BYTES,
});

const voxels = Int16Array.from({ length: SIZE ** 3 }, (_, index) => index * 31);
const image: Image = {
  header: {
    sizes: [SIZE, SIZE, SIZE],
    componentType: 'int16',
    components: 1,
    indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    modality: 'MR',
  },
  voxels: new Uint8Array(voxels.buffer),
};

/** Another image each time, since the host knows those that it has. */
function nextImage(): Image {
  new Int32Array(voxels.buffer, 0, 1)[0]! += 1;
  return image;
}

/** What `Predict` sends and gets, with nobody at work. */
async function predictNothing(): Promise<void> {
  const call = bare.predict();
  call.write({ start: { streamedInputs: ['image'] } });
  call.write({ write: { input: 'image', write: { chunk: { offsetBytes: 0, data: image.voxels } } } });
  call.end();
  let bytes = 0;
  for await (const message of call) bytes += message.read?.read?.chunk?.data.length ?? 0;
  if (bytes !== SIZE ** 3 * 4) throw new Error(`The bare server answered ${bytes} bytes.`);
}

const times: Record<'predict' | 'bare' | 'network' | 'upload' | 'run' | 'download', number[]> = {
  predict: [],
  bare: [],
  network: [],
  upload: [],
  run: [],
  download: [],
};
for (let count = 0; count < requests + WARM_UP; count++) {
  const timed = async <T>(name: keyof typeof times, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    if (count >= WARM_UP) times[name].push(performance.now() - start);
    return result;
  };
  const { run: predicted } = await timed('predict', () => host.client.predict('identity', { image: nextImage() }));
  if (count >= WARM_UP) times.network.push(predicted.timings.find(({ stage }) => stage === 'network')!.durationMs);
  await timed('bare', predictNothing);
  const volume = await timed('upload', () => host.client.upload(nextImage()));
  const run = await timed('run', () => host.client.run('identity', { image: volume }));
  const answer = await timed('download', () => host.client.download(run.outputs[0]!.volume));
  if (answer.voxels.length === 0) throw new Error('An empty answer.');
}
bare.close();
nothing.send('stop');
await host.stop();
await rm(folder, { recursive: true });

const of = (name: keyof typeof times) => `${name} ${round(median(times[name]))} ms`;
const overhead = times.predict.map((whole, index) => whole - times.bare[index]! - times.network[index]!);
reportFigure(
  'Host overhead: 64³ voxels through an identity workflow, median, beyond the bare wire and the network',
  median(overhead),
  { atMost: 10 },
  ' ms',
  `90 % within ${round(percentile(overhead, 90))} ms; \`Predict\` takes ${round(median(times.predict))} ms, the same bytes through a bare grpc-js server ${round(median(times.bare))}, the ${of('network')}; in calls of their own: ${of('upload')}, ${of('run')}, ${of('download')}; ${requests} requests`,
);
