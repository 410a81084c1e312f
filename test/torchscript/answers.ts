// Golden networks: archives that torch wrote, what torch answered, and how far an imported network's answer is from that.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ImportedNetwork, importTorchScript } from '../../server/torchscript/import.js';

/** What test/golden/torchscript/golden_file.py wrote. */
export interface Case {
  readonly torch: string;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly Answer[];
  readonly scripted: Form;
  readonly traced: Form;
}

export interface Answer {
  readonly shape: readonly number[];
  readonly least: number;
  readonly greatest: number;
  /** `numbers` are every n-th in C order. */
  readonly every: number;
  readonly numbers: readonly number[];
}

export type Form = { readonly file: string } | { readonly raises: string };

export const FORMS = ['scripted', 'traced'] as const;

const TOLERANCE_OF_RANGE = 1e-4;

/** Every case of a folder of golden files, by its name. */
export function readCases(folder: URL): ReadonlyMap<string, Case> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.map((file) => [
      file.slice(0, -'.json'.length),
      JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case,
    ]),
  );
}

/**
 * Imports one archive and compares its answers with torch's, for a batch of one and of two.
 * @param fixedBatch Why only a batch of one goes, where that is so
 * @returns The import, and the bytes of its model
 */
export async function compareWithTorch(
  t: ExecutionContext,
  folder: URL,
  golden: Case,
  file: string,
  fixedBatch?: RegExp,
): Promise<{ readonly imported: ImportedNetwork; readonly onnx: Uint8Array }> {
  const bytes = gunzipSync(readFileSync(new URL(file, folder)));
  const imported = importTorchScript(bytes, { inputShapes: golden.inputs, batch: 'dynamic' });
  if (fixedBatch === undefined) t.is(imported.report.fixedBatch, undefined);
  else t.regex(imported.report.fixedBatch ?? '', fixedBatch);
  const onnx = Buffer.concat(imported.onnx);
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1 });
  try {
    for (const batch of fixedBatch === undefined ? [1, 2] : [1]) {
      const feeds = session.inputNames.map((input, index) => [input, makeInput(golden.inputs[index]!, batch)]);
      const found = await session.run(Object.fromEntries(feeds));
      const outputs = session.outputNames.map((output) => found[output]!);
      compareAnswers(t, outputs, golden.outputs, batch);
    }
  } finally {
    await session.release();
  }
  return { imported, onnx };
}

/** Fails where an answer has another shape than torch's, or differs by more than 1e-4 of its range. */
export function compareAnswers(
  t: ExecutionContext,
  outputs: readonly Pick<Tensor, 'dims' | 'data'>[],
  answers: readonly Answer[],
  batch: number,
): void {
  t.is(outputs.length, answers.length);
  for (const [index, answer] of answers.entries()) {
    const { dims, data } = outputs[index]!;
    t.deepEqual(dims, [answer.shape[0]! * batch, ...answer.shape.slice(1)]);
    const difference = largestDifference(data as Float32Array, answer, batch);
    t.true(difference <= TOLERANCE_OF_RANGE, `output ${index} differs by ${difference} of its range`);
  }
}

/** Number n is ((n · 2654435761 mod 2³²) >> 12) / 2¹⁹ - 1, the same for every image of the batch. */
export function makeInput(shape: readonly number[], batch: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = new Float32Array(count * batch);
  for (let at = 0; at < numbers.length; at++) numbers[at] = (Math.imul(at % count, 2654435761) >>> 12) / 2 ** 19 - 1;
  return new Tensor('float32', numbers, [shape[0]! * batch, ...shape.slice(1)]);
}

/** As a part of the answer's range, over every image of the batch. */
export function largestDifference(data: Float32Array, answer: Answer, batch: number): number {
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
