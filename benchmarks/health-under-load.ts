// Whether the front stays awake: health, asked again and again while a model computes and four uploads stream, beside a
// bare grpc-js server on the same machine that does nothing else.
// node --import=tsx benchmarks/health-under-load.ts [seconds]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { readImageFile } from '../clients/typescript/index.js';
import { loadProtocol } from '../proto/protocol.js';
import { median, percentile, reportFigure, round } from './figures.js';
import { HEAD_MRI, startHostProcess, waitUntilReady } from './host-process.js';

type Done = (error: Error | null, answer?: unknown) => void;

const seconds = Number(process.argv[2] ?? 40);
const host = await startHostProcess();
await waitUntilReady(host.client);
const volume = await host.client.upload(await readImageFile(HEAD_MRI));

const bareServer = fork(fileURLToPath(new URL('bare-health.mjs', import.meta.url)), [], { execArgv: [] });
const [{ address: bareAddress }] = (await once(bareServer, 'message')) as [{ address: string }];
const bare = new (loadProtocol().grpc.health.v1.Health)(bareAddress, credentials.createInsecure());
const checkBare = promisify(bare.check.bind(bare) as (request: object, done: Done) => void);

async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

/** The host and the bare server in turns. */
async function probe(durationMs: number): Promise<{ host: number[]; bare: number[] }> {
  const times: { host: number[]; bare: number[] } = { host: [], bare: [] };
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    times.host.push(await timed(() => host.client.health()));
    await pause(10);
    times.bare.push(await timed(() => checkBare({})));
    await pause(10);
  }
  return times;
}

await probe(2000);
const idle = await probe(3000);
const load = fork(
  fileURLToPath(new URL('load-forever.ts', import.meta.url)),
  [host.address, 'brain_extraction_mri', volume.name],
  { execArgv: ['--import=tsx'] },
);
const done = { uploadedBytes: 0, runs: 0 };
load.on('message', ({ uploadedBytes = 0, runs = 0 }: Partial<typeof done>) => {
  done.uploadedBytes += uploadedBytes;
  done.runs += runs;
});
await once(load, 'message');
await pause(500);
const before = { ...done };
const times = await probe(seconds * 1000);
const uploaded = (done.uploadedBytes - before.uploadedBytes) / 2 ** 20 / seconds;
const runs = done.runs - before.runs;
load.disconnect();
await once(load, 'exit');
bare.close();
bareServer.disconnect();
await host.stop();

const p99 = percentile(times.host, 99);
const bareP99 = percentile(times.bare, 99);
reportFigure(
  'Health while a model runs and 4 uploads stream, 99 of 100',
  p99,
  { atMost: 20 },
  ' ms',
  `${round(p99 / bareP99)} times that of a bare grpc-js server beside the same load (${round(bareP99)} ms); half within ${round(median(times.host))} ms (bare ${round(median(times.bare))}), the longest ${round(Math.max(...times.host))} ms, ${times.host.length} calls; idle 99 of 100 within ${round(percentile(idle.host, 99))} ms; meanwhile ${round(uploaded)} MiB/s came in and ${runs} runs ended`,
);
