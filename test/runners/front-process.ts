// A front that a test can kill: starts a runner on a bundle, says its id, runs it, and says when the network works.
import { join } from 'node:path';
import { silentLog } from '../../server/log.js';
import { Runner } from '../../server/runners/runner.js';
import { runnerModule } from '../../server/runners/spawn-runner.js';
import { SMALL_HEADER } from '../fixtures/scripted-bundle.js';

const [bundleFolder = '', file = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const runner = new Runner({ workflow: 'orphan', module: runnerModule(), cancelGraceMs: 1, log: silentLog });
  const listener = { onDescribed: () => {}, onAttempts: () => {} };
  await runner.load({ bundleFolder, device: 'cpu', threads: 1 }, listener);
  process.send?.({ pid: runner.pid, doing: 'idle' });
  await runner.run(
    { run: 'r', inputs: { image: { file, header: SMALL_HEADER } }, parameters: {}, outputFolder: join(bundleFolder) },
    { onProgress: ({ stage }) => process.send?.({ pid: runner.pid, doing: stage }), onOutput: () => {} },
    new AbortController().signal,
  );
}

if (process.send) void main();
