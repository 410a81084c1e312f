// Time left and fraction, by a clock that the test turns.
import test from 'ava';
import { createProgressEstimator } from '../../server/runs/estimate-progress.js';
import { createLearnedDurations } from '../../server/runs/learned-durations.js';

function clock() {
  let ms = 0;
  return {
    nowMs: () => ms,
    pass(passed: number): void {
      ms += passed;
    },
  };
}

const timings = (read: number, network: number, write: number) => [
  { stage: 'read', durationMs: read },
  { stage: 'network', durationMs: network },
  { stage: 'write', durationMs: write },
];

test('a run like the one before: time left and fraction follow its durations', (t) => {
  const learned = createLearnedDurations();
  learned.record({ timings: timings(100, 800, 100), voxels: 1000, stepCounts: new Map([['network', 8]]) });
  const { nowMs, pass } = clock();
  const estimator = createProgressEstimator(learned.expect(1000), nowMs);
  t.deepEqual(estimator.advance({ stage: 'read', step: 0, stepCount: 0 }), { fraction: 0, timeLeftMs: 1000 });
  pass(100);
  t.deepEqual(estimator.advance({ stage: 'network', step: 0, stepCount: 8 }), { fraction: 0.1, timeLeftMs: 900 });
  pass(400);
  t.deepEqual(estimator.advance({ stage: 'network', step: 4, stepCount: 8 }), { fraction: 0.5, timeLeftMs: 500 });
  pass(400);
  t.deepEqual(estimator.advance({ stage: 'write', step: 0, stepCount: 0 }), { fraction: 0.9, timeLeftMs: 100 });
  pass(60);
  t.is(estimator.timeLeftMs(), 40, 'goes on between the words of the runner');
});

test('windows that take twice as long as before are believed', (t) => {
  const learned = createLearnedDurations();
  learned.record({ timings: timings(0, 800, 0), voxels: 1000, stepCounts: new Map([['network', 8]]) });
  const { nowMs, pass } = clock();
  const estimator = createProgressEstimator(learned.expect(1000), nowMs);
  estimator.advance({ stage: 'network', step: 0, stepCount: 8 });
  pass(400);
  t.deepEqual(estimator.advance({ stage: 'network', step: 2, stepCount: 8 }), { fraction: 0.25, timeLeftMs: 1200 });
});

test('twice the voxels take twice as long, and windows count for themselves', (t) => {
  const learned = createLearnedDurations();
  learned.record({ timings: timings(100, 800, 100), voxels: 1000, stepCounts: new Map([['network', 8]]) });
  const expected = learned.expect(2000)!;
  t.deepEqual(
    expected.map((stage) => stage.durationMs),
    [200, 1600, 200],
  );
  t.is(expected[1]!.stepMs, 100);
});

test('the middle of the last runs counts, not an outlier', (t) => {
  const learned = createLearnedDurations();
  for (const read of [100, 90, 5000])
    learned.record({ timings: timings(read, 0, 0), voxels: 1, stepCounts: new Map() });
  t.is(learned.expect(1)![0]!.durationMs, 100);
});

test('runs with other stages begin a new count', (t) => {
  const learned = createLearnedDurations();
  learned.record({ timings: timings(1, 1, 1), voxels: 1, stepCounts: new Map() });
  learned.record({ timings: [{ stage: 'all', durationMs: 7 }], voxels: 1, stepCounts: new Map() });
  t.deepEqual(learned.expect(1), [{ stage: 'all', durationMs: 7 }]);
});

test('the first run is told by its windows, and says nothing of the time that it cannot know', (t) => {
  const { nowMs, pass } = clock();
  const estimator = createProgressEstimator(undefined, nowMs);
  t.deepEqual(estimator.advance({ stage: 'read', step: 0, stepCount: 0 }), { fraction: 0 });
  pass(50);
  t.deepEqual(estimator.advance({ stage: 'network', step: 0, stepCount: 4 }), { fraction: 0 });
  pass(100);
  t.deepEqual(estimator.advance({ stage: 'network', step: 1, stepCount: 4 }), { fraction: 0.225, timeLeftMs: 300 });
  pass(300);
  t.deepEqual(estimator.advance({ stage: 'network', step: 4, stepCount: 4 }), { fraction: 0.9 });
  t.deepEqual(estimator.advance({ stage: 'write', step: 0, stepCount: 0 }), { fraction: 0.9 });
});

test('the fraction never falls and never passes 1, whatever the runner says', (t) => {
  const learned = createLearnedDurations();
  learned.record({ timings: timings(10, 10, 10), voxels: 1, stepCounts: new Map() });
  const { nowMs, pass } = clock();
  const estimator = createProgressEstimator(learned.expect(1), nowMs);
  let before = 0;
  for (const stage of ['read', 'unknown', 'write', 'network', 'read', 'write', 'write']) {
    pass(7);
    const { fraction } = estimator.advance({ stage, step: 3, stepCount: 5 });
    t.true(fraction >= before && fraction <= 1, `${stage}: ${before} → ${fraction}`);
    before = fraction;
  }
});

test('a stage that comes twice is told apart by its beginning', (t) => {
  const learned = createLearnedDurations();
  const twice = ['Spacing', 'Spacing', 'write'].map((stage) => ({ stage, durationMs: 100 }));
  learned.record({ timings: twice, voxels: 1, stepCounts: new Map() });
  const { nowMs, pass } = clock();
  const estimator = createProgressEstimator(learned.expect(1), nowMs);
  estimator.advance({ stage: 'Spacing', step: 0, stepCount: 0 });
  pass(100);
  t.is(estimator.advance({ stage: 'Spacing', step: 0, stepCount: 0 }).timeLeftMs, 200);
});
