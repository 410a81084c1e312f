// Axes that stay open: one model for images of every size, which answers as torch does when it is given other sizes.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { InferenceSession } from 'onnxruntime-node';
import { type AskedShape, importTorchScript, TorchScriptError } from '../../server/torchscript/import.js';
import { type Answer, compareAnswers, makeInput } from './answers.js';
import { archiveOf } from './archives.js';
import { checkModelsLast } from './check-models.js';

interface OtherSizes {
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly Answer[];
}

const golden = new URL('../golden/data/torchscript/', import.meta.url);
const cases = Object.entries(
  JSON.parse(gunzipSync(readFileSync(new URL('open-axes.json.gz', golden))).toString()) as Record<string, OtherSizes[]>,
);
const readNetwork = (file: string) => gunzipSync(readFileSync(new URL(`networks/${file}`, golden)));

const models = checkModelsLast();

/** The same shapes with every axis behind the channels open. */
function opened(shapes: readonly (readonly number[])[]): readonly AskedShape[] {
  return shapes.map((shape) => shape.map((size, axis) => (axis < 2 ? size : 'open')));
}

/** Networks that torch runs at another size, and that compute something else there: no open axis is right for them. */
const FIXED = /^(?:writes|swin-unetr|unetr|vit)/;

/** What sizes must be multiples of: `16*i` → 16. */
function stepsOf(dims: readonly string[]): readonly number[] {
  return dims.slice(2).map((dim) => (dim.includes('*') ? Number.parseInt(dim, 10) : 1));
}

for (const [file, others] of cases.filter(([name]) => !FIXED.test(name))) {
  test.serial(`${file} with open axes answers as torch for sizes that it was not saved with`, async (t) => {
    const inputShapes = opened(others[0]!.inputs);
    const { onnx, report } = importTorchScript(readNetwork(file), { inputShapes, batch: 'dynamic' });
    const steps = stepsOf(report.inputs[0]!.dims!);
    const own = others.filter(({ inputs }) => inputs[0]!.slice(2).every((size, axis) => size % steps[axis]! === 0));
    t.true(own.length > 0, `multiples of ${steps} only`);
    const model = Buffer.concat(onnx);
    models.keep(file, model);
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
    try {
      for (const { inputs, outputs } of own) {
        const batch = report.fixedBatch === undefined ? 2 : 1;
        const feeds = session.inputNames.map((name, index) => [name, makeInput(inputs[index]!, batch)]);
        const found = await session.run(Object.fromEntries(feeds));
        compareAnswers(
          t,
          session.outputNames.map((name) => found[name]!),
          outputs,
          batch,
        );
      }
    } finally {
      await session.release();
    }
  });
}

models.declare();

test('the families of convolutional networks are among them', (t) => {
  const names = cases.map(([file]) => file);
  for (const family of ['unet-3d', 'basic-unet-3d', 'segresnet-3d', 'dynunet-3d', 'densenet-3d', 'nnunet-plain-3d']) {
    t.true(
      names.some((name) => name.startsWith(`${family}.`)),
      family,
    );
  }
});

function refusal(t: ExecutionContext, bytes: Uint8Array, shape: AskedShape): TorchScriptError {
  const run = () => importTorchScript(bytes, { inputShapes: [shape], batch: 'dynamic' });
  return t.throws(run, { instanceOf: TorchScriptError })!;
}

for (const [file, shape, line] of [
  ['unetr-3d.scripted.pt.gz', [1, 1, 'open', 'open', 'open'], /from monai\/networks\/\w+\/\w+\.py:\d+/],
  ['swin-unetr-2d.traced.pt.gz', [1, 1, 'open', 'open'], /from monai\/networks\/nets\/swin_unetr\.py:\d+/],
  ['varautoencoder-2d.scripted.pt.gz', [1, 1, 'open', 'open'], /from torch\/nn\/modules\/linear\.py:\d+/],
] as const) {
  test(`${file}, made for one size, is refused with the line that stands in the way`, (t) => {
    const error = refusal(t, readNetwork(file), shape);
    t.is(error.problem, 'unsupported');
    t.regex(error.where, line);
    t.regex(error.detail, /cannot stay open here/);
  });
}

test('one axis stays open beside others that are known', async (t) => {
  const inputShapes: AskedShape[] = [[1, 1, 'open', 32]];
  const { onnx, report } = importTorchScript(readNetwork('unet-2d.scripted.pt.gz'), { inputShapes, batch: 'fixed' });
  t.deepEqual(report.inputs[0]!.dims, ['1', '1', '4*i', '32']);
  const session = await InferenceSession.create(Buffer.concat(onnx), { intraOpNumThreads: 1 });
  const [input, output] = [session.inputNames[0]!, session.outputNames[0]!];
  for (const size of [16, 52]) {
    const found = await session.run({ [input]: makeInput([1, 1, size, 32], 1) });
    t.deepEqual(found[output]!.dims, [1, 2, size, 32]);
  }
  await session.release();
});

const programs: [string, string, RegExp][] = [
  ['counts to a size', 'for i in range(torch.size(x, 2)):\n  x = torch.add(x, 1)\nreturn x', /another way/],
  ['branches on a size', 'if torch.gt(torch.size(x, 2), 70):\n  x = torch.relu(x)\nreturn x', /another way/],
  ['asks whether a size is odd', 'y = torch.remainder(torch.size(x, 2), 2)\nreturn torch.add(x, y)', /^$/],
  ['halves a size in a number', 'return torch.add(x, torch.div(torch.size(x, 2), 3))', /Add depends on it/],
  ['has a weight for each place', 'y = torch.arange(torch.size(x, 3))\nreturn torch.add(x, y)', /Add depends on it/],
];
for (const [what, forward, message] of programs) {
  test(`a program that ${what} ${message.source === '^$' ? 'opens for even sizes' : 'is refused by its line'}`, (t) => {
    const shape: AskedShape = [1, 1, 'open', 'open'];
    if (message.source === '^$') {
      const { report } = importTorchScript(archiveOf(forward), { inputShapes: [shape], batch: 'dynamic' });
      t.deepEqual(report.inputs[0]!.dims, ['batch', '1', '2*i', '2*j']);
      return;
    }
    const error = refusal(t, archiveOf(forward), shape);
    t.regex(error.where, /^code\/__torch__\.py:\d+$/);
    t.regex(error.detail, message);
  });
}

test('products of sizes follow the image: pieces of a view, a mean over all places', async (t) => {
  const forward = `n = torch.mul(torch.size(x, 2), torch.size(x, 3))
y = torch.view(torch.add(x, 1), [torch.size(x, 0), n, 1])
z = torch.div(torch.sum(y, [1], False), n)
w = torch.reshape(torch.cat([y, y], 1), [torch.size(x, 0), torch.size(x, 3), torch.size(x, 2), 2])
return (z, w)`;
  const inputShapes: AskedShape[] = [[1, 1, 'open', 'open']];
  const { onnx, report } = importTorchScript(archiveOf(forward), { inputShapes, batch: 'dynamic' });
  t.deepEqual(
    report.outputs.map(({ dims }) => dims),
    [
      ['batch', '1'],
      ['batch', 'j', 'i', '2'],
    ],
  );
  const session = await InferenceSession.create(Buffer.concat(onnx), { intraOpNumThreads: 1 });
  const found = await session.run({ [session.inputNames[0]!]: makeInput([1, 1, 5, 7], 2) });
  t.deepEqual(
    session.outputNames.map((name) => [...found[name]!.dims]),
    [
      [2, 1],
      [2, 7, 5, 2],
    ],
  );
  await session.release();
});
