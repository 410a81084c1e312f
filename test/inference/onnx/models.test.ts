// ONNX files: what we write is what ONNX Runtime reads; what others wrote survives being read and written.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createOnnxCodec } from '../../../server/inference/onnx/codec.js';
import { inspectModel } from '../../../server/inference/onnx/inspect.js';
import { argmaxModel, hungryModel, identityModel, mixModel, sleepyModel } from '../../fixtures/onnx/models.js';

const EXAMPLES = new URL('../../../examples/workflows/', import.meta.url);

async function runModel(bytes: Uint8Array, dims: readonly number[], values: readonly number[]) {
  const session = await InferenceSession.create(bytes);
  const results = await session.run({ image: new Tensor('float32', Float32Array.from(values), dims) });
  await session.release();
  return results['pred']!;
}

test('ONNX Runtime runs the identity that we wrote', async (t) => {
  const result = await runModel(identityModel(), [1, 1, 1, 2, 2], [1, -2, 3.5, 0]);
  t.deepEqual([...(result.data as Float32Array)], [1, -2, 3.5, 0]);
});

test('ONNX Runtime mixes channels by the weights that we wrote', async (t) => {
  const result = await runModel(
    mixModel([
      [1, 2],
      [0, -1],
      [3, 0],
    ]),
    [1, 2, 1, 1, 2],
    [1, 10, 5, 50],
  );
  t.deepEqual([...(result.data as Float32Array)], [11, 110, -5, -50, 3, 30]);
});

test('ONNX Runtime gives int64 labels from the argmax model', async (t) => {
  const result = await runModel(argmaxModel(0.5), [1, 1, 1, 1, 3], [0.4, 0.6, 1]);
  t.is(result.type, 'int64');
  t.deepEqual([...(result.data as BigInt64Array)], [0n, 1n, 1n]);
});

test('the sleepy model turns its loop on real input only, and gives its input back', async (t) => {
  const result = await runModel(sleepyModel(), [1, 1, 1, 1, 2], [0.001, 0]);
  t.deepEqual([...(result.data as Float32Array)], [...Float32Array.of(0.001, 0)]);
});

test('ONNX Runtime refuses the hungry model on real input', async (t) => {
  t.truthy(await runModel(hungryModel(), [1, 1, 1, 1, 1], [0]));
  await t.throwsAsync(runModel(hungryModel(), [1, 1, 1, 1, 1], [1]));
});

test('the input, output and operator set of the example models are read from their files', (t) => {
  const read = (name: string) =>
    inspectModel(createOnnxCodec().decode(readFileSync(new URL(`${name}/models/model.onnx`, EXAMPLES))));
  t.deepEqual(read('brain_extraction_deepbet'), {
    inputs: [{ name: 'image', dataType: 1, dims: [1, 1, 128, 128, 128] }],
    outputs: [{ name: 'pred', dataType: 1, dims: [1, 2, 128, 128, 128] }],
    opset: 17,
    externalFiles: [],
  });
  t.deepEqual(read('brain_extraction_mri').inputs, [{ name: 'image', dataType: 1, dims: [undefined, 1, 64, 64, 64] }]);
});

test("PyTorch's own file comes out byte for byte when it is read and written", (t) => {
  const bytes = readFileSync(new URL('brain_extraction_deepbet/models/model.onnx', EXAMPLES));
  const codec = createOnnxCodec();
  t.true(bytes.equals(codec.encode(codec.decode(bytes))));
});

test('a file that is no ONNX model is refused', (t) => {
  const codec = createOnnxCodec();
  t.throws(() => codec.decode(Buffer.from('not a model at all')));
  t.throws(() => codec.decode(new Uint8Array(0)));
});
