// RunService but for Predict, over a real connection; runs happen as the tests say.
import { status } from '@grpc/grpc-js';
import test from 'ava';
import { FailedPrecondition, InvalidArgument, LimitExceeded } from '../../server/errors.js';
import { until } from '../fixtures/until.js';
import { ask, collect, failed, next, send } from './rooms/calls.js';
import { openWire } from './rooms/open-wire.js';
import { noise, uploadOf } from './rooms/volumes.js';

test('a run reaches the run room as it was asked for, and every part of it comes back', async (t) => {
  const { runService, runs } = await openWire(t);
  const created = await ask(runService, 'createRun', {
    workflow: 'brain',
    inputs: { image: 'a'.repeat(64) },
    parameters: { overlap: { numberValue: 0.5 }, fast: { boolValue: false }, mode: { stringValue: 'gaussian' } },
    requestId: 'once',
  });
  const run = await runs.nextRun();
  t.deepEqual(run.request, {
    workflow: 'brain',
    inputs: { image: 'a'.repeat(64) },
    parameters: { overlap: 0.5, fast: false, mode: 'gaussian' },
    requestId: 'once',
  });
  t.like(created, { name: run.name, workflow: 'brain', state: 'RUN_STATE_QUEUED', requestId: 'once', error: null });
  t.deepEqual(created.inputs, { image: 'a'.repeat(64) });
  t.is(created.parameters['overlap']?.numberValue, 0.5);
  t.is(created.parameters['fast']?.boolValue, false);
  t.is(created.parameters['mode']?.stringValue, 'gaussian');
  t.deepEqual(created.createTime, { seconds: 1_700_000_000, nanos: 0 });
  t.is(created.startTime, null);
  t.deepEqual(await ask(runService, 'getRun', { name: run.name }), created);
});

test('parameters that are no numbers, booleans or texts are refused by name before the run room sees them', async (t) => {
  const { runService, runs } = await openWire(t);
  for (const value of [
    { nullValue: 'NULL_VALUE' as const },
    { listValue: { values: [] } },
    { structValue: { fields: {} } },
    { numberValue: Number.NaN },
    { numberValue: Number.POSITIVE_INFINITY },
    {},
  ]) {
    const failure = await failed(ask(runService, 'createRun', { workflow: 'brain', parameters: { overlap: value } }));
    t.is(failure.code, status.INVALID_ARGUMENT);
    t.is(failure.metadata['field'], 'parameters["overlap"]');
  }
  const requestId = 'x'.repeat(129);
  const failure = await failed(ask(runService, 'createRun', { workflow: 'brain', requestId }));
  t.is(failure.metadata['field'], 'request_id');
  t.is(runs.listRuns().length, 0);
});

test('what the run room refuses keeps its code, reason and metadata', async (t) => {
  const { runService, runs } = await openWire(t);
  const refusals = [
    [new InvalidArgument('inputs', 'mask', 'one of image, prior'), status.INVALID_ARGUMENT],
    [
      new FailedPrecondition('WORKFLOW_FAILED', 'brain has failed: …', { workflow: 'brain' }),
      status.FAILED_PRECONDITION,
    ],
    [new LimitExceeded('runs that wait', 'runs', 1001, 1000, 'Try again later.'), status.RESOURCE_EXHAUSTED],
  ] as const;
  for (const [error, code] of refusals) {
    runs.refuseNext(error);
    const failure = await failed(ask(runService, 'createRun', { workflow: 'brain' }));
    t.deepEqual(failure, { code, message: error.message, reason: error.reason, metadata: error.metadata });
  }
});

test('a watcher gets every event with all its parts, and the stream ends with the run', async (t) => {
  const { runService, runs, store, volumes } = await openWire(t);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(noise(64)));
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  const run = await runs.nextRun();
  const watched = collect(runService.watchRun({ name }));
  run.happen({ kind: 'queued', position: 2, estimatedWaitMs: 90_250, workflowLoading: true });
  run.happen({ kind: 'queued', position: 1, workflowLoading: false });
  run.happen({ kind: 'started', device: 'cpu' });
  run.happen({ kind: 'progress', stage: 'network', step: 3, stepCount: 8, fraction: 0.4, timeLeftMs: 1500 });
  const segment = { value: 1, name: 'brain', color: { red: 1, green: 2, blue: 3 } };
  const output = {
    name: 'pred',
    volume: store.getVolume(volume!.name),
    kind: 'label-map' as const,
    segments: [{ segment, voxelCount: 12, volumeMl: 0.096 }],
  };
  run.happen({ kind: 'output-ready', output });
  run.happen({ kind: 'succeeded', result: { ...run.current(), timings: [{ stage: 'network', durationMs: 1250.5 }] } });

  const events = await watched;
  t.deepEqual(
    events.map((event) => [event.sequence, event.run, event.event]),
    ['queued', 'queued', 'started', 'progress', 'outputReady', 'succeeded'].map((kind, index) => [
      index + 1,
      name,
      kind,
    ]),
  );
  t.deepEqual(events[0]?.queued, {
    position: 2,
    estimatedWait: { seconds: 90, nanos: 250_000_000 },
    workflowLoading: true,
  });
  t.is(events[1]?.queued?.estimatedWait, null);
  t.is(events[2]?.started?.device, 'cpu');
  t.deepEqual(events[3]?.progress, {
    stage: 'network',
    step: 3,
    stepCount: 8,
    fraction: 0.4,
    timeLeft: { seconds: 1, nanos: 500_000_000 },
  });
  t.like(events[4]?.outputReady?.output, { name: 'pred', kind: 'OUTPUT_KIND_LABEL_MAP' });
  t.deepEqual(events[4]?.outputReady?.output?.volume, volume);
  t.like(events[4]?.outputReady?.output?.segments[0], { voxelCount: 12, volumeMl: 0.096 });
  t.deepEqual(events[5]?.succeeded?.run?.timings, [{ stage: 'network', duration: { seconds: 1, nanos: 250_500_000 } }]);
  t.is(runs.watchers(), 0);
});

test('a watcher may begin after any event', async (t) => {
  const { runService, runs } = await openWire(t);
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  const run = await runs.nextRun();
  run.happen({ kind: 'started', device: 'cpu' });
  run.happen({ kind: 'cancelled', reason: 'undeployed' });
  const events = await collect(runService.watchRun({ name, afterSequence: 1 }));
  t.deepEqual(
    events.map((event) => [event.sequence, event.cancelled?.reason]),
    [[2, 'undeployed']],
  );
});

test('a run that failed carries its code, reason and metadata, in its event and in the run', async (t) => {
  const { runService, runs } = await openWire(t);
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  const error = {
    code: 'RESOURCE_EXHAUSTED',
    reason: 'OUT_OF_MEMORY',
    message: 'no memory',
    metadata: { mb: '9' },
  } as const;
  (await runs.nextRun()).happen({ kind: 'failed', error });
  const [event] = await collect(runService.watchRun({ name }));
  const onWire = { ...error, code: status.RESOURCE_EXHAUSTED };
  t.deepEqual(event?.failed?.error, onWire);
  t.like(await ask(runService, 'getRun', { name }), { state: 'RUN_STATE_FAILED', error: onWire });
});

test('a watcher that goes away is let go, in any way that it goes', async (t) => {
  const { runService, runs, address } = await openWire(t);
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  const run = await runs.nextRun();
  run.happen({ kind: 'started', device: 'cpu' });

  const cancelled = runService.watchRun({ name });
  cancelled.on('error', () => {});
  await next(cancelled);
  t.is(runs.watchers(), 1);
  cancelled.cancel();
  await until(() => runs.watchers() === 0);

  const late = await failed(collect(runService.watchRun({ name }, { deadline: Date.now() + 200 })));
  t.is(late.code, status.DEADLINE_EXCEEDED);
  await until(() => runs.watchers() === 0);
  t.truthy(address);
});

test('the newest run is listed first, and pages cover all once, though runs come and go meanwhile', async (t) => {
  const { runService, runs } = await openWire(t);
  for (let count = 0; count < 7; count++) await ask(runService, 'createRun', { workflow: 'brain' });
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await ask(runService, 'listRuns', { pageSize: 3, pageToken });
    seen.push(...page.runs.map((run) => run.name));
    pageToken = page.nextPageToken;
    if (seen.length === 3) {
      await ask(runService, 'createRun', { workflow: 'brain' });
      await runs.cancelRun('run-5', '');
      await runs.deleteRun('run-5');
    }
  } while (pageToken !== '');
  t.deepEqual(seen, ['run-7', 'run-6', 'run-5', 'run-4', 'run-3', 'run-2', 'run-1']);
  t.is((await failed(ask(runService, 'listRuns', { pageSize: -1 }))).code, status.INVALID_ARGUMENT);
});

test('a run is stopped when asked to, and stays as it is when it has ended', async (t) => {
  const { runService, runs } = await openWire(t);
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  await runs.nextRun();
  t.is((await ask(runService, 'cancelRun', { name })).state, 'RUN_STATE_CANCELLED');
  t.is((await ask(runService, 'cancelRun', { name })).state, 'RUN_STATE_CANCELLED');
});

test('a run is forgotten only when it has ended', async (t) => {
  const { runService, runs } = await openWire(t);
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  await runs.nextRun();
  t.is((await failed(ask(runService, 'deleteRun', { name }))).code, status.FAILED_PRECONDITION);
  await ask(runService, 'cancelRun', { name });
  t.deepEqual(await ask(runService, 'deleteRun', { name }), {});
  t.is((await failed(ask(runService, 'getRun', { name }))).code, status.NOT_FOUND);
});

test('every call that names an unknown run is NOT_FOUND', async (t) => {
  const { runService } = await openWire(t);
  const name = 'none';
  for (const answer of [
    ask(runService, 'getRun', { name }),
    ask(runService, 'cancelRun', { name }),
    ask(runService, 'deleteRun', { name }),
    collect(runService.watchRun({ name })),
  ]) {
    const failure = await failed(answer);
    t.is(failure.code, status.NOT_FOUND);
    t.is(failure.reason, 'RUN_NOT_FOUND');
  }
});
