// Progress as a person can follow it: the first at once, then the newest only, and nothing after the end.
import test from 'ava';
import { thinProgress } from '../../server/runs/thin-progress.js';
import { until } from '../fixtures/until.js';

test('the first step is told at once; of those that follow closely, the newest alone', async (t) => {
  const told: number[] = [];
  const progress = thinProgress((step: number) => told.push(step));
  progress.tell(1);
  t.deepEqual(told, [1]);
  for (const step of [2, 3, 4]) progress.tell(step);
  await until(() => told.at(-1) === 4);
  // Where the machine stood still between two of them, one more may have been told; none is told twice or out of order.
  t.deepEqual(told, [...new Set(told)].sort());
});

test('after the end nothing is told, also of what waited', async (t) => {
  const told: number[] = [];
  const progress = thinProgress((step: number) => told.push(step));
  progress.tell(1);
  progress.tell(2);
  const before = [...told];
  progress.end();
  // Longer than any step may wait.
  await new Promise((resolve) => setTimeout(resolve, 60));
  t.deepEqual(told, before);
});
