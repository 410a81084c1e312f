// One runner's process: what is asked of it ends, however the process does.
import { getPriority } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { VoxhostError } from '../../server/errors.js';
import { Runner } from '../../server/runners/runner.js';
import { createGate } from '../fixtures/gate.js';
import type { Script, ScriptStep } from '../fixtures/script.js';
import { createFolder, isAlive, recordLog, SCRIPTED_RUNNER, writeScript } from '../fixtures/scripted-bundle.js';

async function start(t: ExecutionContext, script: Omit<Script, 'countFolder'>, cancelGraceMs = 1) {
  const folder = await createFolder(t);
  await writeScript(folder, script);
  const { log, lines } = recordLog();
  const runner = new Runner({ workflow: 'scripted', module: SCRIPTED_RUNNER, cancelGraceMs, log });
  t.teardown(() => runner.kill());
  const load = () =>
    runner.load({ bundleFolder: folder, device: 'cpu', threads: 1 }, { onDescribed: () => {}, onAttempts: () => {} });
  const run = (signal = new AbortController().signal, onProgress: (stage: string) => void = () => {}) =>
    runner.run(
      { run: 'r1', inputs: {}, parameters: {}, outputFolder: join(folder, 'out') },
      { onProgress: ({ stage }) => onProgress(stage), onOutput: () => {} },
      signal,
    );
  return { runner, load, run, lines };
}

async function failure(t: ExecutionContext, promise: Promise<unknown>): Promise<VoxhostError> {
  const error = await t.throwsAsync(promise, { instanceOf: VoxhostError });
  return error as VoxhostError;
}

test.serial('a runner loads, runs and ends when it is asked to', async (t) => {
  const { runner, load, run } = await start(t, { rssBytes: 4321 });
  const ready = await load();
  t.is(ready.device, 'cpu');
  t.is(runner.rssBytes, 4321);
  const stages: string[] = [];
  const done = await run(undefined, (stage) => stages.push(stage));
  t.deepEqual(done.timings, [{ stage: 'network', durationMs: 5 }]);
  await runner.shutdown();
  t.is(await runner.ended, undefined);
  t.false(isAlive(runner.pid!));
});

test.serial('a runner yields to the host: its priority is lower', async (t) => {
  const { runner, load } = await start(t, {});
  await load();
  // On POSIX, 19 is the lowest there is.
  t.true(getPriority(runner.pid!) > getPriority() || getPriority() >= 5);
});

test.serial('progress and results reach the listener in order', async (t) => {
  const say = (stage: string): ScriptStep => ({ say: { type: 'progress', stage, step: 0, stepCount: 0 } });
  const { load, run } = await start(t, { runs: [[say('read'), say('network'), say('write')]] });
  await load();
  const stages: string[] = [];
  await run(undefined, (stage) => stages.push(stage));
  t.deepEqual(stages, ['read', 'network', 'write']);
});

test.serial('a bundle that cannot run is refused with what the runner says', async (t) => {
  const error = {
    code: 'FAILED_PRECONDITION',
    reason: 'UNSUPPORTED',
    message: 'configs/inference.json: no',
    metadata: {},
  };
  const { load } = await start(t, { loads: [[{ say: { type: 'load-failed', error, attempts: [] } }]] });
  const refused = await failure(t, load());
  t.is(refused.reason, 'UNSUPPORTED');
  t.is(refused.message, 'configs/inference.json: no');
});

for (const [what, step, code, words] of [
  ['SIGKILL, which the kernel sends for want of memory', { kill: 'SIGKILL' }, 'RESOURCE_EXHAUSTED', /memory/],
  ['a segmentation fault', { kill: 'SIGSEGV' }, 'INTERNAL', /signal SIGSEGV.*log/],
  ['an exit of its own', { exit: 3 }, 'INTERNAL', /exit code 3/],
] as const) {
  test.serial(`${what} while loading rejects the load: ${code}`, async (t) => {
    const { runner, load } = await start(t, { loads: [[step]] });
    const error = await failure(t, load());
    t.is(error.reason, 'RUNNER_CRASHED');
    t.is(error.code, code);
    t.regex(error.message, words);
    t.regex(error.message, /loading its model/);
    t.is(await runner.ended, error);
  });

  test.serial(`${what} during a run rejects the run: ${code}`, async (t) => {
    const progress = { say: { type: 'progress', stage: 'network', step: 1, stepCount: 9 } };
    const { load, run } = await start(t, { runs: [[progress, step]] });
    await load();
    const error = await failure(t, run());
    t.is(error.reason, 'RUNNER_CRASHED');
    t.is(error.code, code);
    t.regex(error.message, /run r1, stage network/);
  });
}

test.serial('V8 out of memory is told apart by the last words', async (t) => {
  const print = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n';
  const { load, run, lines } = await start(t, { runs: [[{ print }, { kill: 'SIGABRT' }]] });
  await load();
  const error = await failure(t, run());
  t.is(error.code, 'RESOURCE_EXHAUSTED');
  t.is(error.metadata['outOfMemory'], 'true');
  const crash = lines.find((line) => line.message === 'runner crashed');
  t.deepEqual(crash?.fields['lastWords'], [print.trim()]);
});

test.serial('a process that is killed while idle fails the next run with its crash', async (t) => {
  const { runner, load, run } = await start(t, {});
  await load();
  process.kill(runner.pid!, 'SIGKILL');
  const crash = await runner.ended;
  t.regex(crash!.message, /while idle/);
  t.is(await failure(t, run()), crash!);
});

test.serial('cancel: the runner stops by itself and lives on', async (t) => {
  const gate = await createGate(t);
  const { runner, load, run } = await start(t, { runs: [[{ gate: gate.port }, { awaitCancel: true }], []] }, 60_000);
  await load();
  const cancelling = new AbortController();
  const running = run(cancelling.signal);
  await gate.arrival();
  gate.open();
  cancelling.abort();
  t.is((await failure(t, running)).code, 'CANCELLED');
  await run();
  await runner.shutdown();
  t.is(await runner.ended, undefined);
});

test.serial('cancel: a runner that does not stop within the grace is killed', async (t) => {
  const gate = await createGate(t);
  const { runner, load, run } = await start(t, { runs: [[{ gate: gate.port }, { hang: true }]] });
  await load();
  const cancelling = new AbortController();
  const running = run(cancelling.signal);
  const pid = await gate.arrival();
  cancelling.abort();
  t.is((await failure(t, running)).code, 'CANCELLED');
  t.is(await runner.ended, undefined, 'ended on purpose: not a crash');
  t.false(isAlive(pid));
});

test.serial('a run whose signal is aborted already does not begin', async (t) => {
  const { load, run } = await start(t, { runs: [[{ exit: 1 }]] });
  await load();
  t.is((await failure(t, run(AbortSignal.abort()))).code, 'CANCELLED');
});

for (const [what, message] of [
  ['a text', 'ready'],
  ['no type', { step: 1 }],
  ['an unknown type', { type: 'constructor' }],
  ['a field that is missing', { type: 'output', run: 'r1', name: 'pred' }],
  ['a number that is none', { type: 'progress', run: 'r1', stage: 'network', step: '1', stepCount: 2 }],
  [
    'an answer to something not asked',
    { type: 'ready', device: 'cpu', attempts: [], loadMs: 1, warmupMs: 1, rssBytes: 1 },
  ],
] as const) {
  test.serial(`a message that is none (${what}) ends the process and fails the run`, async (t) => {
    const step = typeof message === 'string' ? { say: [message] } : { say: message };
    const { runner, load, run } = await start(t, { runs: [[step, { hang: true }]] });
    await load();
    const error = await failure(t, run());
    t.is(error.reason, 'RUNNER_CRASHED');
    t.regex(error.message, /bug of the host/);
    t.is(await runner.ended, error);
  });
}

test.serial('what a process prints goes to the log under the name of its workflow, and not without end', async (t) => {
  const print = `${'x'.repeat(5000)}\n${'line\n'.repeat(5000)}`;
  const { runner, load, lines } = await start(t, { loads: [[{ print }]] });
  await load();
  await runner.shutdown();
  const said = lines.filter((line) => line.message === 'runner says');
  t.true(said.length > 1 && said.length < 500, `${said.length} lines`);
  t.true(said.every((line) => line.fields['workflow'] === 'scripted'));
  t.true(said.every((line) => String(line.fields['line']).length <= 1000));
  t.true(said.some((line) => /lines left out/.test(String(line.fields['line']))));
});

test.serial('a module that is not there fails the load, and the message says what to do', async (t) => {
  const { log } = recordLog();
  const module = new URL('not-there.js', import.meta.url);
  const runner = new Runner({ workflow: 'none', module, cancelGraceMs: 20, log });
  const load = runner.load(
    { bundleFolder: '.', device: 'cpu', threads: 1 },
    { onDescribed: () => {}, onAttempts: () => {} },
  );
  t.is((await failure(t, load)).reason, 'RUNNER_CRASHED');
});
