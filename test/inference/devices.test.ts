// Which device a network is opened on: the one that was named, or the first of `auto` that works, with every refusal
// kept. WebGPU runs on SwiftShader, CUDA and TensorRT lack their libraries here.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { devicesToTry, missingLibrary } from '../../server/inference/devices.js';
import { makeNode } from '../../server/inference/onnx/nodes.js';
import { floatTensor } from '../../server/inference/onnx/tensors.js';
import { makeModel } from '../fixtures/onnx/models.js';
import { swiftShaderEnvironment } from '../fixtures/swiftshader.js';
import type { NetworkResult, NetworkTask } from './network-process.js';

const VOXELS = 8 ** 3;
const values = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7));

/** A U-Net's last steps in small: Conv, ConvTranspose k3 s2, Softmax. */
const decoder = makeModel({
  nodes: [
    makeNode('Conv', ['image', 'w1'], 'half', {
      kernel_shape: [3, 3, 3],
      pads: [1, 1, 1, 1, 1, 1],
      strides: [2, 2, 2],
    }),
    makeNode('ConvTranspose', ['half', 'w2'], 'scores', {
      kernel_shape: [3, 3, 3],
      pads: [1, 1, 1, 1, 1, 1],
      output_padding: [1, 1, 1],
      strides: [2, 2, 2],
    }),
    makeNode('Softmax', ['scores'], 'pred', { axis: 1 }),
  ],
  constants: [floatTensor('w1', [4, 2, 3, 3, 3], values(216)), floatTensor('w2', [4, 2, 3, 3, 3], values(216))],
  inputDims: [1, 2, 8, 8, 8],
  outputDims: [1, 2, 8, 8, 8],
});

/** What the WebGPU provider of ONNX Runtime 1.30 cannot do: a three-dimensional convolution in groups. */
const grouped = makeModel({
  nodes: [makeNode('Conv', ['image', 'w'], 'pred', { group: 2, pads: [1, 1, 1, 1, 1, 1] })],
  constants: [floatTensor('w', [2, 1, 3, 3, 3], values(54))],
  inputDims: [1, 2, 8, 8, 8],
  outputDims: [1, 2, 8, 8, 8],
});

async function openElsewhere(
  t: ExecutionContext,
  model: Uint8Array,
  device: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<NetworkResult> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-device-'));
  const modelFile = join(folder, 'model.onnx');
  await writeFile(modelFile, model);
  const child = fork(new URL('network-process.ts', import.meta.url), {
    execArgv: [`--import=${import.meta.resolve('tsx')}`],
    env: environment,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const task: NetworkTask = {
    options: {
      modelFile,
      fileName: 'models/model.onnx',
      device,
      threads: 1,
      expected: { inChannels: 2, outChannels: 2, spatialSizes: [8, 8, 8] },
    },
    dims: [1, 2, 8, 8, 8],
    data: values(2 * VOXELS),
  };
  child.send(task);
  const result = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)]);
  t.truthy(result, 'the process ended without an answer');
  return result![0] as NetworkResult;
}

/** What ONNX Runtime's CPU answers to the model as its file has it. */
async function expectedAnswer(model: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  const answer = await session.run({ image: new Tensor('float32', values(2 * VOXELS), [1, 2, 8, 8, 8]) });
  await session.release();
  return answer['pred']!.data as Float32Array;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

const withoutVulkan: NodeJS.ProcessEnv = { ...process.env, VK_ICD_FILENAMES: '/none', VK_DRIVER_FILES: '/none' };

test('auto tries what the package was built with, in order, and ends with the CPU', (t) => {
  const built = listSupportedBackends().map((backend) => backend.name as string);
  const order = ['tensorrt', 'cuda', 'webgpu', 'coreml', 'dml', 'cpu'];
  t.deepEqual(
    devicesToTry('auto'),
    order.filter((name) => built.includes(name)),
  );
  t.deepEqual(devicesToTry('cuda'), ['cuda']);
});

test('a provider that the package was not built with is refused by name', (t) => {
  const other = process.platform === 'darwin' ? 'dml' : 'coreml';
  t.regex(missingLibrary(other)!, /has no such provider \(it has .*cpu/);
  t.is(missingLibrary('cpu'), undefined);
});

test('auto without any Vulkan falls to the CPU, with a reason for every other device', async (t) => {
  const result = await openElsewhere(t, decoder, 'auto', withoutVulkan);
  t.is(result.device, 'cpu');
  t.deepEqual(
    result.attempts.map(({ device, available }) => [device, available]),
    devicesToTry('auto').map((device) => [device, device === 'cpu']),
  );
  for (const { device, reason } of result.attempts) t.is(reason === '', device === 'cpu', `${device}: ${reason}`);
  t.true(largestDifference(result.data!, await expectedAnswer(decoder)) < 1e-6);
});

test('a device asked for by name is not replaced when it does not work', async (t) => {
  const result = await openElsewhere(t, decoder, 'webgpu', withoutVulkan);
  t.is(result.error?.reason, 'DEVICE_UNAVAILABLE');
  t.regex(result.error!.message, /webgpu does not work: .*adapter/);
  t.deepEqual(
    result.attempts.map(({ device }) => device),
    ['webgpu'],
  );
});

test('WebGPU gives what the CPU gives, strided ConvTranspose included', async (t) => {
  const environment = await swiftShaderEnvironment();
  if (!environment) return t.log('skipped: SwiftShader cannot be had here');
  const result = await openElsewhere(t, decoder, 'webgpu', environment);
  t.is(result.device, 'webgpu', result.error?.message);
  t.true(largestDifference(result.data!, await expectedAnswer(decoder)) < 1e-5);
});

test('a model that WebGPU refuses on the warm-up pass goes to the CPU under auto, with the reason kept', async (t) => {
  const environment = await swiftShaderEnvironment();
  if (!environment) return t.log('skipped: SwiftShader cannot be had here');
  const result = await openElsewhere(t, grouped, 'auto', environment);
  t.is(result.device, 'cpu', result.error?.message);
  t.regex(result.attempts.find(({ device }) => device === 'webgpu')!.reason, /Conv/);
  t.true(largestDifference(result.data!, await expectedAnswer(grouped)) < 1e-6);
});

test('a software Vulkan loses against the CPU under auto, by its time', async (t) => {
  const environment = await swiftShaderEnvironment();
  if (!environment) return t.log('skipped: SwiftShader cannot be had here');
  const result = await openElsewhere(t, decoder, 'auto', environment);
  t.is(result.device, 'cpu', result.error?.message);
  t.regex(
    result.attempts.find(({ device }) => device === 'webgpu')!.reason,
    /pass(es)? (takes \d+ ms, and \d+ ms on the CPU|did not end within)/,
  );
});
