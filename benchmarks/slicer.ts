// How long Slicer's main thread is held by the module, in an event loop that holds Python's lock as Slicer's does, and
// what that costs the transfer. After `make build`; the Python needs clients/slicer/tests/requirements.txt:
//   VOXHOST_SLICER_PYTHON=… node --import=tsx benchmarks/slicer.ts [rounds]
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median, reportFigure, round } from './figures.js';
import { ROOT, startHostProcess, waitUntilReady } from './host-process.js';

interface Round {
  /** The longest time between two heartbeats when nothing goes on: what other programs on the machine cost. */
  readonly machine_ms: number;
  readonly holds_ms: Readonly<Record<string, number>>;
  readonly placed_big_ms: number;
  readonly bare_s: number;
  readonly transfer_s: number;
}

const python = process.env['VOXHOST_SLICER_PYTHON'];
if (!python) {
  throw new Error(`Needs a Python with slicer-core:
  python3 -m venv .cache/slicer && .cache/slicer/bin/pip install -r clients/slicer/tests/requirements.txt
  VOXHOST_SLICER_PYTHON=.cache/slicer/bin/python node --import=tsx benchmarks/slicer.ts`);
}
const rounds = process.argv[2] ?? '3';
const host = await startHostProcess();
try {
  await waitUntilReady(host.client);
  const script = join(ROOT, 'clients', 'slicer', 'benchmarks', 'main_thread.py');
  const { stdout } = await promisify(execFile)(python, [script, host.address, '512', rounds], { maxBuffer: 2 ** 24 });
  const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as { rounds: readonly Round[]; placed_ms: number[] };
  report(found.rounds, found.placed_ms);
} finally {
  await host.stop();
}

function report(all: readonly Round[], placedMs: readonly number[]): void {
  // Other programs only add: the best round is the nearest to the module's own.
  const longest = all.map(({ holds_ms }) => Math.max(...Object.values(holds_ms)));
  const best = all[longest.indexOf(Math.min(...longest))]!;
  const phases = Object.entries(best.holds_ms).map(([phase, ms]) => `${phase} ${round(ms)}`);
  const noise = `${round(best.machine_ms)} ms with nothing going on; by phase, in ms: ${phases.join(', ')}`;
  reportFigure('Slicer: longest hold of the main thread, 256 MiB', Math.min(...longest), { atMost: 50 }, ' ms', noise);
  const ratio = median(all.map((one) => one.transfer_s / one.bare_s));
  const seconds = all.map((one) => `${round(one.transfer_s)} to ${round(one.bare_s)} s`).join(', ');
  reportFigure('Slicer: transfer beside a bare one', ratio, { atMost: 2 }, ' times as long', seconds);
  const big = `${round(best.placed_big_ms)} ms for 512³`;
  reportFigure('Slicer: a result put into the scene', median(placedMs), { atMost: 200 }, ' ms', `181×217×181; ${big}`);
}
