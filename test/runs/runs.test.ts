// Runs from creation to end: events, results, places in the queue, retries, cancels, and what is remembered.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'ava';
import { InvalidArgument, LimitExceeded, NotFound, VoxhostError } from '../../server/errors.js';
import { createGate } from '../fixtures/gate.js';
import { SMALL_HEADER, writeScript } from '../fixtures/scripted-bundle.js';
import { download, sha256, upload } from '../volumes/store-fixture.js';
import { isReady } from '../workflows/catalog-fixture.js';
import { DESCRIPTION, OUTPUT, openTestRuns, progress, scriptOf } from './runs-fixture.js';

const kinds = (events: readonly { kind: string }[]): string[] => events.map((event) => event.kind);

test.serial('a run: queued, started, progress by stage, result, succeeded; its result is in the store', async (t) => {
  const room = await openTestRuns(t, {
    brain: scriptOf([progress('read'), progress('network', 0, 2), progress('network', 2, 2), OUTPUT]),
  });
  const run = await room.create('brain');
  const events = await room.events(run);
  // A quick watcher sees news of a place or a stage that a later one no longer finds, and of stages that follow closely
  // the newest is told: what counts is the order.
  const told = events.map((event) => (event.kind === 'progress' ? `progress of ${event.stage}` : event.kind));
  t.deepEqual(
    told.filter((one, index) => one !== told[index - 1] && one !== 'progress of network'),
    ['queued', 'started', 'progress of read', 'output-ready', 'succeeded'],
  );
  t.deepEqual(
    events.map((event) => event.run),
    events.map(() => run.name),
  );
  const last = events.at(-1)!;
  const result = last.kind === 'succeeded' ? last.result : t.fail();
  t.deepEqual(result, room.runs.getRun(run.name));
  t.deepEqual(result?.timings, [{ stage: 'network', durationMs: 5 }]);
  const [output] = result!.outputs;
  t.is(output!.kind, 'label-map');
  t.is(output!.volume.sha256, createHash('sha256').update(Buffer.alloc(24, 1)).digest('hex'));
  t.deepEqual(await download(room.store, output!.volume.name), Buffer.alloc(24, 1));
  t.deepEqual(
    output!.segments.map(({ segment, voxelCount, volumeMl }) => [segment.name, voxelCount, volumeMl]),
    [['brain', 24, 0.024]],
  );
  t.deepEqual(await room.scratchFiles(), []);
});

test.serial('a run may be created before its workflow is warm, and waits for it', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: { ...scriptOf(), loads: [[{ gate: gate.port }]] } });
  const run = await room.create('brain');
  const queued = await room.event(run, 'queued');
  t.is(queued.position, 0);
  t.true(queued.workflowLoading);
  t.is(queued.estimatedWaitMs, undefined);
  await gate.arrival();
  gate.open();
  await room.event(run, 'succeeded');
});

test.serial('a run that waits for a workflow that then cannot be loaded fails with its reason', async (t) => {
  const gate = await createGate(t);
  const error = {
    code: 'FAILED_PRECONDITION',
    reason: 'INVALID_BUNDLE',
    message: 'models/model.onnx: no',
    metadata: {},
  };
  const room = await openTestRuns(t, {
    brain: { loads: [[{ gate: gate.port }, { say: { type: 'load-failed', error, attempts: [] } }]] },
  });
  const run = await room.create('brain');
  await gate.arrival();
  gate.open();
  t.deepEqual((await room.event(run, 'failed')).error, error as never);
  const refused = await t.throwsAsync(room.create('brain'), { instanceOf: VoxhostError });
  t.is((refused as VoxhostError).reason, 'WORKFLOW_FAILED');
  t.regex(refused!.message, /models\/model.onnx: no/);
});

test.serial('waiting runs have places, move up, and know their wait once durations are known', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([OUTPUT], [{ gate: gate.port }, OUTPUT]), other: scriptOf() });
  await room.when('brain', isReady);
  // Nothing is said of the wait while the workflow itself is still being loaded.
  await room.when('other', isReady);
  await room.event(await room.create('brain'), 'succeeded');
  const first = await room.create('brain');
  await gate.arrival();
  const second = await room.create('brain');
  const third = await room.create('other');
  const places: unknown[] = [];
  for await (const event of room.runs.watchRun(third.name, 0, new AbortController().signal)) {
    if (event.kind !== 'queued') break;
    places.push(event.position);
    if (event.position === 2) await room.runs.cancelRun(second.name, 'not needed');
    else {
      t.is(typeof event.estimatedWaitMs, 'number');
      gate.open();
    }
  }
  t.deepEqual(places, [2, 1]);
  await room.event(first, 'succeeded');
  await room.event(third, 'succeeded');
});

test.serial('one run computes at a time, the oldest first, over all workflows', async (t) => {
  const room = await openTestRuns(t, { a: scriptOf(), b: scriptOf() });
  await room.when('a', isReady);
  await room.when('b', isReady);
  const created = [];
  for (const workflow of ['a', 'b', 'a', 'b', 'b', 'a']) created.push(await room.create(workflow));
  for (const run of created) await room.event(run, 'succeeded');
  const ended = created.map((run) => room.runs.getRun(run.name));
  for (const [index, run] of ended.slice(1).entries()) t.true(run.startTimeMs! >= ended[index]!.startTimeMs!);
  t.deepEqual(
    room.runs.listRuns().map((run) => run.name),
    created.map((run) => run.name).reverse(),
    'the newest is listed first',
  );
});

test.serial('a request that does not fit is refused before it is queued, and holds no volume', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf() });
  await t.throwsAsync(room.create('brian'), { instanceOf: NotFound, message: /brain/ });
  await t.throwsAsync(room.create('brain', { inputs: {} }), { instanceOf: InvalidArgument, message: /inputs.image/ });
  await t.throwsAsync(room.create('brain', { inputs: { image: 'f'.repeat(64) } }), { instanceOf: NotFound });
  const both = { image: room.image.name, other: room.image.name };
  await t.throwsAsync(room.create('brain', { inputs: both }), { instanceOf: InvalidArgument, message: /inputs.other/ });
  await t.throwsAsync(room.create('brain', { parameters: { x: 1 } }), { message: /parameters.x/ });
  t.deepEqual(room.runs.listRuns(), []);
  await t.notThrowsAsync(room.store.deleteVolume(room.image.name));
});

test.serial('inputs cannot be deleted while their run lives, results can at once', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }, OUTPUT]) });
  const run = await room.create('brain');
  await gate.arrival();
  await t.throwsAsync(room.store.deleteVolume(room.image.name), { message: /needed by a run/ });
  gate.open();
  const { result } = await room.event(run, 'succeeded');
  await t.notThrowsAsync(room.store.deleteVolume(room.image.name));
  await t.notThrowsAsync(room.store.deleteVolume(result.outputs[0]!.volume.name));
});

test.serial('a fresh result is not evicted by what is uploaded after it, until its run is forgotten', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf() }, { quotaBytes: 100 });
  const run = await room.create('brain');
  const { result } = await room.event(run, 'succeeded');
  const { name } = result.outputs[0]!.volume;
  for (let byte = 1; byte < 5; byte += 1) await upload(room.store, new Uint8Array(30).fill(byte));
  t.is(room.store.getVolume(name).name, name);
  await room.runs.deleteRun(run.name);
  for (let byte = 5; byte < 9; byte += 1) await upload(room.store, new Uint8Array(30).fill(byte));
  t.throws(() => room.store.getVolume(name), { instanceOf: NotFound });
});

test.serial('the same request id is the same run, with the same request only', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf(), other: scriptOf() });
  const [one, again] = await Promise.all([
    room.create('brain', { requestId: 'r-1' }),
    room.create('brain', { requestId: 'r-1' }),
  ]);
  t.is(one.name, again.name);
  await room.event(one, 'succeeded');
  const late = await room.create('brain', { requestId: 'r-1' });
  t.is(late.name, one.name);
  t.is(late.state, 'succeeded');
  const error = await t.throwsAsync(room.create('other', { requestId: 'r-1' }), { instanceOf: InvalidArgument });
  t.is(error.metadata['field'], 'request_id');
  t.not((await room.create('brain', { requestId: 'r-2' })).name, one.name);
  t.not((await room.create('brain')).name, (await room.create('brain')).name);
});

test.serial('a request id whose creation failed may be tried again', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf() });
  await t.throwsAsync(room.create('brain', { requestId: 'r', parameters: { x: 1 } }));
  await t.notThrowsAsync(room.create('brain', { requestId: 'r' }));
});

test.serial('a request id is forgotten after its time, and with its run', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf() }, { runs: { rememberRequestsMs: 0 } });
  t.not((await room.create('brain', { requestId: 'r' })).name, (await room.create('brain', { requestId: 'r' })).name);
  const hour = await openTestRuns(t, { brain: scriptOf() });
  const run = await hour.create('brain', { requestId: 'r' });
  await hour.event(run, 'succeeded');
  await hour.runs.deleteRun(run.name);
  t.not((await hour.create('brain', { requestId: 'r' })).name, run.name);
});

test.serial('more runs than may wait are refused; the one that computes does not count', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(
    t,
    { brain: scriptOf([{ gate: gate.port }, OUTPUT], [OUTPUT]) },
    { runs: { maxQueuedRuns: 2 } },
  );
  await room.when('brain', isReady);
  await room.create('brain');
  await gate.arrival();
  await room.create('brain');
  const last = await room.create('brain');
  const error = await t.throwsAsync(room.create('brain'), { instanceOf: LimitExceeded });
  t.is(error.metadata['allowed'], '2');
  gate.open();
  await room.event(last, 'succeeded');
  await t.notThrowsAsync(room.create('brain'));
});

test.serial('cancelled while it waits: ended at once, and the others move on', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }, OUTPUT], [OUTPUT]) });
  const first = await room.create('brain');
  await gate.arrival();
  const second = await room.create('brain');
  const cancelled = await room.runs.cancelRun(second.name, 'changed my mind');
  t.is(cancelled.state, 'cancelled');
  t.is((await room.event(second, 'cancelled')).reason, 'changed my mind');
  t.is((await room.events(second)).at(-1)?.kind, 'cancelled');
  t.is(room.runs.getRun(first.name).state, 'running');
  gate.open();
  await room.event(first, 'succeeded');
});

test.serial(
  'cancelled while it computes: the runner stops, the scratch folder goes, the next run starts',
  async (t) => {
    const gate = await createGate(t);
    const room = await openTestRuns(
      t,
      { brain: scriptOf([OUTPUT, { gate: gate.port }, { awaitCancel: true }], [OUTPUT]) },
      { catalog: { cancelGraceMs: 60_000 } },
    );
    const run = await room.create('brain');
    const next = await room.create('brain');
    await gate.arrival();
    gate.open();
    const cancelled = await room.runs.cancelRun(run.name, 'enough');
    t.is(cancelled.state, 'cancelled');
    t.is(cancelled.outputs.length, 1, 'what was ready stays');
    const events = await room.events(run);
    t.deepEqual(kinds(events).slice(-2), ['output-ready', 'cancelled']);
    await room.event(next, 'succeeded');
    t.is(room.pids('brain').length, 1);
    t.deepEqual(await room.scratchFiles(), []);
    t.is((await room.runs.cancelRun(next.name, 'too late')).state, 'succeeded', 'a run that has ended stays as it is');
  },
);

test.serial('cancelled while its workflow loads: ended at once', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: { ...scriptOf(), loads: [[{ gate: gate.port }]] } });
  const run = await room.create('brain');
  await gate.arrival();
  t.is((await room.runs.cancelRun(run.name, 'x')).state, 'cancelled');
});

test.serial('undeployment cancels the runs of the workflow that wait and compute, and no other', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { gone: scriptOf([{ gate: gate.port }]), stays: scriptOf() });
  const computing = await room.create('gone');
  await gate.arrival();
  const waiting = await room.create('gone');
  const other = await room.create('stays');
  await room.catalog.undeploy('gone');
  t.regex((await room.event(computing, 'cancelled')).reason, /taken away/);
  t.regex((await room.event(waiting, 'cancelled')).reason, /taken away/);
  await room.event(other, 'succeeded');
});

test.serial('a run that waited while its workflow was replaced is held against the new version', async (t) => {
  const gate = await createGate(t);
  const parameter = { name: 'p', type: 'number', defaultValue: 1, choices: [], description: '' } as const;
  const old = { ...scriptOf([{ gate: gate.port }, OUTPUT]), description: { ...DESCRIPTION, parameters: [parameter] } };
  const room = await openTestRuns(t, { brain: old });
  const first = await room.create('brain');
  await gate.arrival();
  const asked = await room.create('brain', { parameters: { p: 3 } });
  const plain = await room.create('brain');
  t.deepEqual(plain.parameters, { p: 1 });
  await writeScript(join(room.folder, 'brain'), { ...scriptOf(), description: { ...DESCRIPTION, version: '2.0.0' } });
  await room.when('brain', (workflow) => workflow.description?.version === '2.0.0');
  gate.open();
  await room.event(first, 'succeeded');
  const { error } = await room.event(asked, 'failed');
  t.is(error.reason, 'WORKFLOW_CHANGED');
  t.regex(error.message, /parameters\.p/);
  t.deepEqual((await room.event(plain, 'succeeded')).result.parameters, {});
});

test.serial('a run without a declared output has failed', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf([progress('network')]) });
  const { error } = await room.event(await room.create('brain'), 'failed');
  t.is(error.code, 'INTERNAL');
  t.regex(error.message, /pred/);
});

test.serial('what the runner answers is the run’s error', async (t) => {
  const error = {
    code: 'INVALID_ARGUMENT',
    reason: 'OPERATOR_FAILED',
    message: 'Spacing: no',
    metadata: { step: '3' },
  };
  const room = await openTestRuns(t, {
    brain: scriptOf([{ say: { type: 'failed', error, rssBytes: 1 } }, { hang: true }]),
  });
  const run = await room.create('brain');
  t.deepEqual((await room.event(run, 'failed')).error, error as never);
  t.deepEqual(room.runs.getRun(run.name).error, error as never);
});

test.serial('models that do not fit in memory together take turns', async (t) => {
  const script = { ...scriptOf(), rssBytes: 600 };
  const room = await openTestRuns(t, { a: script, b: script }, { catalog: { modelMemoryBytes: 1000 } });
  await room.when('a', isReady);
  await room.when('b', isReady);
  const created = [];
  for (const workflow of ['a', 'b', 'a', 'b']) created.push(await room.create(workflow));
  for (const run of created) await room.event(run, 'succeeded');
  t.true(room.pids('a').length + room.pids('b').length > 2);
});

test.serial('a run is deleted only when it has ended, and then is not found', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }, OUTPUT]) });
  const run = await room.create('brain');
  await gate.arrival();
  await t.throwsAsync(room.runs.deleteRun(run.name), { message: /cancel it first/ });
  gate.open();
  await room.event(run, 'succeeded');
  await room.runs.deleteRun(run.name);
  t.throws(() => room.runs.getRun(run.name), { instanceOf: NotFound });
  t.throws(() => room.runs.watchRun(run.name, 0, new AbortController().signal), { instanceOf: NotFound });
  await t.throwsAsync(room.runs.cancelRun(run.name, ''), { instanceOf: NotFound });
});

test.serial('the oldest runs that have ended are forgotten, those that live are not', async (t) => {
  const room = await openTestRuns(t, { brain: scriptOf() }, { runs: { maxEndedRuns: 2 } });
  const names: string[] = [];
  for (let index = 0; index < 4; index += 1) {
    const run = await room.create('brain');
    names.unshift(run.name);
    await room.event(run, 'succeeded');
  }
  t.deepEqual(
    room.runs.listRuns().map((run) => run.name),
    names.slice(0, 2),
  );
});

test.serial('draining takes no new run and lets those that are there end', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }, OUTPUT], [OUTPUT]) });
  const running = await room.create('brain');
  await gate.arrival();
  const waiting = await room.create('brain');
  const draining = room.runs.drain();
  const error = await t.throwsAsync(room.create('brain'), { instanceOf: VoxhostError });
  t.is((error as VoxhostError).code, 'UNAVAILABLE');
  gate.open();
  await draining;
  t.is(room.runs.getRun(running.name).state, 'succeeded');
  t.is(room.runs.getRun(waiting.name).state, 'succeeded');
});

test.serial('closing cancels what is left, its watchers are told', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }]) });
  const running = await room.create('brain');
  await gate.arrival();
  const waiting = await room.create('brain');
  const told = Promise.all([room.event(running, 'cancelled'), room.event(waiting, 'cancelled')]);
  await room.runs.close();
  for (const { reason } of await told) t.is(reason, 'The host is stopping.');
  t.deepEqual(await room.scratchFiles(), []);
});

test.serial('closing ends a creation that waits for its bundle to be read', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: { ...scriptOf(), readGate: gate.port } });
  await gate.arrival();
  const refused = t.throwsAsync(room.create('brain'), { instanceOf: VoxhostError, message: /stopping/ });
  await room.runs.close();
  await refused;
});

test.serial('a creation waits until the bundle has been read, and no longer than it is deployed', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: { ...scriptOf(), readGate: gate.port }, gone: { readGate: gate.port } });
  await gate.arrival();
  await gate.arrival();
  const creating = room.create('brain');
  const refused = t.throwsAsync(room.create('gone'), { instanceOf: NotFound });
  await room.catalog.undeploy('gone');
  await refused;
  gate.open();
  await room.event(await creating, 'succeeded');
});

test.serial('the digest that the store has is the one of the bytes that can be read', async (t) => {
  const header = { ...SMALL_HEADER, sizes: [64, 64, 16] };
  const output = { output: { name: 'pred', header, value: 9 } };
  const room = await openTestRuns(t, { brain: scriptOf([output]) });
  const { result } = await room.event(await room.create('brain'), 'succeeded');
  const { volume } = result.outputs[0]!;
  t.is(sha256(await download(room.store, volume.name)), volume.sha256);
  t.deepEqual(volume.header, header);
});
