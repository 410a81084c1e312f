// What the host itself costs: a 64³ volume through a workflow whose network gives back what it gets.
// node --import=tsx benchmarks/overhead.ts [requests]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Image } from '../clients/typescript/index.js';
import { identityModel } from '../test/fixtures/onnx/models.js';
import { writeTinyBundle } from '../test/fixtures/onnx/tiny-bundle.js';
import { median, percentile, reportFigure, round } from './figures.js';
import { startHostProcess, waitUntilReady } from './host-process.js';

const SIZE = 64;
const requests = Number(process.argv[2] ?? 200);
const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
await writeTinyBundle(join(folder, 'identity'), { model: identityModel() });
const host = await startHostProcess(folder);
await waitUntilReady(host.client);

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

const parts: Record<'whole' | 'upload' | 'run' | 'download' | 'predict', number[]> = {
  whole: [],
  upload: [],
  run: [],
  download: [],
  predict: [],
};
for (let count = 0; count < requests + 20; count++) {
  const times = [performance.now()];
  const volume = await host.client.upload(nextImage());
  times.push(performance.now());
  const run = await host.client.run('identity', { image: volume });
  times.push(performance.now());
  const answer = await host.client.download(run.outputs[0]!.volume);
  times.push(performance.now());
  if (answer.voxels.length === 0) throw new Error('An empty answer.');
  times.push(performance.now());
  await host.client.predict('identity', { image: nextImage() });
  times.push(performance.now());
  if (count < 20) continue;
  const [start, uploaded, ran, downloaded, again, predicted] = times as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  parts.whole.push(downloaded - start);
  parts.upload.push(uploaded - start);
  parts.run.push(ran - uploaded);
  parts.download.push(downloaded - ran);
  parts.predict.push(predicted - again);
}
await host.stop();
await rm(folder, { recursive: true });

const of = (name: keyof typeof parts) => `${name} ${round(median(parts[name]))} ms`;
reportFigure(
  'Host overhead: 64³ voxels through an identity workflow, median',
  median(parts.whole),
  { atMost: 10 },
  ' ms',
  `90 % within ${round(percentile(parts.whole, 90))} ms; ${of('upload')}, ${of('run')}, ${of('download')}; in one \`Predict\` call ${round(median(parts.predict))} ms; ${requests} requests`,
);
