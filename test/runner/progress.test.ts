// Stages by a clock of the test's own: what is told, what is left out, what each stage took.
import test from 'ava';
import { createStages } from '../../server/runner/progress.js';

function record() {
  const told: string[] = [];
  const clock = { nowMs: 0 };
  const stages = createStages(
    (stage, step, stepCount) => told.push(`${stage} ${step}/${stepCount}`),
    () => clock.nowMs,
  );
  return { told, clock, stages };
}

test('steps within 50 ms of the last message are left out, but for the first and the last', async (t) => {
  const { told, clock, stages } = record();
  await stages.perform('network', () => {
    for (let step = 0; step <= 10; step++, clock.nowMs += 20) stages.step(step, 10);
  });
  t.deepEqual(told, ['network 0/0', 'network 0/10', 'network 3/10', 'network 6/10', 'network 9/10', 'network 10/10']);
});

test('each stage is told when it begins, and timed in the order of the run', async (t) => {
  const { told, clock, stages } = record();
  t.is(
    await stages.perform('read', () => {
      clock.nowMs += 5;
      return 'voxels';
    }),
    'voxels',
  );
  await stages.perform('write', async () => {
    clock.nowMs += 7;
  });
  t.deepEqual(told, ['read 0/0', 'write 0/0']);
  t.deepEqual(stages.timings(), [
    { stage: 'read', durationMs: 5 },
    { stage: 'write', durationMs: 7 },
  ]);
});

test('a stage that fails has no time', async (t) => {
  const { stages } = record();
  await t.throwsAsync(
    stages.perform('read', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  t.deepEqual(stages.timings(), []);
});
