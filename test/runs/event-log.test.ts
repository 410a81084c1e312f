// A run's events: in order, thin, from any point, for many watchers.
import test from 'ava';
import { createEventLog } from '../../server/runs/event-log.js';
import type { RunEvent, RunHappening } from '../../server/runs/run.js';

const never = new AbortController().signal;
const started: RunHappening = { kind: 'started', device: 'cpu' };
const failed: RunHappening = { kind: 'failed', error: { code: 'INTERNAL', reason: 'X', message: 'x', metadata: {} } };
const progress = (stage: string, step: number): RunHappening => ({
  kind: 'progress',
  stage,
  step,
  stepCount: 9,
  fraction: 0,
});
const queued = (position: number): RunHappening => ({ kind: 'queued', position, workflowLoading: false });

async function collect(events: AsyncIterable<RunEvent>): Promise<string[]> {
  const found: string[] = [];
  for await (const event of events) {
    const what = event.kind === 'progress' ? `${event.stage} ${event.step}` : event.kind;
    found.push(`${event.sequence} ${what}`);
  }
  return found;
}

test('a watcher that comes late sees what counts: the last place, each stage once, the end', async (t) => {
  const log = createEventLog('r');
  for (const one of [queued(2), queued(1), started, progress('read', 0)]) log.append(one);
  for (let step = 0; step <= 9; step += 1) log.append(progress('network', step));
  log.append(failed);
  t.deepEqual(await collect(log.watch(0, never)), ['2 queued', '3 started', '4 read 0', '14 network 9', '15 failed']);
});

test('events up to and with the number are left out', async (t) => {
  const log = createEventLog('r');
  for (const one of [queued(0), started, failed]) log.append(one);
  t.deepEqual(await collect(log.watch(2, never)), ['3 failed']);
  t.deepEqual(await collect(log.watch(3, never)), []);
  t.deepEqual(await collect(log.watch(99, never)), []);
});

test('two watchers that keep up see everything, each at its own pace', async (t) => {
  const log = createEventLog('r');
  const slow = log.watch(0, never);
  const quick = collect(log.watch(0, never));
  log.append(queued(0));
  t.is((await slow.next()).value?.kind, 'queued');
  for (let step = 0; step < 3; step += 1) {
    log.append(progress('network', step));
    // Until the quick one waits again.
    await new Promise((resolve) => setImmediate(resolve));
  }
  log.append(failed);
  t.deepEqual(await quick, ['1 queued', '2 network 0', '3 network 1', '4 network 2', '5 failed']);
  t.deepEqual(
    await collect(slow),
    ['4 network 2', '5 failed'],
    'the slow one misses what is stale, and holds up nobody',
  );
});

test('nothing comes after the last event', async (t) => {
  const log = createEventLog('r');
  log.append(failed);
  log.append({ kind: 'cancelled', reason: 'late' });
  log.append(progress('network', 1));
  t.deepEqual(await collect(log.watch(0, never)), ['1 failed']);
});

test('the signal ends a watch that waits, and one that has not begun', async (t) => {
  const log = createEventLog('r');
  const leaving = new AbortController();
  const watching = collect(log.watch(0, leaving.signal));
  log.append(started);
  await new Promise((resolve) => setImmediate(resolve));
  leaving.abort();
  t.deepEqual(await watching, ['1 started']);
  t.deepEqual(await collect(log.watch(0, AbortSignal.abort())), []);
});

test('ten thousand progress messages leave as many entries as there are stages', async (t) => {
  const log = createEventLog('r');
  for (let step = 0; step < 10_000; step += 1) log.append(progress(`stage ${step % 5}`, step));
  log.append(failed);
  t.is((await collect(log.watch(0, never))).length, 6);
});
