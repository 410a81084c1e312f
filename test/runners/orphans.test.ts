// However the host ends, its runners end with it.
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { silentLog } from '../../server/log.js';
import { Runner } from '../../server/runners/runner.js';
import { runnerModule } from '../../server/runners/spawn-runner.js';
import { identityModel, sleepyModel } from '../fixtures/onnx/models.js';
import { writeTinyBundle } from '../fixtures/onnx/tiny-bundle.js';
import { createFolder, isAlive, SMALL_HEADER, whenDead } from '../fixtures/scripted-bundle.js';

async function startFront(t: ExecutionContext): Promise<ChildProcess> {
  const folder = await createFolder(t);
  await writeTinyBundle(folder, { model: sleepyModel() });
  const file = join(folder, 'image.raw');
  await writeFile(file, Buffer.alloc(24, 200));
  const front = fork(new URL('front-process.ts', import.meta.url), [folder, file], { execArgv: ['--import=tsx'] });
  t.teardown(() => front.kill('SIGKILL'));
  return front;
}

/** Resolves with the runner's id when it does that. */
async function whenDoing(front: ChildProcess, what: string): Promise<number> {
  for await (const [{ pid, doing }] of on(front, 'message')) if (doing === what) return pid;
  throw new Error('the front said no more');
}

for (const doing of ['idle', 'network']) {
  test.serial(
    `SIGKILL of the host ends a runner that is ${doing === 'idle' ? 'idle' : 'in the middle of a pass'}`,
    async (t) => {
      const front = await startFront(t);
      const pid = await whenDoing(front, doing);
      t.true(isAlive(pid));
      front.kill('SIGKILL');
      await whenDead(pid);
    },
  );
}

test.serial('Ctrl-C and a service manager’s stop reach the runner too, and it goes on: the host drains', async (t) => {
  const bundleFolder = await createFolder(t);
  await writeTinyBundle(bundleFolder, { model: identityModel() });
  const file = join(bundleFolder, 'image.raw');
  await writeFile(file, Buffer.alloc(24, 1));
  const runner = new Runner({ workflow: 'model', module: runnerModule(), cancelGraceMs: 1, log: silentLog });
  t.teardown(() => runner.kill());
  const load = { bundleFolder, device: 'cpu', threads: 1 };
  await runner.load(load, { onDescribed: () => {}, onAttempts: () => {} });
  process.kill(runner.pid!, 'SIGINT');
  process.kill(runner.pid!, 'SIGTERM');
  const outputs: string[] = [];
  const job = {
    run: 'r',
    inputs: { image: { file, header: SMALL_HEADER } },
    parameters: {},
    outputFolder: bundleFolder,
  };
  const listener = { onProgress: () => {}, onOutput: ({ name }: { name: string }) => outputs.push(name) };
  await runner.run(job, listener, new AbortController().signal);
  t.deepEqual(outputs, ['pred']);
});
