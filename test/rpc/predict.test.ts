// Predict over a real connection and the real store: inputs in, events and results out, and every way that it ends.
import { type ServiceError, status } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import type { PredictRequest } from '../../proto/generated/voxhost/v1/PredictRequest.js';
import type { PredictResponse__Output } from '../../proto/generated/voxhost/v1/PredictResponse.js';
import { LimitExceeded } from '../../server/errors.js';
import type { RunOutput } from '../../server/runs/run.js';
import type { VolumeStore } from '../../server/volumes/store.js';
import { openDelayingProxy } from '../fixtures/delaying-proxy.js';
import { until } from '../fixtures/until.js';
import { ask, failed, next, send, writeAll } from './rooms/calls.js';
import { connectClients, openWire } from './rooms/open-wire.js';
import type { ScriptedRun } from './rooms/scripted-runs.js';
import { headerOf, noise, sha256Of, uploadOf } from './rooms/volumes.js';

function startOf(streamedInputs: readonly string[], change: object = {}): PredictRequest {
  return { start: { run: { workflow: 'brain', ...change }, streamedInputs: [...streamedInputs] } };
}

function* writesOf(input: string, bytes: Buffer, chunkBytes = 2 ** 18): Generator<PredictRequest> {
  for (const write of uploadOf(bytes, { chunkBytes })) yield { write: { input, write } };
}

/** A result in the store, as the run room would adopt it. */
async function storeOutput(store: VolumeStore, name: string, bytes: Buffer): Promise<RunOutput> {
  const header = {
    sizes: [16, bytes.length / 16, 1],
    componentType: 'uint8',
    components: 1,
    indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    modality: '',
  } as const;
  const upload = await store.openUpload('', header);
  for (let at = 0; at < bytes.length; at += 2 ** 20) await upload.write(at, bytes.subarray(at, at + 2 ** 20));
  const volume = await upload.finish({ sizeBytes: bytes.length, sha256: sha256Of(bytes) });
  return { name, volume, kind: 'label-map', segments: [] };
}

/** Everything that a call answers, and what it ended with. */
async function outcome(call: AsyncIterable<PredictResponse__Output>) {
  const responses: PredictResponse__Output[] = [];
  let error: unknown;
  try {
    for await (const response of call) responses.push(response);
  } catch (reason) {
    error = reason;
  }
  const results = new Map<string, Buffer>();
  for (const { read } of responses) {
    if (read?.read?.chunk) {
      results.set(read.output, Buffer.concat([results.get(read.output) ?? Buffer.alloc(0), read.read.chunk.data]));
    }
  }
  return { events: responses.flatMap(({ event }) => (event ? [event.event] : [])), responses, results, error };
}

test('an input goes in, events and the result come out, in order', async (t) => {
  const { runService, runs, store } = await openWire(t);
  const [input, mask] = [noise(2 ** 20), noise(2 ** 20 + 16)];
  const call = runService.predict();
  const ended = outcome(call);
  await writeAll(call, [
    startOf(['image'], { parameters: { overlap: { numberValue: 0.5 } } }),
    ...writesOf('image', input),
  ]);
  const run = await runs.nextRun();
  t.is(run.request.parameters['overlap'], 0.5);
  t.is(store.getVolume(run.request.inputs['image']!).sha256, sha256Of(input));

  run.happen({ kind: 'queued', position: 1, workflowLoading: false });
  run.happen({ kind: 'started', device: 'cpu' });
  const output = await storeOutput(store, 'pred', mask);
  run.happen({ kind: 'output-ready', output });
  run.happen({ kind: 'succeeded', result: run.current() });
  const { events, responses, results, error } = await ended;
  t.is(error, undefined);
  t.deepEqual(events, ['queued', 'started', 'outputReady', 'succeeded']);
  t.true(results.get('pred')?.equals(mask));
  const kinds = responses.map(({ event, read }) => event?.event ?? (read?.read?.volume ? 'volume' : 'chunk'));
  t.deepEqual(kinds.slice(0, 4), ['queued', 'started', 'outputReady', 'volume']);
  t.is(kinds.at(-1), 'succeeded');
  t.is(runs.watchers(), 0);
});

test('inputs may be interleaved, chunk by chunk, and others named from the store', async (t) => {
  const { runService, runs, store, volumes, catalog } = await openWire(t);
  const third = catalog.get('brain').description!;
  const more = { ...third.inputs[0]!, name: 'mask', required: false };
  catalog.set('brain', { description: { ...third, inputs: [...third.inputs, more] } });
  const [image, prior] = [noise(4096), noise(2048)];
  const { volume } = await send(volumes, 'writeVolume', uploadOf(noise(64)));
  const [a, b] = [[...writesOf('image', image, 1024)], [...writesOf('prior', prior, 1024)]];
  const interleaved = a.flatMap((message, index) => [message, ...(b[index] ? [b[index]] : [])]);

  const call = runService.predict();
  const ended = outcome(call);
  await writeAll(call, [startOf(['prior', 'image'], { inputs: { mask: volume!.name } }), ...interleaved]);
  const run = await runs.nextRun();
  t.is(store.getVolume(run.request.inputs['image']!).sha256, sha256Of(image));
  t.is(store.getVolume(run.request.inputs['prior']!).sha256, sha256Of(prior));
  t.is(run.request.inputs['mask'], volume!.name);
  run.happen({ kind: 'succeeded', result: run.current() });
  t.is((await ended).error, undefined);
});

test('a prediction on volumes that the host has starts at once', async (t) => {
  const { runService, runs } = await openWire(t);
  const call = runService.predict();
  const ended = outcome(call);
  call.write(startOf([], { inputs: { image: 'a'.repeat(64) } }));
  const run = await runs.nextRun();
  run.happen({ kind: 'succeeded', result: run.current() });
  t.deepEqual((await ended).events, ['succeeded']);
});

test('results are encoded for a client that reads the encoding', async (t) => {
  const { runService, runs, store } = await openWire(t);
  const call = runService.predict();
  const ended = outcome(call);
  const start = startOf([]).start!;
  call.write({ start: { ...start, acceptEncodings: ['CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE'] } });
  const run = await runs.nextRun();
  run.happen({ kind: 'output-ready', output: await storeOutput(store, 'pred', Buffer.alloc(2 ** 20, 1)) });
  run.happen({ kind: 'succeeded', result: run.current() });
  const chunks = (await ended).responses.flatMap(({ read }) => (read?.read?.chunk ? [read.read.chunk] : []));
  t.true(chunks.every((chunk) => chunk.encoding === 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE'));
  t.is(
    chunks.reduce((sum, chunk) => sum + chunk.decodedBytes, 0),
    2 ** 20,
  );
});

test('a run that fails ends the call with its code, after the failed event', async (t) => {
  const { runService, runs } = await openWire(t);
  const call = runService.predict();
  const ended = outcome(call);
  call.write(startOf([]));
  const error = {
    code: 'INVALID_ARGUMENT',
    reason: 'OPERATOR_FAILED',
    message: 'Spacing: …',
    metadata: { step: '2' },
  } as const;
  (await runs.nextRun()).happen({ kind: 'failed', error });
  const { events, error: thrown } = await ended;
  t.deepEqual(events, ['failed']);
  t.deepEqual(await failed(Promise.reject(thrown)), { ...error, code: status.INVALID_ARGUMENT });
});

test('a run that is stopped by somebody else ends the call as CANCELLED, after its event', async (t) => {
  const { runService, runs } = await openWire(t);
  const call = runService.predict();
  const ended = outcome(call);
  call.write(startOf([]));
  (await runs.nextRun()).happen({ kind: 'cancelled', reason: 'brain was undeployed' });
  const { events, error } = await ended;
  t.deepEqual(events, ['cancelled']);
  const failure = await failed(Promise.reject(error));
  t.is(failure.code, status.CANCELLED);
  t.is(failure.message, 'brain was undeployed');
});

test('a run that is refused ends the call, and what was sent can be evicted', async (t) => {
  const { runService, runs, store } = await openWire(t);
  runs.refuseNext(new LimitExceeded('runs that wait', 'runs', 1001, 1000));
  const call = runService.predict();
  const ended = outcome(call);
  const bytes = noise(64);
  await writeAll(call, [startOf(['image']), ...writesOf('image', bytes)]);
  const failure = await failed(Promise.reject((await ended).error));
  t.is(failure.code, status.RESOURCE_EXHAUSTED);
  const header = { ...headerOf(64), componentType: 'uint8', components: 1, modality: 'MR' } as never;
  const volume = await store.findVolume(header, sha256Of(bytes));
  await t.notThrowsAsync(store.deleteVolume(volume!.name), 'nothing pins it');
});

const [header, chunk, finish] = [...writesOf('image', noise(64))];
const badCalls: [title: string, code: status, field: string | undefined, messages: PredictRequest[]][] = [
  ['ends before it starts', status.INVALID_ARGUMENT, 'message', []],
  ['starts with a write', status.INVALID_ARGUMENT, 'message', [header!]],
  ['starts with an empty message', status.INVALID_ARGUMENT, 'message', [{}]],
  ['starts without a run', status.INVALID_ARGUMENT, 'start.run', [{ start: {} }]],
  ['starts twice', status.INVALID_ARGUMENT, 'message', [startOf(['image']), startOf(['image'])]],
  ['names an unknown workflow', status.NOT_FOUND, undefined, [startOf(['image'], { workflow: 'none' })]],
  ['streams an input that the workflow has not', status.INVALID_ARGUMENT, 'start.streamed_inputs', [startOf(['scan'])]],
  ['streams an input twice', status.INVALID_ARGUMENT, 'start.streamed_inputs', [startOf(['image', 'image'])]],
  [
    'streams an input that it also names',
    status.INVALID_ARGUMENT,
    'start.streamed_inputs',
    [startOf(['image'], { inputs: { image: 'x' } })],
  ],
  [
    'has a parameter that is null',
    status.INVALID_ARGUMENT,
    'start.run.parameters["overlap"]',
    [startOf(['image'], { parameters: { overlap: { nullValue: 0 } } })],
  ],
  [
    'writes an input that it did not announce',
    status.INVALID_ARGUMENT,
    'write.input',
    [startOf(['image']), { write: { input: 'prior', write: header!.write!.write! } }],
  ],
  [
    'writes on after finish',
    status.INVALID_ARGUMENT,
    'write.input',
    [startOf(['image', 'prior']), header!, chunk!, finish!, chunk!],
  ],
  [
    'has a write without a part',
    status.INVALID_ARGUMENT,
    'message',
    [startOf(['image']), { write: { input: 'image' } }],
  ],
  [
    'has a write that is empty',
    status.INVALID_ARGUMENT,
    'write["image"].message',
    [startOf(['image']), { write: { input: 'image', write: {} } }],
  ],
  ['sends a chunk before its header', status.INVALID_ARGUMENT, 'write["image"].message', [startOf(['image']), chunk!]],
  [
    'ends with an input that is not finished',
    status.INVALID_ARGUMENT,
    'message',
    [startOf(['image']), header!, chunk!],
  ],
  [
    'finishes with another digest',
    status.DATA_LOSS,
    undefined,
    [
      startOf(['image']),
      header!,
      chunk!,
      { write: { input: 'image', write: { finish: { sizeBytes: 64, sha256: '0'.repeat(64) } } } },
    ],
  ],
];
for (const [title, code, field, messages] of badCalls) {
  test(`a call that ${title} is ${status[code]}, starts no run and leaves no upload`, async (t) => {
    const { runService, runs, store } = await openWire(t);
    const call = runService.predict();
    const ended = outcome(call);
    await writeAll(call, messages);
    const failure = await failed(Promise.reject((await ended).error));
    t.is(failure.code, code);
    t.is(failure.metadata['field'], field);
    t.is(runs.listRuns().length, 0);
    if (title !== 'writes on after finish') t.is(store.usage().usedBytes, 0);
  });
}

// The caller goes away, in every stage and in every way.

type Wire = Awaited<ReturnType<typeof openWire>>;
type PredictCall = ReturnType<Wire['runService']['predict']>;

const ways = ['cancel', 'a cut connection', 'the deadline'] as const;
type Way = (typeof ways)[number];

/** Brings a call to a stage, unless it is over before; resolves with the run if there is one by then. */
type Stage = (call: PredictCall, wire: Wire, isOver: () => boolean) => Promise<ScriptedRun | undefined>;

const stages: Readonly<Record<string, Stage>> = {
  async 'before the first message'() {
    return undefined;
  },
  async 'in the middle of an upload'(call, { store }, isOver) {
    call.write(startOf(['image']));
    for (const message of [...writesOf('image', noise(4096), 1024)].slice(0, 3)) call.write(message);
    await until(() => isOver() || store.usage().usedBytes > 0);
    return undefined;
  },
  async 'while the run waits'(call, { runs }) {
    call.write(startOf([]));
    const run = await runs.nextRun();
    run.happen({ kind: 'queued', position: 1, workflowLoading: false });
    await next(call);
    return run;
  },
  async 'while the run computes'(call, { runs }) {
    call.write(startOf([]));
    const run = await runs.nextRun();
    run.happen({ kind: 'started', device: 'cpu' });
    await next(call);
    return run;
  },
  async 'while it reads the result'(call, { runs, store }) {
    call.write(startOf([]));
    const run = await runs.nextRun();
    run.happen({ kind: 'output-ready', output: await storeOutput(store, 'pred', noise(2 ** 26)) });
    for (let count = 0; count < 3; count++) await next(call);
    return run;
  },
};

/**
 * Ends the call from the client's side in one of the ways, once it is at the stage. False when a deadline passed before
 * it was there: this machine was slow, try again with more time.
 */
async function goAway(t: ExecutionContext, way: Way, stage: Stage, deadlineMs: number): Promise<boolean> {
  const wire = await openWire(t);
  const proxy = await openDelayingProxy(wire.address);
  t.teardown(() => proxy.close());
  const { runService, health } = connectClients(t, proxy.address, undefined, { 'grpc.use_local_subchannel_pool': 0 });
  await ask(health, 'check', {});
  const before = proxy.bytesToServer();

  const call = runService.predict(way === 'the deadline' ? { deadline: Date.now() + deadlineMs } : {});
  let isOver = false;
  const ended = new Promise<ServiceError>((resolve) => {
    call.on('error', (error) => {
      isOver = true;
      resolve(error as ServiceError);
    });
  });
  await until(() => isOver || proxy.bytesToServer() > before);
  const reached = await Promise.race([stage(call, wire, () => isOver), ended.then(() => 'too late' as const)]).catch(
    () => 'too late',
  );
  if (reached === 'too late') return false;
  const run = reached as ScriptedRun | undefined;
  if (way === 'cancel') call.cancel();
  if (way === 'a cut connection') proxy.cut();
  if (run) t.regex(await run.stopped, /caller of Predict went away/);
  await until(() => wire.runs.watchers() === 0);
  if (!run) {
    await until(() => wire.store.usage().usedBytes === 0);
    t.is(wire.runs.listRuns().length, 0);
  }
  const codes = {
    cancel: status.CANCELLED,
    'a cut connection': status.UNAVAILABLE,
    'the deadline': status.DEADLINE_EXCEEDED,
  };
  t.is((await ended).code, codes[way]);
  return true;
}

for (const way of ways) {
  for (const [title, stage] of Object.entries(stages)) {
    test(`${way} ${title} leaves no run, no watcher and no upload behind`, async (t) => {
      let deadlineMs = 500;
      while (!(await goAway(t, way, stage, deadlineMs))) deadlineMs *= 2;
    });
  }
}

test('a reader that stands still stops the reading of its result, and the rest of the host goes on', async (t) => {
  let chunksRead = 0;
  const { runService, runs, store, volumes } = await openWire(t, {
    wrapStore: (real) => ({
      ...real,
      async *readVolume(...args) {
        for await (const chunkRead of real.readVolume(...args)) {
          chunksRead++;
          yield chunkRead;
        }
      },
    }),
  });
  const result = noise(2 ** 26);
  const call = runService.predict();
  call.on('error', () => {});
  call.write(startOf([]));
  const run = await runs.nextRun();
  run.happen({ kind: 'output-ready', output: await storeOutput(store, 'pred', result) });
  await next(call);
  // Other work of the host passes meanwhile, over the same server: the producer had every chance to go on.
  await send(volumes, 'writeVolume', uploadOf(noise(2 ** 22)));
  const all = result.length / (256 * 1024);
  t.true(chunksRead > 0 && chunksRead < all / 2, `${chunksRead} of ${all} chunks were read`);
  call.cancel();
  await run.stopped;
});
