// workflow.yaml: what it stands for, and what of it is refused by its key.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { checkBundle, planBundle } from '../../server/workflows/plan-bundle.js';

async function folderOf(t: ExecutionContext, yaml: string, model = 'model.zip'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'workflow.yaml'), yaml);
  if (model !== '') await writeFile(join(folder, model), 'x');
  return folder;
}

test('three lines are a workflow: one image in, a label map out, on the grid of the image', async (t) => {
  const yaml = 'name: Liver\nversion: 2.1.0\noutput: { channels: 3, segments: { 1: liver, 2: tumour } }\n';
  const plan = await planBundle(await folderOf(t, yaml));
  t.is(basename(plan.network.modelFile), 'model.zip');
  t.is(plan.description.title, 'Liver');
  t.is(plan.description.version, '2.1.0');
  t.deepEqual(
    plan.description.outputs[0]!.segments.map(({ value, name }) => [value, name]),
    [
      [1, 'liver'],
      [2, 'tumour'],
    ],
  );
  t.deepEqual(
    plan.postprocessing.map(({ operator }) => operator),
    ['Invert', 'AsDiscrete'],
  );
});

test('one channel becomes a label over a half', async (t) => {
  const plan = await planBundle(await folderOf(t, 'output: { channels: 1 }\n'));
  t.deepEqual(
    plan.postprocessing.map(({ operator }) => operator),
    ['Activations', 'Invert', 'AsDiscrete'],
  );
});

test('the transforms and the inferer are in the words of MONAI, and their places in those of the file', async (t) => {
  const yaml = `
model: net.onnx
input: { channels: 2, channel_names: [T1, T2], modality: MR }
output: { channels: 2 }
preprocessing:
  - { _target_: Orientationd, keys: image, axcodes: LPS }
inferer: { _target_: SlidingWindowInferer, roi_size: [32, 32, 32], overlap: 0.25 }
`;
  const plan = await planBundle(await folderOf(t, yaml, 'net.onnx'));
  t.deepEqual(
    plan.preprocessing.map(({ operator, place }) => [operator, place.file]),
    [['Orientation', 'workflow.yaml']],
  );
  t.like(plan.inferer, { kind: 'sliding-window', roiSize: [32, 32, 32] });
  t.deepEqual(plan.description.inputs[0]!.channelNames, ['T1', 'T2']);
});

const wrong: [string, string, RegExp][] = [
  ['a key that is not known', 'ouput: { channels: 2 }', /workflow\.yaml, ouput: .*Did you mean output/],
  ['no channels', 'name: x', /workflow\.yaml, output::channels: is missing/],
  ['channels that are no number', 'output: { channels: two }', /output::channels: is "two", expected a whole number/],
  ['axes that no image has', 'input: { axes: 4 }\noutput: { channels: 2 }', /input::axes: is 4/],
  [
    'a model that is not there',
    'model: other.zip\noutput: { channels: 2 }',
    /workflow\.yaml, model: there is no other\.zip/,
  ],
  ['a model outside of the folder', 'model: ../model.zip\noutput: { channels: 2 }', /leads out/],
  [
    'a transform that is not known',
    'output: { channels: 2 }\npreprocessing: [{ _target_: Orientatond, keys: image }]',
    /workflow\.yaml, preprocessing::0.*Orientat/,
  ],
  ['text instead of YAML', '{{{', /workflow\.yaml: line 1, column 4/],
];
for (const [what, yaml, message] of wrong) {
  test(`${what} is refused by its key`, async (t) => {
    const { problems } = await checkBundle(await folderOf(t, yaml));
    t.regex(problems[0]?.message ?? '', message);
  });
}

const schema = JSON.parse(readFileSync(new URL('../../docs/workflow.schema.json', import.meta.url), 'utf8')) as {
  properties: Record<string, { properties?: Record<string, unknown> }>;
};
const sections: [string, string, object][] = [
  ['the file', 'zzzzzzzzzz: 1\noutput: { channels: 2 }', schema.properties],
  ['input', 'input: { zzzzzzzzzz: 1 }\noutput: { channels: 2 }', schema.properties['input']!.properties!],
  ['output', 'output: { zzzzzzzzzz: 1 }', schema.properties['output']!.properties!],
];
for (const [what, yaml, properties] of sections) {
  test(`docs/workflow.schema.json has the keys of ${what} that the code knows`, async (t) => {
    const { problems } = await checkBundle(await folderOf(t, yaml));
    const known = /There is (.*?)\. /.exec(problems[0]?.message ?? '')?.[1]?.split(', ') ?? [];
    t.deepEqual(known.toSorted(), Object.keys(properties).toSorted());
  });
}
