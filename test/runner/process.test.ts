// The runner's process itself, started as the front starts it: runs, refusals, cancelling, and every way to end it.
import test from 'ava';
import { makeNode } from '../../server/inference/onnx/nodes.js';
import {
  argmaxModel,
  crashingModel,
  hungryModel,
  identityModel,
  makeModel,
  mixModel,
  sleepyModel,
} from '../fixtures/onnx/models.js';
import { ARGMAX, LOAD } from '../fixtures/onnx/tiny-bundle.js';
import { floatsOf, IDENTITY_LPS, RunnerProcess } from './runner-process.js';

const cube = (size: number, value: number) => ({
  voxels: new Float32Array(size ** 3).fill(value),
  header: { sizes: [size, size, size] },
});
const WINDOWS = { _target_: 'SlidingWindowInferer', roi_size: [4, 4, 4], overlap: 0, sw_batch_size: 1 };

test.serial('an image comes through the identity as it went in, with digest, geometry and timed stages', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel() });
  const indexToWorldLps = [0, 0, 3, 10, -2, 0, 0, 20, 0, 1, 0, -30];
  const voxels = Int16Array.from({ length: 24 }, (_, i) => i * 7 - 80);
  const run = await runner.start({ voxels, header: { sizes: [2, 3, 4], componentType: 'int16', indexToWorldLps } });
  const output = await runner.output(t, run);
  t.is(output.name, 'pred');
  t.deepEqual(floatsOf(output.bytes), [...voxels]);
  t.deepEqual(output.header, {
    sizes: [2, 3, 4],
    componentType: 'float32',
    components: 1,
    indexToWorldLps,
    modality: '',
  });
  t.is(output.voxelCounts, undefined);
  const done = await runner.outcome(run);
  t.is(done.type, 'done');
  const stages = ['read', 'LoadImage', 'EnsureChannelFirst', 'network', 'write'];
  if (done.type === 'done')
    t.deepEqual(
      done.timings.map(({ stage }) => stage),
      stages,
    );
  t.true(done.rssBytes > 0);
  t.deepEqual([...new Set(runner.progress(run).map(({ stage }) => stage))], stages);
});

test.serial('what the bundle says of itself comes before the model is loaded', async (t) => {
  const runner = await RunnerProcess.start(t);
  const ready = await runner.load({ model: identityModel() }, 'auto');
  t.is(ready.type, 'ready');
  t.deepEqual(
    runner.messages.map(({ type }) => type),
    ['described', 'ready'],
  );
  t.is(ready.attempts.at(-1)?.device, 'cpu');
});

test.serial('channels are components or frames, and both give the same answer', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: mixModel([[1, 10]]), inChannels: 2 });
  const frames = await runner.start({ voxels: Float32Array.of(1, 2, 3, 4), header: { sizes: [2, 1, 1, 2] } });
  t.deepEqual(floatsOf((await runner.output(t, frames)).bytes), [31, 42]);
  await runner.outcome(frames);
  const components = await runner.start({
    voxels: Float32Array.of(1, 3, 2, 4),
    header: { sizes: [2, 1, 1], components: 2 },
  });
  t.deepEqual(floatsOf((await runner.output(t, components)).bytes), [31, 42]);
});

test.serial('channels of an answer that is no label map are written side by side', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: mixModel([[1], [-1]]), outChannels: 2 });
  const run = await runner.start({ voxels: Float32Array.of(1, 2, 3), header: { sizes: [3, 1, 1] } });
  const output = await runner.output(t, run);
  t.is(output.header.components, 2);
  t.deepEqual(floatsOf(output.bytes), [1, -1, 2, -2, 3, -3]);
});

test.serial('labels are bytes, counted by value', async (t) => {
  const runner = await RunnerProcess.ready(t, {
    model: mixModel([[-1], [1], [0]]),
    outChannels: 3,
    postprocessing: ARGMAX,
  });
  const run = await runner.start({ voxels: Float32Array.of(1, -2, 0, 5, 6), header: { sizes: [5, 1, 1] } });
  const output = await runner.output(t, run);
  t.is(output.header.componentType, 'uint8');
  t.deepEqual([...output.bytes], [1, 0, 0, 1, 1]);
  t.deepEqual(output.voxelCounts, { 0: 2, 1: 3 });
});

test.serial('a model that answers in int64 is read like any other', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: argmaxModel(0.5) });
  const run = await runner.start({ voxels: Float32Array.of(0.2, 0.7), header: { sizes: [1, 2, 1] } });
  t.deepEqual(floatsOf((await runner.output(t, run)).bytes), [0, 1]);
});

test.serial('a workflow of two axes takes a volume of one slice', async (t) => {
  const model = identityModel(['n', 1, 'h', 'w']);
  const runner = await RunnerProcess.ready(t, { model, spatialAxes: 2 });
  const run = await runner.start({ voxels: Float32Array.of(1, 2, 3, 4, 5, 6), header: { sizes: [2, 3, 1] } });
  const output = await runner.output(t, run);
  t.deepEqual(output.header.sizes, [2, 3]);
  t.deepEqual(floatsOf(output.bytes), [1, 2, 3, 4, 5, 6]);
});

test.serial('a run sets overlap and batch for itself', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel(), inferer: WINDOWS });
  const windows = async (parameters: Record<string, number>) => {
    const run = await runner.start(cube(8, 1), parameters);
    await runner.outcome(run);
    return runner.progress(run).findLast(({ stage }) => stage === 'network')!;
  };
  t.like(await windows({}), { step: 8, stepCount: 8 });
  t.like(await windows({ overlap: 0.5, sw_batch_size: 4 }), { step: 27, stepCount: 27 });
  t.like(await windows({}), { step: 8, stepCount: 8 });
});

test.serial('cancel stops a run between windows, and the next run is computed', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: sleepyModel(), inferer: WINDOWS });
  const run = await runner.start(cube(40, 0.02));
  await runner.next((m): m is never => m.type === 'progress' && m.stage === 'network' && m.step > 0);
  runner.send({ type: 'cancel', run });
  t.is((await runner.outcome(run)).type, 'cancelled');
  const last = runner.progress(run).findLast(({ stage }) => stage === 'network')!;
  t.true(last.step < last.stepCount, `${last.step} of ${last.stepCount}`);
  const next = await runner.start(cube(4, 0));
  t.is((await runner.outcome(next)).type, 'done');
});

test.serial('cancelling a run that is not under way changes nothing', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel() });
  runner.send({ type: 'cancel', run: 'run-1' });
  const run = await runner.start(cube(4, 1));
  t.is((await runner.outcome(run)).type, 'done');
});

test.serial('progress has the first and the last window, and no more than 20 messages a second between', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel(), inferer: WINDOWS });
  const run = await runner.start(cube(40, 1));
  const done = await runner.outcome(run);
  const steps = runner.progress(run).filter(({ stage, stepCount }) => stage === 'network' && stepCount === 1000);
  t.is(steps[0]?.step, 0);
  t.is(steps.at(-1)?.step, 1000);
  const seconds = done.type === 'done' ? done.timings.find(({ stage }) => stage === 'network')!.durationMs / 1000 : 0;
  t.true(steps.length <= 2 + 20 * seconds, `${steps.length} messages in ${seconds} s`);
});

test.serial(
  'a model that asks for too much memory fails its run, names the step, and the process lives on',
  async (t) => {
    const runner = await RunnerProcess.ready(t, { model: hungryModel() });
    const run = await runner.start(cube(4, 1));
    const outcome = await runner.outcome(run);
    t.like(outcome, { type: 'failed', error: { code: 'RESOURCE_EXHAUSTED', reason: 'OPERATOR_FAILED' } });
    if (outcome.type === 'failed') t.is(outcome.error.metadata['operator'], 'network');
    const next = await runner.start(cube(4, 0));
    t.is((await runner.outcome(next)).type, 'done');
  },
);

(process.arch === 'x64' ? test.serial : test.serial.skip)(
  'a model that crashes takes its own process with it',
  async (t) => {
    const runner = await RunnerProcess.ready(t, { model: crashingModel() });
    await runner.start(cube(4, 1));
    t.is((await runner.exit()).signal, 'SIGFPE');
  },
);

test.serial('an input that does not fit is refused with what came and what was expected', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel() });
  const two = await runner.start({ voxels: new Float32Array(16), header: { sizes: [2, 2, 2], components: 2 } });
  t.like(await runner.outcome(two), {
    type: 'failed',
    error: {
      code: 'INVALID_ARGUMENT',
      metadata: {
        field: 'inputs.image',
        got: '"2 × 2 × 2 voxels of 2 components"',
        expected: '3 spatial axes and 1 channel (components, or frames on axis 4)',
      },
    },
  });
  const flat = await runner.start({ voxels: new Float32Array(4), header: { sizes: [2, 2] } });
  t.like(await runner.outcome(flat), { error: { metadata: { got: '"2 × 2 voxels of 1 component"' } } });
  runner.send({ type: 'run', run: 'none', inputs: {}, parameters: {}, outputFolder: runner.folder });
  t.like(await runner.outcome('none'), { error: { metadata: { field: 'inputs.image', got: 'missing' } } });
  const header = {
    sizes: [1, 1, 1],
    componentType: 'uint8',
    components: 1,
    indexToWorldLps: IDENTITY_LPS,
    modality: '',
  } as const;
  const inputs = { image: { file: 'x', header }, other: { file: 'x', header } };
  runner.send({ type: 'run', run: 'extra', inputs, parameters: {}, outputFolder: runner.folder });
  t.like(await runner.outcome('extra'), { error: { metadata: { field: 'inputs.other', expected: 'one of image' } } });
});

test.serial('a file shorter than its header says is DATA_LOSS', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel() });
  const run = await runner.start({ voxels: new Float32Array(7), header: { sizes: [2, 2, 2] } });
  t.like(await runner.outcome(run), { error: { code: 'DATA_LOSS' } });
});

test.serial('a second run while one computes is refused', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: sleepyModel(), inferer: WINDOWS });
  const first = await runner.start(cube(40, 0.02));
  const second = await runner.start(cube(4, 0));
  t.like(await runner.outcome(second), { type: 'failed', error: { reason: 'RUNNER_NOT_READY' } });
  runner.send({ type: 'cancel', run: first });
  t.is((await runner.outcome(first)).type, 'cancelled');
});

const refusals = {
  'a file that is no model': [{ model: Buffer.from('no model at all') }, /models\/model.onnx: it is no ONNX model/],
  'other channels in': [
    { model: mixModel([[1, 1]]) },
    /its input "image" is \[\?, 2, \?, \?, \?\], but the bundle feeds it \[\?, 1, \?, \?, \?\]/,
  ],
  'other channels out': [
    { model: mixModel([[1], [1]]) },
    /its output "pred" is \[\?, 2, \?, \?, \?\], but the bundle expects \[\?, 1, \?, \?, \?\]/,
  ],
  'windows of another size': [
    { model: identityModel([1, 1, 8, 8, 8]), inferer: WINDOWS },
    /its input "image" is \[1, 1, 8, 8, 8\], but the bundle feeds it \[\?, 1, 4, 4, 4\]/,
  ],
  'images resized to another size': [
    {
      model: identityModel([1, 1, 8, 8, 8]),
      preprocessing: [...LOAD, { _target_: 'Resized', keys: 'image', spatial_size: [8, 8, 9] }],
    },
    /is \[1, 1, 8, 8, 8\], but the bundle feeds it \[\?, 1, 8, 8, 9\]/,
  ],
  'an answer of another size than its file says nothing of': [
    {
      model: makeModel({
        nodes: [makeNode('MaxPool', ['image'], 'pred', { kernel_shape: [2, 2, 2], strides: [2, 2, 2] })],
        inputDims: ['n', 1, 'd', 'h', 'w'],
        outputDims: ['n', 1, 'd2', 'h2', 'w2'],
      }),
      inferer: WINDOWS,
    },
    /its output "pred" is \[1, 1, 2, 2, 2\], but the bundle expects \[1, 1, 4, 4, 4\]/,
  ],
  'an operator that does not exist': [
    {
      model: makeModel({
        nodes: [makeNode('NoSuchOperator', ['image'], 'pred')],
        inputDims: ['n', 1, 'd', 'h', 'w'],
        outputDims: ['n', 1, 'd', 'h', 'w'],
      }),
    },
    /ONNX Runtime cannot run the model: .*NoSuchOperator/,
  ],
} as const;

for (const [what, [bundle, message]] of Object.entries(refusals)) {
  test.serial(`a bundle is refused when it is loaded: ${what}`, async (t) => {
    const runner = await RunnerProcess.start(t);
    const answer = await runner.load(bundle);
    t.is(answer.type, 'load-failed');
    if (answer.type !== 'load-failed') return;
    t.is(answer.error.reason, 'INVALID_BUNDLE');
    t.regex(answer.error.message, message);
    t.is(answer.error.metadata['file'], 'models/model.onnx');
  });
}

test.serial('a device that does not work is an error when it was named', async (t) => {
  const runner = await RunnerProcess.start(t);
  const answer = await runner.load({ model: identityModel() }, process.platform === 'darwin' ? 'dml' : 'coreml');
  t.like(answer, { type: 'load-failed', error: { reason: 'DEVICE_UNAVAILABLE' } });
  t.is(answer.attempts.length, 1);
});

test.serial('shutdown ends an idle process, and a busy one when its run has ended', async (t) => {
  const idle = await RunnerProcess.ready(t, { model: identityModel() });
  idle.send({ type: 'shutdown' });
  t.deepEqual(await idle.exit(), { code: 0, signal: null });
  const busy = await RunnerProcess.ready(t, { model: sleepyModel(), inferer: WINDOWS });
  const run = await busy.start(cube(8, 0.02));
  await busy.next((m): m is never => m.type === 'progress' && m.stage === 'network');
  busy.send({ type: 'shutdown' });
  t.is((await busy.outcome(run)).type, 'done');
  t.deepEqual(await busy.exit(), { code: 0, signal: null });
});

test.serial('signals for the whole process group do not touch a run: the host drains it', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: sleepyModel(), inferer: WINDOWS });
  const run = await runner.start(cube(8, 0.02));
  await runner.next((m): m is never => m.type === 'progress' && m.stage === 'network');
  runner.child.kill('SIGINT');
  runner.child.kill('SIGTERM');
  t.is((await runner.outcome(run)).type, 'done');
});

test.serial('the process ends when the front hangs up', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: identityModel() });
  runner.child.disconnect();
  t.deepEqual(await runner.exit(), { code: 0, signal: null });
});

test.serial('the process ends with the host in the middle of a pass that would take days', async (t) => {
  const runner = await RunnerProcess.ready(t, { model: sleepyModel() });
  const run = await runner.start(cube(4, 1e6));
  await runner.next(
    (m): m is never => m.type === 'progress' && m.run === run && m.stage === 'network' && m.stepCount === 1,
  );
  runner.child.stdin!.destroy();
  t.is((await runner.exit()).signal, process.platform === 'win32' ? null : 'SIGKILL');
});
