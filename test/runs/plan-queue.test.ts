// Who starts next, who waits for what, who stands where.
import test, { type ExecutionContext } from 'ava';
import type { Readiness } from '../../server/runners/runner-pool.js';
import { nextMove, places, type QueuedRun } from '../../server/runs/plan-queue.js';

type Waiting = readonly [run: string, readiness: Readiness['kind']];

function moves(t: ExecutionContext, waiting: readonly Waiting[], move: string | undefined, run?: string): void {
  const next = nextMove(waiting, ([, kind]) => kind);
  t.is(next?.move, move as never);
  t.is(next?.run[0], run);
}

test('nobody waits', moves, [], undefined);
test(
  'the oldest starts first',
  moves,
  [
    ['a', 'free'],
    ['b', 'free'],
  ],
  'start',
  'a',
);
test(
  'all wait for the device',
  moves,
  [
    ['a', 'busy'],
    ['b', 'busy'],
  ],
  undefined,
);
test(
  'a newer one passes while the older one’s model is loaded',
  moves,
  [
    ['a', 'warming'],
    ['b', 'free'],
  ],
  'start',
  'b',
);
test(
  'the oldest’s model is brought into memory',
  moves,
  [
    ['a', 'cold'],
    ['b', 'busy'],
  ],
  'prepare',
  'a',
);
test(
  'only one model is brought into memory ahead',
  moves,
  [
    ['a', 'warming'],
    ['b', 'cold'],
  ],
  undefined,
);
test(
  'none while an older one waits for the device',
  moves,
  [
    ['a', 'busy'],
    ['b', 'cold'],
  ],
  undefined,
);
test(
  'a workflow that was just deployed holds up no other',
  moves,
  [
    ['a', 'loading'],
    ['b', 'cold'],
  ],
  'prepare',
  'b',
);
test(
  'a run whose workflow cannot run fails',
  moves,
  [
    ['a', 'busy'],
    ['b', 'failed'],
  ],
  'fail',
  'b',
);

const waits = (workflow: string, device = 'cpu', leftMs: number | undefined = 100): QueuedRun => ({
  workflow,
  waiting: true,
  device,
  leftMs,
});
const runs = (workflow: string, device = 'cpu', leftMs: number | undefined = 10): QueuedRun => ({
  workflow,
  waiting: false,
  device,
  leftMs,
});
const stand = (queue: readonly QueuedRun[], loading: readonly string[] = []) =>
  [...places(queue, (workflow) => loading.includes(workflow))].map(
    ([index, { position, estimatedWaitMs, workflowLoading }]) =>
      `${index}: ${position}, ${estimatedWaitMs ?? '?'}${workflowLoading ? ', loading' : ''}`,
  );

test('a place counts the runs before it, the one that computes included, and their time', (t) => {
  t.deepEqual(stand([runs('a'), waits('b'), waits('c')]), ['1: 1, 10', '2: 2, 110']);
});

test('a newer run that computes already stands before an older one that waits', (t) => {
  t.deepEqual(stand([waits('a'), runs('b')], ['a']), ['0: 1, ?, loading']);
});

test('runs on another device are in nobody’s way', (t) => {
  t.deepEqual(stand([runs('a', 'cuda'), waits('b', 'cpu'), waits('c', 'cuda')]), ['1: 0, 0', '2: 1, 10']);
});

test('a run whose device is not known yet may be in everybody’s way', (t) => {
  t.deepEqual(stand([runs('a', 'cuda'), waits('b', ''), waits('c', 'cpu')]), ['1: 1, 10', '2: 1, 100']);
});

test('one run of unknown length makes the wait behind it unknown', (t) => {
  const unknown = { ...waits('b'), leftMs: undefined };
  t.deepEqual(stand([runs('a'), unknown, waits('c')]), ['1: 1, 10', '2: 2, ?']);
});
