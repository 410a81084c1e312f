// The process of a workflow comes back after a crash, leaves memory when told to, and ends when its workflow does.
import test, { type ExecutionContext } from 'ava';
import { VoxhostError } from '../../server/errors.js';
import { createLoadSlots } from '../../server/runners/load-slots.js';
import { createModelMemory } from '../../server/runners/model-memory.js';
import { Supervisor, type SupervisorState } from '../../server/runners/supervisor.js';
import { createGate } from '../fixtures/gate.js';
import type { Script, ScriptStep } from '../fixtures/script.js';
import { createFolder, isAlive, recordLog, SCRIPTED_RUNNER, writeScript } from '../fixtures/scripted-bundle.js';

const crash: ScriptStep = { kill: 'SIGSEGV' };

async function supervise(t: ExecutionContext, script: Omit<Script, 'countFolder'>) {
  const bundleFolder = await createFolder(t);
  await writeScript(bundleFolder, script);
  const { log, lines } = recordLog();
  const waits: number[] = [];
  const watchers = new Set<() => void>();
  const supervisor = new Supervisor({
    workflow: 'scripted',
    bundleFolder,
    device: 'cpu',
    threads: 1,
    cancelGraceMs: 1,
    module: SCRIPTED_RUNNER,
    backoffMs: (crashes) => {
      waits.push(crashes);
      return 0;
    },
    slots: createLoadSlots(1),
    memory: createModelMemory(1e9, log),
    log,
    onChange: () => {
      for (const watcher of watchers) watcher();
    },
  });
  t.teardown(() => supervisor.close());
  const pids = (): number[] =>
    lines.filter((line) => line.message === 'runner started').map((line) => line.fields['pid'] as number);
  /** Resolves when it is in that state after so many processes, now or later. */
  const reaches = (state: SupervisorState, processes: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (supervisor.state !== state || pids().length !== processes) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  const run = async (signal = new AbortController().signal): Promise<unknown> => {
    const use = supervisor.take();
    try {
      return await use.run(
        { run: 'r', inputs: {}, parameters: {}, outputFolder: bundleFolder },
        { onProgress: () => {}, onOutput: () => {} },
        signal,
      );
    } finally {
      use.release();
    }
  };
  return { supervisor, reaches, pids, run, waits };
}

test.serial('a process that is killed while idle is replaced by itself', async (t) => {
  const { supervisor, reaches, pids, waits } = await supervise(t, {});
  await supervisor.warm();
  process.kill(pids()[0]!, 'SIGKILL');
  await reaches('idle', 2);
  t.deepEqual(waits, [1]);
  t.true(isAlive(pids()[1]!));
});

test.serial(
  'processes that crash while loading are tried three times, each after a longer wait, then it has failed',
  async (t) => {
    const { supervisor, pids, waits } = await supervise(t, { loads: [[crash]] });
    const error = await t.throwsAsync(supervisor.warm(), { instanceOf: VoxhostError });
    t.is((error as VoxhostError).reason, 'RUNNER_CRASHED');
    t.is(supervisor.state, 'failed');
    t.is(supervisor.failure, error as VoxhostError);
    t.is(pids().length, 3);
    t.deepEqual(waits, [1, 2]);
    t.is(await t.throwsAsync(supervisor.warm()), error, 'and is not tried again by itself');
    t.is(pids().length, 3);
  },
);

test.serial('a crash while loading that passes is not noticed outside', async (t) => {
  const { supervisor, pids } = await supervise(t, { loads: [[crash], []] });
  await supervisor.warm();
  t.is(supervisor.state, 'idle');
  t.is(pids().length, 2);
});

test.serial('a bundle that cannot run is tried once', async (t) => {
  const error = { code: 'FAILED_PRECONDITION', reason: 'UNSUPPORTED', message: 'no', metadata: {} };
  const { supervisor, pids } = await supervise(t, { loads: [[{ say: { type: 'load-failed', error, attempts: [] } }]] });
  await t.throwsAsync(supervisor.warm(), { message: 'no' });
  t.is(supervisor.state, 'failed');
  t.is(pids().length, 1);
});

test.serial(
  'a model that crashes in every run is brought back three times, then only when it is asked for',
  async (t) => {
    const { supervisor, reaches, run, waits } = await supervise(t, { runs: [[crash]] });
    await supervisor.warm();
    for (let crashes = 1; crashes <= 4; crashes += 1) {
      await t.throwsAsync(run(), { instanceOf: VoxhostError });
      if (crashes <= 3) await reaches('idle', crashes + 1);
    }
    await reaches('cold', 4);
    await supervisor.warm();
    t.is(supervisor.state, 'idle');
    t.deepEqual(waits, [1, 2, 3, 4], 'the wait grows with each crash in a row');
  },
);

test.serial('a run that succeeds ends the row of crashes', async (t) => {
  const { supervisor, reaches, run, waits } = await supervise(t, { runs: [[crash], [], [crash]] });
  await supervisor.warm();
  await t.throwsAsync(run());
  await reaches('idle', 2);
  await run();
  await t.throwsAsync(run());
  await reaches('idle', 3);
  t.deepEqual(waits, [1, 1]);
});

test.serial(
  'a process that was killed since it would not stop is replaced at once, and that is no crash',
  async (t) => {
    const gate = await createGate(t);
    const { supervisor, reaches, run, waits } = await supervise(t, {
      runs: [[{ gate: gate.port }, { hang: true }]],
    });
    await supervisor.warm();
    const cancelling = new AbortController();
    const running = run(cancelling.signal);
    await gate.arrival();
    cancelling.abort();
    await t.throwsAsync(running, { instanceOf: VoxhostError, message: /stopped/ });
    await reaches('idle', 2);
    t.deepEqual(waits, []);
  },
);

test.serial('a model that is put out of memory is a process less, and comes back when it is asked for', async (t) => {
  const { supervisor, pids, run } = await supervise(t, {});
  await supervisor.warm();
  await supervisor.evict();
  t.is(supervisor.state, 'cold');
  t.false(isAlive(pids()[0]!));
  await supervisor.warm();
  await run();
  t.is(pids().length, 2);
});

test.serial('asked twice while it is loaded, it is loaded once', async (t) => {
  const { supervisor, pids } = await supervise(t, {});
  await Promise.all([supervisor.warm(), supervisor.warm()]);
  t.is(pids().length, 1);
});

test.serial('closed while loading: the load is rejected, the process gone', async (t) => {
  const gate = await createGate(t);
  const { supervisor } = await supervise(t, { loads: [[{ gate: gate.port }]] });
  const warming = supervisor.warm();
  const pid = await gate.arrival();
  const closing = supervisor.close();
  t.is(((await t.throwsAsync(warming)) as VoxhostError).code, 'CANCELLED');
  await closing;
  t.false(isAlive(pid));
  await t.throwsAsync(supervisor.warm(), { message: /taken away/ });
});

test.serial('a version that retires lets the run that uses it end first', async (t) => {
  const gate = await createGate(t);
  const { supervisor, run } = await supervise(t, { runs: [[{ gate: gate.port }]] });
  await supervisor.warm();
  const running = run();
  const pid = await gate.arrival();
  const retiring = supervisor.retire();
  t.true(isAlive(pid));
  gate.open();
  await t.notThrowsAsync(running);
  await retiring;
  t.false(isAlive(pid));
  t.is(supervisor.state, 'closed');
});
