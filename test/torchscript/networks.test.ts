// Every family of networks, scripted and traced by torch: imported, run by ONNX Runtime, compared with torch's own answers.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { importTorchScript } from '../../server/torchscript/import.js';
import { findPython } from '../fixtures/python.js';

/** What test/golden/torchscript/generate.py wrote. */
interface Case {
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly Answer[];
  readonly scripted: Form;
  readonly traced: Form;
}

interface Answer {
  readonly shape: readonly number[];
  readonly least: number;
  readonly greatest: number;
  /** `numbers` are every n-th in C order. */
  readonly every: number;
  readonly numbers: readonly number[];
}

type Form = { readonly file: string } | { readonly raises: string };

const folder = new URL('../golden/data/torchscript/networks/', import.meta.url);
const TOLERANCE_OF_RANGE = 1e-4;

const names = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

/** The models that the tests below made, for ONNX's own checker. */
const models = mkdtempSync(join(tmpdir(), 'voxhost-torchscript-'));
test.after.always(() => rmSync(models, { recursive: true, force: true }));

test.serial('all families are there', (t) => {
  t.true(names.length >= 40);
});

for (const name of names) {
  const golden = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Case;
  for (const form of ['scripted', 'traced'] as const) {
    const written = golden[form];
    if (!('file' in written)) continue;
    test.serial(`${name} ${form} answers as torch, for a batch of one and of two`, async (t) => {
      const bytes = gunzipSync(readFileSync(new URL(written.file, folder)));
      const imported = importTorchScript(bytes, { inputShapes: golden.inputs, batch: 'dynamic' });
      t.is(imported.report.fixedBatch, undefined);
      const onnx = Buffer.concat(imported.onnx);
      writeFileSync(join(models, `${name}-${form}.onnx`), onnx);
      const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1 });
      for (const batch of [1, 2]) {
        const feeds = session.inputNames.map((input, index) => [input, makeInput(golden.inputs[index]!, batch)]);
        const found = await session.run(Object.fromEntries(feeds));
        const outputs = session.outputNames.map((output) => found[output]!);
        t.is(outputs.length, golden.outputs.length);
        for (const [index, answer] of golden.outputs.entries()) {
          const { dims, data } = outputs[index]!;
          t.deepEqual(dims, [answer.shape[0]! * batch, ...answer.shape.slice(1)]);
          const difference = largestDifference(data as Float32Array, answer, batch);
          t.true(difference <= TOLERANCE_OF_RANGE, `output ${index} differs by ${difference} of its range`);
        }
      }
      await session.release();
    });
  }
}

test.serial("ONNX's own checker finds nothing in any of the models", async (t) => {
  t.timeout(600_000, 'the first time, pip installs onnx');
  const here = fileURLToPath(new URL('python/', import.meta.url));
  const python = await findPython(join(here, 'requirements.txt'));
  const { stdout } = await promisify(execFile)(python, [join(here, 'check_models.py'), models]);
  const lines = stdout.trimEnd().split(/\r?\n/);
  t.is(lines.length, readdirSync(models).length);
  t.deepEqual(
    lines.filter((line) => !line.endsWith(': fine')),
    [],
  );
});

/** Number n is ((n · 2654435761 mod 2³²) >> 12) / 2¹⁹ - 1, the same for every image of the batch. */
function makeInput(shape: readonly number[], batch: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = new Float32Array(count * batch);
  for (let at = 0; at < numbers.length; at++) numbers[at] = (Math.imul(at % count, 2654435761) >>> 12) / 2 ** 19 - 1;
  return new Tensor('float32', numbers, [shape[0]! * batch, ...shape.slice(1)]);
}

/** As a part of the answer's range, over every image of the batch. */
function largestDifference(data: Float32Array, answer: Answer, batch: number): number {
  const count = data.length / batch;
  const range = Math.max(answer.greatest - answer.least, 1e-6);
  const differences = answer.numbers.flatMap((expected, index) =>
    Array.from(
      { length: batch },
      (_, image) => Math.abs(data[image * count + index * answer.every]! - expected) / range,
    ),
  );
  return differences.some(Number.isNaN) ? Number.NaN : Math.max(...differences);
}
