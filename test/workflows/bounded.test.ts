// Bundles made to keep a host busy for hours are settled: each case here took minutes, or all memory, without a bound.
import test from 'ava';
import { checkBundle } from '../../server/workflows/plan-bundle.js';
import { makeBundle, makeFolder, writeFiles } from './bundle-files.js';

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const numbered = (count: number, make: (index: number) => unknown) =>
  Object.fromEntries(many(count, (i) => [`k${i}`, make(i)]));
const LOAD = { _target_: 'LoadImaged', keys: 'image' };

const json: readonly (readonly [title: string, inference: object])[] = [
  [
    'lists that hold each other 3,000 times over',
    { ...numbered(15, (i) => (i ? many(3_000, () => `@k${i - 1}`) : [])), preprocessing: '@k14' },
  ],
  [
    'an argument that grows the same way',
    {
      ...numbered(15, (i) => (i ? many(3_000, () => `@k${i - 1}`) : [1])),
      preprocessing: [LOAD, { _target_: 'Spacingd', keys: 'image', pixdim: '@k14' }],
    },
  ],
  [
    'comparing what grows the same way',
    { ...numbered(15, (i) => (i ? many(3_000, () => `@k${i - 1}`) : [1])), a: '$@k14 == @k14', preprocessing: ['@a'] },
  ],
  ['a chain of 20,000 references', { ...numbered(20_000, (i) => [`@k${i + 1}`]), preprocessing: '@k0' }],
  [
    'a chain of 15,000 that was resolved from its end',
    {
      ...numbered(15_000, (i) => (i ? [`@k${i - 1}`] : 1)),
      all: many(15_000, (i) => `@k${i}`),
      preprocessing: ['@all', '$@k14999 == @k14999'],
    },
  ],
  ['a chain of 20,000 macros', { ...numbered(20_000, (i) => `%k${i + 1}`), preprocessing: '%k0' }],
  [
    'macros that double 60 times',
    { ...numbered(60, (i) => (i ? [`%k${i - 1}`, `%k${i - 1}`] : [])), preprocessing: '%k59' },
  ],
  [
    'strings that double 60 times',
    { ...numbered(60, (i) => (i ? `$@k${i - 1} + @k${i - 1}` : 'ab')), preprocessing: '@k59' },
  ],
  [
    'keys that set inside 20,000 others',
    { a: numbered(20_000, (i) => i), ...Object.fromEntries(many(20_000, (i) => [`a::k${i}`, i])) },
  ],
  ['60,000 arguments that nobody has', { preprocessing: many(490, () => ({ ...LOAD, ...numbered(90, () => 1) })) }],
];

for (const [title, inference] of json) {
  test(`settled: ${title}`, async (t) => {
    t.timeout(100_000);
    const { problems } = await checkBundle(await makeBundle(t, inference));
    t.true(problems.length >= 1 && problems.length <= 100);
    t.true(problems.every(({ code }) => code === 'FAILED_PRECONDITION'));
  });
}

const yaml: readonly (readonly [title: string, text: string])[] = [
  ['20,000 keys in one dictionary', `{${many(20_000, (i) => `k${i}: ${i}`).join(', ')}}`],
  ['a number of 200,000 parts', `a: 1${':1'.repeat(100_000)}`],
  ['200,000 spaces', `a:${' '.repeat(200_000)}x`],
  ['a string of 50,000 lines', `a: "${'\\\n  '.repeat(50_000)}"`],
  ['more than a host reads', 'a: '.padEnd(300_000, 'x')],
];

for (const [title, text] of yaml) {
  test(`settled: YAML with ${title}`, async (t) => {
    t.timeout(100_000);
    const folder = await makeFolder(t);
    await writeFiles(folder, {
      'configs/metadata.json': '{}',
      'configs/inference.yaml': text,
      'models/model.onnx': 'x',
    });
    const { problems } = await checkBundle(folder);
    t.true(problems.length >= 1);
    t.true(problems.every(({ code }) => code === 'FAILED_PRECONDITION'));
  });
}
