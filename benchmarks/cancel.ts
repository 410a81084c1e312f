// How soon the device is free after a cancel: between windows, and by killing a runner that is deep in one long pass.
// node --import=tsx benchmarks/cancel.ts [rounds]
import { type Host, readImageFile, type Volume } from '../clients/typescript/index.js';
import { median, reportFigure, round } from './figures.js';
import { HEAD_MRI, startHostProcess, waitUntilReady } from './host-process.js';

const rounds = Number(process.argv[2] ?? 9);
const host = await startHostProcess();
await waitUntilReady(host.client);
const volume = await host.client.upload(await readImageFile(HEAD_MRI));

/** Milliseconds from the cancel of a run whose network is at work to the start of the next run, of `next`. */
async function cancelAndGoOn(client: Host, workflow: string, next: string, image: Volume): Promise<number> {
  const { name } = await client.createRun(workflow, { image });
  for await (const event of client.watchRun(name)) if (event.kind === 'progress' && event.stage === 'network') break;
  const waiting = await client.createRun(next, { image });
  const started = (async () => {
    for await (const event of client.watchRun(waiting.name)) if (event.kind === 'started') return performance.now();
    throw new Error('The next run never started.');
  })();
  const from = performance.now();
  await client.cancel(name);
  const ms = (await started) - from;
  await client.cancel(waiting.name);
  for await (const _ of client.watchRun(waiting.name));
  await waitUntilReady(client);
  return ms;
}

/** The network's time for one window, by the host's own timings of a whole run. */
async function windowMs(client: Host): Promise<number> {
  let windows = 0;
  const run = await client.run(
    'brain_extraction_mri',
    { image: volume },
    {
      onEvent: (event) => {
        if (event.kind === 'progress' && event.stage === 'network') windows = event.stepCount;
      },
    },
  );
  const network = run.timings.find(({ stage }) => stage === 'network');
  return (network?.durationMs ?? Number.NaN) / windows;
}

const oneWindowMs = await windowMs(host.client);
const between: number[] = [];
const killed: number[] = [];
for (let count = 0; count < rounds; count++) {
  between.push(await cancelAndGoOn(host.client, 'brain_extraction_mri', 'brain_extraction_mri', volume));
  killed.push(await cancelAndGoOn(host.client, 'brain_extraction_deepbet', 'brain_extraction_mri', volume));
}
await host.stop();

reportFigure(
  'Cancel of a run in windows: until the next run computes',
  median(between) / oneWindowMs,
  { atMost: 1 },
  ' windows',
  `${round(median(between))} ms, the longest ${round(Math.max(...between))} ms; a window takes ${round(oneWindowMs)} ms; ${rounds} cancels`,
);
reportFigure(
  'Cancel of a run in one long pass: until the next run computes',
  median(killed),
  { atMost: 500 },
  ' ms',
  `by killing the runner; the longest ${round(Math.max(...killed))} ms; ${rounds} cancels`,
);
