// Graph rewrites against the oracle there is: ONNX Runtime on the model as it was.
import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createOnnxCodec } from '../../../server/inference/onnx/codec.js';
import { type AttributeValue, makeNode } from '../../../server/inference/onnx/nodes.js';
import { floatTensor } from '../../../server/inference/onnx/tensors.js';
import { rewritesFor } from '../../../server/inference/rewrites/catalog.js';
import { rewriteModel } from '../../../server/inference/rewrites/rewrite.js';
import { makeModel, type Size } from '../../fixtures/onnx/models.js';

const codec = createOnnxCodec();

/** Numbers in [-1, 1) that are the same on each run. */
function noise(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 2 ** 30 - 1;
  });
}

async function run(bytes: Uint8Array, dims: readonly number[], values: Float32Array) {
  const session = await InferenceSession.create(bytes);
  const result = (await session.run({ image: new Tensor('float32', values, dims) }))['pred']!;
  await session.release();
  return { dims: result.dims, data: result.data as Float32Array };
}

interface Expectation {
  readonly operator: string;
  readonly tolerance: number;
  /** Whether what takes the node's place has nodes of the same operator. */
  readonly remains?: boolean;
}

/** Both forms give the same sizes and, within a tolerance, the same numbers. */
async function agrees(
  t: ExecutionContext,
  bytes: Uint8Array,
  dims: readonly number[],
  { operator, tolerance, remains = false }: Expectation,
) {
  const rewritten = rewriteModel(codec.decode(bytes), rewritesFor('cpu'));
  t.is(rewritten.replaced[operator], 1);
  t.is(
    rewritten.model.graph.node.some((node) => node.opType === operator),
    remains,
  );
  const values = noise(dims.reduce((product, size) => product * size, 1));
  const [before, after] = [await run(bytes, dims, values), await run(codec.encode(rewritten.model), dims, values)];
  t.deepEqual(after.dims, before.dims);
  const difference = before.data.reduce((most, value, i) => Math.max(most, Math.abs(value - after.data[i]!)), 0);
  t.true(difference <= tolerance, `differs by ${difference}`);
  t.true(before.data.some((value) => value !== 0));
}

const transposed = (
  kernel: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>>,
  { inChannels = 3, outChannels = 2, bias = false, open = false } = {},
) => {
  const dims: Size[] = open ? ['n', inChannels, 'd', 'h', 'w'] : [2, inChannels, 4, 5, 6];
  const taps = kernel.reduce((product, size) => product * size, 1);
  return makeModel({
    nodes: [makeNode('ConvTranspose', bias ? ['image', 'w', 'b'] : ['image', 'w'], 'pred', attributes)],
    constants: [
      floatTensor('w', [inChannels, outChannels, ...kernel], noise(inChannels * outChannels * taps, 7)),
      ...(bias ? [floatTensor('b', [outChannels], noise(outChannels, 9))] : []),
    ],
    inputDims: dims,
    outputDims: ['n', outChannels, 'd2', 'h2', 'w2'],
  });
};

const convTranspose = test.macro({
  title: (title) => `ConvTranspose ${title} is equal as Conv to 3e-6 on up to 192 terms below 1`,
  exec: async (t, bytes: Uint8Array) =>
    agrees(t, bytes, [2, 3, 4, 5, 6], { operator: 'ConvTranspose', tolerance: 3e-6 }),
});

test('k2 s2', convTranspose, transposed([2, 2, 2], { strides: [2, 2, 2] }));
test('k2 s2 with bias', convTranspose, transposed([2, 2, 2], { strides: [2, 2, 2] }, { bias: true }));
const k3 = { strides: [2, 2, 2], pads: [1, 1, 1, 1, 1, 1], output_padding: [1, 1, 1] };
test('k3 s2 p1 with output padding', convTranspose, transposed([3, 3, 3], k3));
test(
  'k3 s2 p1 of sizes that the file leaves open',
  convTranspose,
  transposed([3, 3, 3], k3, { open: true, bias: true }),
);
test('k4 s2 p1', convTranspose, transposed([4, 4, 4], { strides: [2, 2, 2], pads: [1, 1, 1, 1, 1, 1] }));
test('k3 s1 p1', convTranspose, transposed([3, 3, 3], { strides: [1, 1, 1], pads: [1, 1, 1, 1, 1, 1] }));
test('k3 s3', convTranspose, transposed([3, 3, 3], { strides: [3, 3, 3] }));
test(
  'of another kernel and stride on each axis',
  convTranspose,
  transposed([1, 3, 2], { strides: [1, 2, 2], pads: [0, 1, 0, 0, 1, 0], output_padding: [0, 1, 0] }),
);

const untouched = test.macro({
  title: (title) => `ConvTranspose ${title} is left as it is`,
  exec: (t, bytes: Uint8Array) => {
    const model = codec.decode(bytes);
    const result = rewriteModel(model, rewritesFor('cpu'));
    t.deepEqual(result.replaced, {});
    t.deepEqual(result.model.graph.node, model.graph.node);
  },
});

test('whose output is no multiple of its input', untouched, transposed([3, 3, 3], { strides: [2, 2, 2] }));
test('with dilations', untouched, transposed([2, 2, 2], { strides: [2, 2, 2], dilations: [2, 2, 2] }));
test('in groups', untouched, transposed([2, 2, 2], { strides: [2, 2, 2], group: 3 }));
test('with automatic padding', untouched, transposed([3, 3, 3], { strides: [2, 2, 2], auto_pad: 'SAME_UPPER' }));

const softmax = (channels: Size, opset: number) =>
  makeModel({
    nodes: [makeNode('Softmax', ['image'], 'pred', { axis: 1 })],
    inputDims: [1, channels, 4, 4, 4],
    outputDims: [1, channels, 4, 4, 4],
    opset,
  });

const softmaxAgrees = test.macro({
  title: (title) => `Softmax over ${title} is equal in steps to 3e-7`,
  exec: async (t, channels: number, bytes: Uint8Array) =>
    agrees(t, bytes, [1, channels, 4, 4, 4], { operator: 'Softmax', tolerance: 3e-7 }),
});

test('2 channels', softmaxAgrees, 2, softmax(2, 17));
test('5 channels', softmaxAgrees, 5, softmax(5, 17));
test('5 channels with the operators of version 18', softmaxAgrees, 5, softmax(5, 18));
test('channels that the file does not count', softmaxAgrees, 3, softmax('c', 17));

const stem = (kernel: number, { bias = false, size = 11 as Size, channels = 1 } = {}) =>
  makeModel({
    nodes: [
      makeNode('Conv', bias ? ['image', 'w', 'b'] : ['image', 'w'], 'pred', {
        strides: [2, 2, 2],
        pads: [3, 3, 3, 3, 3, 3],
      }),
    ],
    constants: [
      floatTensor('w', [4, channels, kernel, kernel, kernel], noise(4 * channels * kernel ** 3, 3)),
      ...(bias ? [floatTensor('b', [4], noise(4, 5))] : []),
    ],
    inputDims: [1, channels, size, 12, 13],
    outputDims: [1, 4, 'd', 'h', 'w'],
  });

test('Conv k7 s2 of one channel is equal in two dimensions to 3e-5 on 343 terms', async (t) => {
  const expectation = { operator: 'Conv', tolerance: 3e-5, remains: true };
  await agrees(t, stem(7), [1, 1, 11, 12, 13], expectation);
  await agrees(t, stem(7, { bias: true }), [1, 1, 11, 12, 13], expectation);
});

test('Conv of a narrower kernel, of more channels or of an unknown depth is left as it is', (t) => {
  for (const bytes of [stem(5), stem(7, { channels: 2 }), stem(7, { size: 'd' })]) {
    t.deepEqual(rewriteModel(codec.decode(bytes), rewritesFor('cpu')).replaced, {});
  }
});

test('Softmax over the last axis is left as it is', (t) => {
  const bytes = makeModel({
    nodes: [makeNode('Softmax', ['image'], 'pred', { axis: -1 })],
    inputDims: [1, 2, 4],
    outputDims: [1, 2, 4],
  });
  t.deepEqual(rewriteModel(codec.decode(bytes), rewritesFor('cpu')).replaced, {});
});

const prelu = (slopes: Float32Array, dims: readonly number[]) =>
  makeModel({
    nodes: [makeNode('PRelu', ['image', 'slope'], 'pred')],
    constants: [floatTensor('slope', dims, slopes)],
    inputDims: [1, 2, 3, 3, 3],
    outputDims: [1, 2, 3, 3, 3],
  });

test('PRelu of one slope is equal bit by bit as LeakyRelu', async (t) => {
  await agrees(t, prelu(Float32Array.of(0.21), [1, 1, 1, 1]), [1, 2, 3, 3, 3], { operator: 'PRelu', tolerance: 0 });
});

test('PRelu of a slope for each channel is left as it is', (t) => {
  const bytes = prelu(Float32Array.of(0.2, 0.3), [2, 1, 1, 1]);
  t.deepEqual(rewriteModel(codec.decode(bytes), rewritesFor('cpu')).replaced, {});
});

test('a constant that only a replaced node used is gone from the file', (t) => {
  const { model } = rewriteModel(codec.decode(transposed([2, 2, 2], { strides: [2, 2, 2] })), rewritesFor('cpu'));
  t.false(model.graph.initializer.some((tensor) => tensor.name === 'w'));
});

test('both example models give what they gave, to 2e-4 of their largest answer on noise', async (t) => {
  const cases = { brain_extraction_deepbet: [1, 1, 128, 128, 128], brain_extraction_mri: [2, 1, 64, 64, 64] };
  for (const [name, dims] of Object.entries(cases)) {
    const bytes = readFileSync(new URL(`../../../examples/workflows/${name}/models/model.onnx`, import.meta.url));
    const values = noise(dims.reduce((product, size) => product * size, 1));
    const rewritten = rewriteModel(codec.decode(bytes), rewritesFor('cpu')).model;
    const [before, after] = [await run(bytes, dims, values), await run(codec.encode(rewritten), dims, values)];
    const largest = before.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = before.data.reduce((most, value, i) => Math.max(most, Math.abs(value - after.data[i]!)), 0);
    t.true(difference <= 2e-4 * largest, `${name} differs by ${difference} of ${largest}`);
  }
});
