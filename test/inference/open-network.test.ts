// Opening a model: what is read, what is refused before anything is loaded, and models whose numbers are no float32.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { InvalidArgument } from '../../server/errors.js';
import { createOnnxCodec } from '../../server/inference/onnx/codec.js';
import { makeNode } from '../../server/inference/onnx/nodes.js';
import { floatTensor } from '../../server/inference/onnx/tensors.js';
import { type OpenedNetwork, openNetwork } from '../../server/inference/open-network.js';
import { identityModel, makeModel, mixModel, sleepyModel } from '../fixtures/onnx/models.js';

const codec = createOnnxCodec();
const DIMS = ['n', 1, 'd', 'h', 'w'] as const;

async function folderWith(t: ExecutionContext, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-model-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return folder;
}

async function open(t: ExecutionContext, model: Uint8Array, others: Readonly<Record<string, Uint8Array>> = {}) {
  const folder = await folderWith(t, { 'model.onnx': model, ...others });
  const network = await openNetwork({
    modelFile: join(folder, 'model.onnx'),
    fileName: 'models/model.onnx',
    device: 'cpu',
    threads: 1,
    expected: { inChannels: 1, outChannels: 1, spatialSizes: [2, 2, 1] },
    onAttempt: () => {},
  });
  t.teardown(() => network.close());
  return network;
}

async function answer(network: OpenedNetwork, values: readonly number[]): Promise<readonly number[]> {
  const result = await network.run({ dims: [1, 1, 2, 2, 1], data: Float32Array.from(values) });
  if (!(result.data instanceof Float32Array)) throw new Error('the answer is no float32');
  return [...result.data];
}

/** The one-channel mix model with its weight in a file beside it. */
function withWeightsIn(location: string): Uint8Array {
  const model = codec.decode(mixModel([[3]]));
  const [weights] = model.graph.initializer;
  const externalData = [
    { key: 'location', value: location },
    { key: 'offset', value: '0' },
    { key: 'length', value: '4' },
  ];
  const { rawData: _, ...rest } = { ...weights!, name: 'w', dims: [1, 1, 1, 1, 1], dataType: 1 };
  return codec.encode({
    ...model,
    graph: { ...model.graph, initializer: [{ ...rest, dataLocation: 1, externalData }] },
  });
}

test('float16 in and out is float32 to the host', async (t) => {
  const network = await open(
    t,
    makeModel({
      nodes: [makeNode('Neg', ['image'], 'pred')],
      inputDims: DIMS,
      outputDims: DIMS,
      inputType: 'float16',
      outputType: 'float16',
    }),
  );
  t.deepEqual(await answer(network, [1, -0.5, 0, 2048]), [-1, 0.5, -0, -2048]);
});

test('uint8 labels are float32 to the host', async (t) => {
  const nodes = [makeNode('Cast', ['image'], 'pred', { to: 2 })];
  const network = await open(t, makeModel({ nodes, inputDims: DIMS, outputDims: DIMS, outputType: 'uint8' }));
  t.deepEqual(await answer(network, [1, 2, 200, 0]), [1, 2, 200, 0]);
});

test('weights in a file beside the model are read', async (t) => {
  const weights = new Uint8Array(Float32Array.of(3).buffer);
  const network = await open(t, withWeightsIn('weights.bin'), { 'weights.bin': weights });
  t.deepEqual(await answer(network, [1, 2, 3, 4]), [3, 6, 9, 12]);
});

for (const location of ['../weights.bin', '/etc/passwd', 'a/../../b', '']) {
  test(`weights outside the bundle are refused: "${location}"`, async (t) => {
    await t.throwsAsync(open(t, withWeightsIn(location)), {
      message: /models\/model.onnx: its weights lie outside the bundle/,
    });
  });
}

test('weights outside the bundle are refused in a node of a graph inside a node, too', async (t) => {
  const model = codec.decode(sleepyModel());
  const loop = model.graph.node.find((node) => node.opType === 'Loop')!;
  const body = loop.attribute.find((attribute) => attribute.g)!.g!;
  const [step] = body.initializer;
  const outside = { ...step!, name: 'step', dims: [1], dataType: 1, dataLocation: 1, rawData: new Uint8Array(0) };
  body.initializer = [];
  const value = { ...outside, externalData: [{ key: 'location', value: '../secret' }] };
  body.node = [
    { ...makeNode('Constant', [], 'step'), attribute: [{ name: 'value', type: 4, t: value }] },
    ...body.node,
  ];
  await t.throwsAsync(open(t, codec.encode(model)), { message: /its weights lie outside the bundle, in "..\/secret"/ });
});

test('a model of two inputs is refused with their names', async (t) => {
  const model = codec.decode(identityModel());
  const [input] = model.graph.input;
  const graph = { ...model.graph, input: [input!, { ...input!, name: 'prior', type: input!.type }] };
  await t.throwsAsync(open(t, codec.encode({ ...model, graph })), {
    message: /models\/model.onnx, graph inputs: a network with 2 inputs \(image, prior\)/,
  });
});

test('of several outputs the one called pred is taken, else the first', async (t) => {
  const model = codec.decode(
    makeModel({
      nodes: [makeNode('Neg', ['image'], 'other'), makeNode('Identity', ['image'], 'pred')],
      inputDims: DIMS,
      outputDims: DIMS,
    }),
  );
  const [pred] = model.graph.output;
  const other = { ...pred!, name: 'other', type: pred!.type };
  const both = await open(t, codec.encode({ ...model, graph: { ...model.graph, output: [other, pred!] } }));
  t.deepEqual(await answer(both, [1, 2, 3, 4]), [1, 2, 3, 4]);
  const only = await open(t, codec.encode({ ...model, graph: { ...model.graph, output: [other] } }));
  t.deepEqual(await answer(only, [1, 2, 3, 4]), [-1, -2, -3, -4]);
});

test('an input that is no tensor of numbers is refused', async (t) => {
  const model = codec.decode(identityModel());
  const [input] = model.graph.input;
  const text = { ...input!, name: 'image', type: { tensorType: { elemType: 8 } } };
  await t.throwsAsync(open(t, codec.encode({ ...model, graph: { ...model.graph, input: [text] } })), {
    message: /"image" is no tensor of numbers \(ONNX data type 8\)/,
  });
});

test('a constant that is also listed as an input needs no value', async (t) => {
  const model = codec.decode(mixModel([[2]]));
  const [input] = model.graph.input;
  const listed = { ...input!, name: 'w', type: { tensorType: { elemType: 1 } } };
  const network = await open(t, codec.encode({ ...model, graph: { ...model.graph, input: [input!, listed] } }));
  t.deepEqual(await answer(network, [1, 2, 3, 4]), [2, 4, 6, 8]);
});

test('a file that is cut short is refused', async (t) => {
  const whole = makeModel({
    nodes: [makeNode('Add', ['image', 'b'], 'pred')],
    constants: [floatTensor('b', [1], Float32Array.of(1))],
    inputDims: DIMS,
    outputDims: DIMS,
  });
  for (const length of [0, 1, 20, whole.length - 40, whole.length - 1]) {
    await t.throwsAsync(open(t, whole.subarray(0, length)), { message: /models\/model.onnx/ }, `${length} bytes`);
  }
});

test('a network that is closed twice is closed once', async (t) => {
  const network = await open(t, identityModel());
  await network.close();
  await t.notThrowsAsync(network.close());
});

test('an image whose sizes are no multiples of what the names of the sizes tell is refused, with what to do', async (t) => {
  const folder = await folderWith(t, { 'model.onnx': identityModel(['n', 1, '4*i', 'j', '2*k']) });
  const network = await openNetwork({
    modelFile: join(folder, 'model.onnx'),
    fileName: 'models/model.onnx',
    device: 'cpu',
    threads: 1,
    expected: { inChannels: 1, outChannels: 1, spatialSizes: [undefined, undefined, undefined] },
    onAttempt: () => {},
  });
  t.teardown(() => network.close());
  const run = (sizes: number[]) =>
    network.run({ dims: [1, 1, ...sizes], data: new Float32Array(sizes.reduce((product, size) => product * size, 1)) });
  t.deepEqual((await run([4, 3, 2])).dims, [1, 1, 4, 3, 2]);
  const error = await t.throwsAsync(run([6, 3, 2]), { instanceOf: InvalidArgument });
  t.regex(
    error.message,
    /is \[6, 3, 2\], expected multiples of 4, 1, 2 voxels\. Put DivisiblePadd with k: \[4, 1, 2\]/,
  );
});
