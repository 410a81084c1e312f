// Whether the front stays awake: health, asked every 10 ms, while a model computes and four uploads stream.
// node --import=tsx benchmarks/health-under-load.ts [seconds]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readImageFile } from '../clients/typescript/index.js';
import { median, percentile, reportFigure, round } from './figures.js';
import { HEAD_MRI, startHostProcess, waitUntilReady } from './host-process.js';

const seconds = Number(process.argv[2] ?? 20);
const host = await startHostProcess();
await waitUntilReady(host.client);
const volume = await host.client.upload(await readImageFile(HEAD_MRI));

async function probe(durationMs: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const start = performance.now();
    await host.client.health();
    times.push(performance.now() - start);
    await pause(10);
  }
  return times;
}

await probe(1000);
const idle = await probe(3000);
const load = fork(fileURLToPath(new URL('upload-forever.ts', import.meta.url)), [host.address], {
  execArgv: ['--import=tsx'],
});
let uploadedBytes = 0;
load.on('message', (message: { uploadedBytes: number }) => {
  uploadedBytes += message.uploadedBytes;
});
await once(load, 'message');
let isOver = false;
let runs = 0;
const running = (async () => {
  while (!isOver) {
    await host.client.run('brain_extraction_mri', { image: volume });
    runs += 1;
  }
})();
await pause(500);
uploadedBytes = 0;
const times = await probe(seconds * 1000);
const uploaded = uploadedBytes / 2 ** 20 / seconds;
isOver = true;
load.disconnect();
await running;
await host.stop();

reportFigure(
  'Health while a model runs and 4 uploads stream, 99 of 100',
  percentile(times, 99),
  { atMost: 20 },
  ' ms',
  `half within ${round(median(times))} ms, the longest ${round(Math.max(...times))} ms, ${times.length} calls; idle 99 of 100 within ${round(percentile(idle, 99))} ms; meanwhile ${round(uploaded)} MiB/s came in and ${runs} runs ended`,
);
