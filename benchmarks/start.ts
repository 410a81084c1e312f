// From the start of the process to serving health, and to both example bundles warm.
// node --import=tsx benchmarks/start.ts [rounds]
import { median, reportFigure, round } from './figures.js';
import { startHostProcess, waitUntilReady } from './host-process.js';

const rounds = Number(process.argv[2] ?? 7);
const [listening, serving, warm]: [number[], number[], number[]] = [[], [], []];
for (let count = 0; count < rounds; count++) {
  const host = await startHostProcess();
  listening.push(host.listeningMs);
  const health = await host.client.health();
  if (health !== 'serving') throw new Error(`health answers ${health}`);
  serving.push(performance.now() - host.startedMs);
  await waitUntilReady(host.client);
  warm.push(performance.now() - host.startedMs);
  await host.stop();
}
reportFigure(
  'Process start to serving health',
  median(serving) / 1000,
  { atMost: 1 },
  ' s',
  `it listens after ${round(median(listening))} ms; median of ${rounds}, connecting included`,
);
reportFigure(
  'Process start to both bundles warm',
  median(warm) / 1000,
  { atMost: 3 },
  ' s',
  `${round(Math.min(...warm))} to ${round(Math.max(...warm))} ms in ${rounds} starts`,
);
