// The numbers of a classification as MONAI's CSV has them, and as JSON.
import test from 'ava';
import type { Image } from '../../server/imaging/image.js';
import { classificationToCsv, classificationToJson } from '../../server/operators/save-classification.js';
import { goldenCases } from './golden-case.js';

interface CsvCase {
  readonly values: readonly string[];
  readonly delimiter: string;
  readonly name: string;
  readonly csv: string;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function answerOf(values: readonly number[]): Image {
  const data = Float32Array.from(values);
  return { channels: data.length, sizes: [1], data, strides: [1, 1], offset: 0, affineRas: IDENTITY, applied: [] };
}

function fromPython(text: string): number {
  return text === 'nan' ? Number.NaN : Number(text.replace('inf', 'Infinity'));
}

for (const [name, golden] of goldenCases<CsvCase>('SaveClassification')) {
  test(`the CSV is MONAI's, digit for digit: ${name}`, (t) => {
    const answer = answerOf(golden.values.map(fromPython));
    t.is(classificationToCsv(golden.name, answer, golden.delimiter), golden.csv);
  });
}

test('JSON has the numbers under the name, null for those that it lacks', (t) => {
  const text = classificationToJson('a "b".png', answerOf([0.25, Number.NaN, 1e-7]));
  t.deepEqual(JSON.parse(text), { 'a "b".png': [0.25, null, Math.fround(1e-7)] });
});
