// Runs, over a run room that the test directs.
import test from 'ava';
import type { RunEvent } from '../../../clients/typescript/index.js';
import { VoxhostError } from '../../../clients/typescript/index.js';
import { LimitExceeded } from '../../../server/errors.js';
import type { RunOutput } from '../../../server/runs/run.js';
import type { Volume } from '../../../server/volumes/store.js';
import { openWire } from '../../rpc/rooms/open-wire.js';
import { openCuttingProxy } from './cutting-proxy.js';
import { noiseImage, openClient } from './images.js';

const brain = { value: 1, name: 'brain', color: { red: 250, green: 250, blue: 225 } };

function labelMap(volume: Volume): RunOutput {
  return { name: 'pred', volume, kind: 'label-map', segments: [{ segment: brain, voxelCount: 7, volumeMl: 0.056 }] };
}

test('a run resolves with its outputs, and every event came in order', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const image = noiseImage(1);
  const events: RunEvent[] = [];
  const running = client.run('brain', { image }, { onEvent: (event) => events.push(event), requestId: 'mine' });
  const script = await wire.runs.nextRun();
  t.is(script.request.requestId, 'mine');
  const volume = wire.store.getVolume(script.request.inputs['image']!);
  script.happen({ kind: 'queued', position: 2, estimatedWaitMs: 1500, workflowLoading: false });
  script.happen({ kind: 'started', device: 'cpu' });
  script.happen({ kind: 'progress', stage: 'network', step: 3, stepCount: 12, fraction: 0.25, timeLeftMs: 900 });
  script.happen({ kind: 'output-ready', output: labelMap(volume) });
  script.happen({ kind: 'succeeded', result: { ...script.current(), state: 'succeeded' } });
  const run = await running;
  t.is(run.state, 'succeeded');
  t.is(run.outputs[0]?.name, 'pred');
  t.deepEqual(run.outputs[0]?.segments, [{ segment: brain, voxelCount: 7, volumeMl: 0.056 }]);
  t.deepEqual(
    events.map(({ sequence, kind }) => [sequence, kind]),
    [
      [1, 'queued'],
      [2, 'started'],
      [3, 'progress'],
      [4, 'output-ready'],
      [5, 'succeeded'],
    ],
  );
  t.like(events[0], { position: 2, estimatedWaitMs: 1500, workflowLoading: false });
  t.like(events[2], { stage: 'network', step: 3, stepCount: 12, fraction: 0.25, timeLeftMs: 900 });
  t.true(Buffer.from(image.voxels).equals((await client.download(run.outputs[0]!.volume)).voxels));
});

test('a run that fails rejects with its code, reason, message and metadata', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const running = client.run('brain', { image: noiseImage(1) });
  const script = await wire.runs.nextRun();
  const metadata = { step: 'preprocessing::transforms::2', operator: 'Spacing' };
  script.happen({
    kind: 'failed',
    error: { code: 'RESOURCE_EXHAUSTED', reason: 'OUT_OF_MEMORY', message: 'No room.', metadata },
  });
  const error = await t.throwsAsync(running, { instanceOf: VoxhostError });
  t.is(error.code, 'RESOURCE_EXHAUSTED');
  t.is(error.reason, 'OUT_OF_MEMORY');
  t.is(error.message, 'No room.');
  t.deepEqual(error.metadata, metadata);
});

test('an aborted run is cancelled on the host, and rejects with Cancelled', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const controller = new AbortController();
  const running = client.run('brain', { image: noiseImage(1) }, { signal: controller.signal });
  const script = await wire.runs.nextRun();
  script.happen({ kind: 'started', device: 'cpu' });
  controller.abort(new Error('enough'));
  const error = await t.throwsAsync(running, { instanceOf: VoxhostError });
  t.is(error.code, 'CANCELLED');
  await script.stopped;
  t.is(script.current().state, 'cancelled');
});

test('a run that someone else cancels rejects with Cancelled and the reason', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const running = client.run('brain', { image: noiseImage(1) });
  const script = await wire.runs.nextRun();
  script.happen({ kind: 'cancelled', reason: 'The workflow was undeployed.' });
  await t.throwsAsync(running, { message: 'The run was cancelled: The workflow was undeployed.' });
});

test('watching goes on over a broken connection: no event is missed and none comes twice', async (t) => {
  const wire = await openWire(t);
  const proxy = await openCuttingProxy(t, wire.address);
  const client = await openClient(t, proxy.address);
  const image = await client.upload(noiseImage(1));
  const { name } = await client.createRun('brain', { image });
  const script = await wire.runs.nextRun();
  script.happen({ kind: 'started', device: 'cpu' });
  const seen: number[] = [];
  for await (const event of client.watchRun(name)) {
    seen.push(event.sequence);
    if (event.sequence === 1) proxy.cut();
    if (event.sequence < 5) {
      script.happen({ kind: 'progress', stage: 'network', step: event.sequence, stepCount: 5, fraction: 0.1 });
    } else script.happen({ kind: 'cancelled', reason: 'done here' });
  }
  t.deepEqual(seen, [1, 2, 3, 4, 5, 6]);
  t.true(proxy.connections() >= 2);
});

test('what only asks is asked again when the call meets a connection that was cut; a stop ends that', async (t) => {
  const wire = await openWire(t);
  const proxy = await openCuttingProxy(t, wire.address);
  const client = await openClient(t, proxy.address);
  const volume = await client.upload(noiseImage(1));
  const { name: run } = await client.createRun('brain', { image: volume });
  const questions = {
    info: async () => (await client.info()).version,
    workflows: async () => (await client.workflows()).length,
    workflow: async () => (await client.workflow('brain')).name,
    volume: async () => (await client.volume(volume.name)).sha256,
    getRun: async () => (await client.getRun(run)).name,
    runs: async () => (await client.runs()).length,
    cancel: async () => (await client.cancel(run)).name,
  };
  for (const [name, ask] of Object.entries(questions)) {
    const answer = await ask();
    const before = proxy.connections();
    const cut = proxy.cutAfter(1);
    t.is(await ask(), answer, name);
    await cut;
    t.is(proxy.connections(), before + 1, name);
  }
  proxy.cut({ refuse: true });
  const stop = new AbortController();
  const asked = client.workflows({ signal: stop.signal });
  setImmediate(() => stop.abort());
  t.is((await t.throwsAsync(asked, { instanceOf: VoxhostError })).code, 'CANCELLED');
});

test('watching from a sequence number leaves out what is known', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const { name } = await client.createRun('brain', { image: noiseImage(1) });
  const script = await wire.runs.nextRun();
  script.happen({ kind: 'started', device: 'cpu' });
  script.happen({ kind: 'cancelled', reason: 'done' });
  const kinds: string[] = [];
  for await (const event of client.watchRun(name, { afterSequence: 1 })) kinds.push(event.kind);
  t.deepEqual(kinds, ['cancelled']);
});

test('a refusal of the run room reaches the caller with its limit', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  wire.runs.refuseNext(new LimitExceeded('queued runs', 'runs', 1001, 1000, 'Try again later.'));
  const error = await t.throwsAsync(client.run('brain', { image: noiseImage(1) }), { instanceOf: VoxhostError });
  t.is(error.code, 'RESOURCE_EXHAUSTED');
  t.like(error.metadata, { limit: 'queued runs', allowed: '1000' });
});

test('parameters of every type arrive as they are', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const parameters = { overlap: 0.5, sw_batch_size: 4, fast: true, slow: false, mode: 'gaussian', empty: '' };
  const run = await client.createRun('brain', { image: noiseImage(1) }, { parameters });
  t.deepEqual((await wire.runs.nextRun()).request.parameters, parameters);
  t.deepEqual(run.parameters, parameters);
  t.deepEqual(
    (await client.runs()).map(({ name }) => name),
    [run.name],
  );
  t.is((await client.cancel(run.name)).state, 'cancelled');
  t.is((await client.getRun(run.name)).state, 'cancelled');
  await client.deleteRun(run.name);
  t.deepEqual(await client.runs(), []);
});

test('predict sends, runs and brings the result in one call', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const image = noiseImage(3);
  const kinds: string[] = [];
  const predicting = client.predict('brain', { image }, { onEvent: ({ kind }) => kinds.push(kind) });
  const script = await wire.runs.nextRun();
  const volume = wire.store.getVolume(script.request.inputs['image']!);
  script.happen({ kind: 'started', device: 'cpu' });
  script.happen({ kind: 'output-ready', output: labelMap(volume) });
  script.happen({ kind: 'succeeded', result: { ...script.current(), state: 'succeeded' } });
  const { run, outputs } = await predicting;
  t.is(run.state, 'succeeded');
  t.deepEqual(outputs['pred']?.header, image.header);
  t.true(Buffer.from(image.voxels).equals(outputs['pred']!.voxels));
  t.is(outputs['pred']?.segments[0]?.voxelCount, 7);
  t.deepEqual(kinds, ['started', 'output-ready', 'succeeded']);
});

test('an aborted prediction stops its run', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const controller = new AbortController();
  const predicting = client.predict('brain', { image: noiseImage(1) }, { signal: controller.signal });
  const script = await wire.runs.nextRun();
  script.happen({ kind: 'started', device: 'cpu' });
  controller.abort('enough');
  const error = await t.throwsAsync(predicting, { instanceOf: VoxhostError });
  t.is(error.code, 'CANCELLED');
  t.is(error.cause, 'enough');
  await script.stopped;
});

test('a prediction that fails rejects as its run did', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const predicting = client.predict('brain', { image: noiseImage(1) });
  const script = await wire.runs.nextRun();
  const metadata = { got: '2', expected: '1' };
  script.happen({
    kind: 'failed',
    error: { code: 'INVALID_ARGUMENT', reason: 'INVALID_FIELD', message: 'Two channels.', metadata },
  });
  const error = await t.throwsAsync(predicting, { instanceOf: VoxhostError });
  t.is(error.message, 'Two channels.');
  t.is(error.code, 'INVALID_ARGUMENT');
  t.deepEqual(error.metadata, metadata);
});
