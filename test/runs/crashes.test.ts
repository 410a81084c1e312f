// Whatever happens to a runner's process, its run ends with an error that says so, and the next run computes.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runnerModule } from '../../server/runners/spawn-runner.js';
import type { Run } from '../../server/runs/run.js';
import { createGate } from '../fixtures/gate.js';
import { hungryModel, sleepyModel } from '../fixtures/onnx/models.js';
import { writeTinyBundle } from '../fixtures/onnx/tiny-bundle.js';
import { createFolder, isAlive, SMALL_HEADER } from '../fixtures/scripted-bundle.js';
import { download, upload } from '../volumes/store-fixture.js';
import { isReady } from '../workflows/catalog-fixture.js';
import { OUTPUT, openTestRuns, progress, scriptOf, type TestRuns } from './runs-fixture.js';

/** The run has failed with a crash, once, and the room is as before. */
async function failedByCrash(t: ExecutionContext, room: TestRuns, run: Run, doing: RegExp): Promise<void> {
  const events = await room.events(run);
  const lasts = events.filter((event) => ['succeeded', 'failed', 'cancelled'].includes(event.kind));
  t.is(lasts.length, 1);
  const last = lasts[0]!;
  t.is(last.kind, 'failed');
  if (last.kind === 'failed') {
    t.is(last.error.reason, 'RUNNER_CRASHED');
    t.regex(last.error.message, doing);
  }
  t.deepEqual(await room.scratchFiles(), []);
  t.notThrows(() => room.store.getVolume(room.image.name));
}

for (const stage of ['read', 'network', 'write']) {
  test.serial(`SIGKILL in the stage ${stage}: the run fails, the next one computes on a new process`, async (t) => {
    const gate = await createGate(t);
    const room = await openTestRuns(t, { brain: scriptOf([progress(stage), { gate: gate.port }], [OUTPUT]) });
    const run = await room.create('brain');
    const next = await room.create('brain');
    process.kill(await gate.arrival(), 'SIGKILL');
    await failedByCrash(t, room, run, new RegExp(`stage ${stage}.*memory`));
    await room.event(next, 'succeeded');
    t.is(room.pids('brain').length, 2);
    t.true(isReady(room.catalog.get('brain')));
  });
}

test.serial('a run that says nothing any more is ended, the next one computes on a new process', async (t) => {
  const gate = await createGate(t);
  const script = scriptOf([progress('network'), { gate: gate.port }], [OUTPUT]);
  const room = await openTestRuns(t, { brain: script }, { runs: { maxSilenceMs: 2_000 } });
  const run = await room.create('brain');
  const next = await room.create('brain');
  const { error } = await room.event(run, 'failed');
  t.is(error.reason, 'RUN_SILENT');
  t.regex(error.message, /stage network/);
  await room.event(next, 'succeeded');
});

test.serial('SIGKILL between two results: the first one stays, the run fails', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([OUTPUT, { gate: gate.port }], [OUTPUT]) });
  const run = await room.create('brain');
  await room.event(run, 'output-ready');
  process.kill(await gate.arrival(), 'SIGKILL');
  await failedByCrash(t, room, run, /ended \(signal SIGKILL\)/);
  const [output] = room.runs.getRun(run.name).outputs;
  t.is((await download(room.store, output!.volume.name)).length, 24);
});

test.serial('SIGKILL while the workflow loads or warms up: its waiting run does not notice', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: { ...scriptOf(), loads: [[{ gate: gate.port }], []] } });
  const run = await room.create('brain');
  process.kill(await gate.arrival(), 'SIGKILL');
  await room.event(run, 'succeeded');
  t.is(room.pids('brain').length, 2);
});

test.serial('a workflow whose processes crash again and again while loading fails its waiting runs', async (t) => {
  const room = await openTestRuns(t, { brain: { ...scriptOf(), loads: [[{ kill: 'SIGABRT' }]] } });
  const run = await room.create('brain');
  await failedByCrash(t, room, run, /loading its model/);
  t.is(room.catalog.get('brain').state, 'failed');
  t.regex(room.catalog.get('brain').failure, /SIGABRT/);
});

test.serial(
  'SIGKILL of an idle process while its run waits for the device: the run computes on a new one',
  async (t) => {
    const gate = await createGate(t);
    const room = await openTestRuns(t, { busy: scriptOf([{ gate: gate.port }, OUTPUT]), brain: scriptOf() });
    await room.when('brain', isReady);
    await room.create('busy');
    await gate.arrival();
    const run = await room.create('brain');
    process.kill(room.pids('brain')[0]!, 'SIGKILL');
    await room.when('brain', () => room.pids('brain').length === 2);
    gate.open();
    t.is((await room.event(run, 'succeeded')).result.outputs.length, 1);
  },
);

test.serial('SIGKILL of the process of one workflow does not touch the run of another', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }, OUTPUT]), other: scriptOf() });
  await room.when('other', isReady);
  const run = await room.create('brain');
  const pid = await gate.arrival();
  process.kill(room.pids('other')[0]!, 'SIGKILL');
  await room.when('other', () => room.pids('other').length === 2);
  t.true(isAlive(pid));
  gate.open();
  await room.event(run, 'succeeded');
});

test.serial('a runner that does not stop when cancelled is killed, and the next run computes', async (t) => {
  const gate = await createGate(t);
  const room = await openTestRuns(t, { brain: scriptOf([{ gate: gate.port }, { hang: true }], [OUTPUT]) });
  const run = await room.create('brain');
  const next = await room.create('brain');
  const pid = await gate.arrival();
  t.is((await room.runs.cancelRun(run.name, 'enough')).state, 'cancelled');
  await room.event(next, 'succeeded');
  t.false(isAlive(pid));
  t.deepEqual(await room.scratchFiles(), []);
});

test.serial('a result outside the folder of its run is not taken', async (t) => {
  const file = join(await createFolder(t), 'elsewhere');
  const say = { type: 'output', name: 'pred', file, header: SMALL_HEADER, sha256: 'a'.repeat(64) };
  const room = await openTestRuns(t, { brain: scriptOf([{ say }]) });
  const { error } = await room.event(await room.create('brain'), 'failed');
  t.is(error.code, 'INTERNAL');
  t.regex(error.message, /outside its folder/);
});

/** A room in which real runner processes run a model that misbehaves when its input's largest voxel is 1. */
async function openReal(t: ExecutionContext, model: Uint8Array) {
  const folder = await createFolder(t);
  await writeTinyBundle(join(folder, 'model'), { model });
  const room = await openTestRuns(t, {}, { catalog: { folder, module: runnerModule(), cancelGraceMs: 20 } });
  await room.when('model', isReady);
  const volume = (value: number) => upload(room.store, new Uint8Array(24).fill(value), { header: SMALL_HEADER });
  const create = async (value: number): Promise<Run> =>
    room.create('model', { inputs: { image: (await volume(value)).name } });
  return { room, create };
}

/** Resolves when the network of a real model is at work. */
async function inNetwork({ runs }: TestRuns, run: Run): Promise<void> {
  for await (const event of runs.watchRun(run.name, 0, new AbortController().signal)) {
    if (event.kind === 'progress' && event.stage === 'network') return;
  }
}

test.serial('SIGKILL of a real process in the middle of a pass fails its run, and the next one computes', async (t) => {
  const { room, create } = await openReal(t, sleepyModel());
  const run = await create(200);
  await inNetwork(room, run);
  process.kill(room.pids('model')[0]!, 'SIGKILL');
  await failedByCrash(t, room, run, /stage network/);
  const { result } = await room.event(await create(0), 'succeeded');
  t.is(result.outputs.length, 1);
  t.is(room.pids('model').length, 2);
});

test.serial('a real model that asks for more memory than there is fails its run and says so', async (t) => {
  const { room, create } = await openReal(t, hungryModel());
  const { error } = await room.event(await create(1), 'failed');
  t.is(error.code, 'RESOURCE_EXHAUSTED');
  t.regex(error.message, /memory/);
  await room.event(await create(0), 'succeeded');
});

test.serial('a real model that is in the middle of a long pass when cancelled is killed', async (t) => {
  const { room, create } = await openReal(t, sleepyModel());
  // A cancel that comes just before the pass stops the run without a kill: tried until one comes during it.
  while (!room.lines.some((line) => line.message.startsWith('runner killed'))) {
    const run = await create(200);
    await inNetwork(room, run);
    t.is((await room.runs.cancelRun(run.name, 'enough')).state, 'cancelled');
  }
  await room.event(await create(0), 'succeeded');
  t.is(room.pids('model').length, 2);
});

test.serial('a real bundle that comes into the folder is deployed; one whose model is none is refused', async (t) => {
  const { room, create } = await openReal(t, sleepyModel());
  const beside = await createFolder(t);
  await writeTinyBundle(join(beside, 'bad'), { model: Buffer.from('not a model') });
  await cp(join(beside, 'bad'), join(room.folder, 'bad'), { recursive: true });
  const failed = await room.when('bad', (workflow) => workflow.state === 'failed');
  t.regex(failed.failure, /models\/model\.onnx/);
  await room.event(await create(0), 'succeeded');
});
