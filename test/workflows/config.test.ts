// The configuration language against MONAI's own ConfigParser (test/golden/config_parser.py).
import { readFileSync } from 'node:fs';
import test from 'ava';
import { VoxhostError } from '../../server/errors.js';
import { Component, isDict, isList, PythonName, type Value } from '../../server/expressions/values.js';
import { Config } from '../../server/workflows/config/config.js';
import { readBundle } from '../../server/workflows/read-bundle.js';
import { makeFolder, writeFiles } from './bundle-files.js';

interface Golden {
  readonly monai: string;
  readonly cases: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly results: readonly { readonly id: string; readonly value?: unknown; readonly error?: string }[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../fixtures/config-parser.json', import.meta.url), 'utf8'),
) as Golden;

for (const { name, files, results } of golden.cases) {
  test(`matches MONAI ${golden.monai}: ${name}`, async (t) => {
    const folder = await makeFolder(t);
    await writeFiles(folder, { 'configs/metadata.json': '{}', 'models/model.onnx': 'x', ...files });
    for (const { id, value, error } of results) {
      const resolve = async () => {
        const { bundle, problems } = await readBundle(folder);
        if (!bundle) throw problems[0] ?? new Error('nothing read');
        return asGolden(new Config(bundle).get(id));
      };
      if (error === undefined) t.deepEqual(await resolve(), value, id);
      else await t.throwsAsync(resolve, { instanceOf: VoxhostError }, id);
    }
  });
}

test('the golden file has the cases that it is meant to have', (t) => {
  t.true(golden.cases.length > 240);
  t.true(golden.cases.flatMap(({ results }) => results).filter(({ error }) => error).length > 40);
});

/** As the script writes a value. */
function asGolden(value: Value): unknown {
  if (value instanceof PythonName) return { dtype: value.plain };
  if (value instanceof Component) {
    const args = value.argumentNames.map((name) => [name, asGolden(value.argument(name))]);
    return { _target_: value.target, arguments: Object.fromEntries(args) };
  }
  if (isList(value)) return value.map(asGolden);
  if (isDict(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asGolden(one)]));
  return value;
}
