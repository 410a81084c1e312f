// A bundle's folder is read whole, never beyond itself, and what is wrong is told with file and key.
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { InvalidBundle } from '../../server/errors.js';
import { readBundle } from '../../server/workflows/read-bundle.js';
import { readJson } from '../../server/workflows/read-json.js';
import { readYaml } from '../../server/workflows/read-yaml.js';
import { EXAMPLES, makeBundle, makeFolder, writeFiles } from './bundle-files.js';

test('reads the example bundles whole', async (t) => {
  for (const name of ['brain_extraction_mri', 'brain_extraction_deepbet']) {
    const { bundle, problems } = await readBundle(join(EXAMPLES, name));
    t.deepEqual(problems, []);
    t.is(bundle?.inference.file, 'configs/inference.json');
    t.true(bundle?.modelFile.endsWith('model.onnx'));
    t.regex(bundle?.license ?? '', /licen[sc]e/i);
    t.regex(bundle?.readme ?? '', /^# Brain extraction/);
  }
});

for (const name of ['configs/inference.yaml', 'configs/inference.yml']) {
  test(`reads ${name} when there is no inference.json`, async (t) => {
    const folder = await makeFolder(t);
    await writeFiles(folder, { 'configs/metadata.json': '{}', [name]: 'a: {b: 1}', 'models/model.onnx': 'x' });
    const { bundle, problems } = await readBundle(folder);
    t.deepEqual(problems, []);
    t.deepEqual(bundle?.inference, { file: name, content: { a: { b: 1 } } });
  });
}

test('everything that is missing is told at once', async (t) => {
  const { bundle, problems } = await readBundle(await makeFolder(t));
  t.is(bundle, undefined);
  t.deepEqual(
    problems.map((problem) => problem.metadata['file']),
    ['configs/metadata.json', 'configs/inference.json', 'models/model.onnx'],
  );
});

test('weights alone are named where the network is missing', async (t) => {
  const folder = await makeFolder(t);
  await writeFiles(folder, { 'configs/metadata.json': '{}', 'configs/inference.json': '{}', 'models/model.pt': 'x' });
  const { bundle, problems } = await readBundle(folder);
  t.truthy(bundle);
  t.regex(
    problems[0]?.message ?? '',
    /models\/model\.onnx: missing, and so is models\/model\.ts\. There is models\/model\.pt.*onnx_export/,
  );
});

test('no folder, and a file for a folder', async (t) => {
  const folder = await makeFolder(t);
  await writeFiles(folder, { file: 'x' });
  for (const name of ['none', 'file']) {
    const { bundle, problems } = await readBundle(join(folder, name));
    t.is(bundle, undefined);
    t.is(problems[0]?.reason, 'INVALID_BUNDLE');
  }
});

const LINKED = ['configs/metadata.json', 'configs/inference.json', 'models/model.onnx'] as const;
for (const name of LINKED) {
  test(`a link that leads out of the folder is refused: ${name}`, async (t) => {
    const outside = await makeFolder(t);
    await writeFiles(outside, { secret: '{}' });
    const folder = await makeFolder(t);
    const others = LINKED.filter((one) => one !== name).map((one) => [one, '{}']);
    await writeFiles(folder, Object.fromEntries(others));
    await mkdir(join(folder, 'models'), { recursive: true });
    await symlink(join(outside, 'secret'), join(folder, ...name.split('/')));
    const { problems } = await readBundle(folder);
    t.deepEqual(
      problems.map(({ message }) => message),
      [`${name}: is a link that leads out of the bundle's folder. Put the file inside.`],
    );
  });
}

test('a folder that is a link out is refused, one that stays inside is not', async (t) => {
  const outside = await makeFolder(t);
  await writeFiles(outside, { 'model.onnx': 'x' });
  const folder = await makeFolder(t);
  await writeFiles(folder, { 'configs/metadata.json': '{}', 'configs/inference.json': '{}', 'real/model.onnx': 'x' });
  await symlink(outside, join(folder, 'models'));
  t.regex((await readBundle(folder)).problems[0]?.message ?? '', /leads out/);
  const other = await makeFolder(t);
  await writeFiles(other, { 'configs/metadata.json': '{}', 'configs/inference.json': '{}', 'real/model.onnx': 'x' });
  await symlink(join(other, 'real'), join(other, 'models'));
  const { bundle, problems } = await readBundle(other);
  t.deepEqual(problems, []);
  t.true(bundle?.modelFile.endsWith(join('real', 'model.onnx')));
});

test('a folder where a file should be is refused', async (t) => {
  const folder = await makeFolder(t);
  await writeFiles(folder, { 'configs/metadata.json/x': '', 'configs/inference.json': '{}', 'models/model.onnx': 'x' });
  t.regex((await readBundle(folder)).problems[0]?.message ?? '', /metadata\.json: is not a regular file/);
});

test('a configuration that is not UTF-8, or too large, is refused', async (t) => {
  const notText = await makeBundle(t, {}, { 'configs/inference.json': new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) });
  t.regex((await readBundle(notText)).problems[0]?.message ?? '', /inference\.json: is not text in UTF-8/);
  const large = await makeBundle(t, { text: 'x'.repeat(2 ** 20) });
  t.regex((await readBundle(large)).problems[0]?.message ?? '', /inference\.json: is larger than 1048576 bytes/);
});

test('files that macros name are read, inside configs alone', async (t) => {
  const folder = await makeBundle(
    t,
    {
      a: '%other.json::x',
      b: '%configs/more.yaml',
      c: '%../../secret.json::x',
      d: '%/etc/hosts.json',
      e: '%none.json',
    },
    { 'configs/other.json': '{"x": "%third.json"}', 'configs/more.yaml': 'y: 1', 'configs/third.json': '{"z": 2}' },
  );
  const { bundle } = await readBundle(folder);
  const read = [...(bundle?.macroFiles ?? [])].map(([name, file]) => [
    name,
    file instanceof Error ? file.message : file.file,
  ]);
  t.deepEqual(Object.fromEntries(read), {
    'other.json': 'configs/other.json',
    'configs/more.yaml': 'configs/more.yaml',
    '../../secret.json': "configs/../../secret.json: leads out of the bundle's folder. Put the file inside.",
    '/etc/hosts.json': 'configs//etc/hosts.json: missing: a macro asks for it.',
    'none.json': 'configs/none.json: missing: a macro asks for it.',
    'third.json': 'configs/third.json',
  });
});

const wrongJson: readonly (readonly [title: string, text: string, message: RegExp])[] = [
  [
    'a key that stands twice',
    '{"a": {"b": 1, "c": 2,\n "b": 3}}',
    /^f, a::b: this key stands twice \(line 2, column 5\)/,
  ],
  ['a comma too many', '{"a": 1,}', /^f: line 1, column 9: expected a key in double quotes, found "}"/],
  ['a comma too few', '{"a": 1 "b": 2}', /line 1, column 9: expected "," or "}"/],
  ['no end', '{"a": [1, 2', /^f, a: line 1, column 12: expected "," or "\]", found the end/],
  ['a string without an end', '{"a": "x}', /closing double quote/],
  ['a string with an unknown escape', '{"a": "\\q"}', /unknown escapes/],
  ['a string over two lines', '{"a": "x\ny"}', /without raw line ends/],
  ['single quotes', "{'a': 1}", /a key in double quotes/],
  ['a number that is none', '{"a": 1.2.3}', /^f, a: line 1, column 7: expected a value/],
  ['a number with a leading zero', '{"a": 012}', /expected a value/],
  ['a word that is none', '{"a": True}', /expected a value, found "True}"/],
  ['two values', '{} {}', /expected the end of the file/],
  ['nothing', '', /expected a value, found the end/],
  ['lists too deep', '['.repeat(200), /more than 100 levels/],
  ['dictionaries far too deep', '{"a":'.repeat(200_000), /more than 100 levels/],
];

for (const [title, text, message] of wrongJson) {
  test(`JSON with its place: ${title}`, (t) => {
    const error = t.throws(() => readJson(text, 'f'), { instanceOf: InvalidBundle });
    t.regex(error.message, message);
  });
}

test('JSON is read as JSON.parse reads it', (t) => {
  const text = '\n{"a": [1, -2.5e3, 0, "\\u00e9\\n\\"", true, false, null, {}, []], "": {"__proto__": {"x": 1}}}\t';
  t.deepEqual(readJson(text, 'f'), JSON.parse(text));
  t.deepEqual(Object.keys(readJson('{"__proto__": 1}', 'f') as object), ['__proto__']);
});

test('JSON has the numbers that Python writes', (t) => {
  t.deepEqual(readJson('[NaN, Infinity, -Infinity]', 'f'), [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});

const wrongYaml: readonly (readonly [title: string, text: string, message: RegExp])[] = [
  ['a key that stands twice', 'a: 1\nb: 2\na: 3', /line 3, column 1: this key stands twice/],
  ['a key that stands twice far inside', 'a:\n  - {x: 1, "x": 2}', /line 2, column 12: this key stands twice/],
  ['a list for a key', '? [1, 2]\n: 3', /only words and numbers can be keys/],
  ['a list without an end', 'a: [1, 2\nb: 3', /line 2/],
  ['two documents', 'a: 1\n---\nb: 2', /2 YAML documents/],
  ['a tag that runs Python', 'a: !!python/object/apply:os.system ["id"]', /Unresolved tag/],
  ['an alias to nothing', 'a: *b', /alias/],
  ['an anchor that holds itself', 'a: &a [*a]', /more than 100 levels/],
  ['laughs by the billion', laughs(), /alias/i],
  ['brackets too deep', '['.repeat(200), /more than 100 levels/],
  ['brackets far too deep', '{a: '.repeat(100_000), /more than 100 levels/],
  ['dashes far too deep', '- '.repeat(20_000), /more than 100 levels/],
];

function laughs(): string {
  const lines = Array.from({ length: 40 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`);
  return ['a: &a0 [1]', ...lines].join('\n');
}

for (const [title, text, message] of wrongYaml) {
  test(`YAML with its place: ${title}`, (t) => {
    const error = t.throws(() => readYaml(text, 'f'), { instanceOf: InvalidBundle });
    t.regex(error.message, message);
  });
}
