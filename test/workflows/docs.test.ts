// docs/expressions.md names all that expressions have, and docs/bundles.md shows a bundle that runs.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { functionNames } from '../../server/expressions/functions.js';
import { enumNames } from '../../server/expressions/names.js';
import { planBundle } from '../../server/workflows/plan-bundle.js';
import { makeBundle } from './bundle-files.js';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');

test('docs/expressions.md names every function and enumeration, and no others', (t) => {
  const paragraph = /\*\*Functions\*\*:([\s\S]*?)\n\n/.exec(page('expressions'))?.[1] ?? '';
  const functions = [...paragraph.matchAll(/`([\w.]+)`/g)].map((match) => match[1]);
  t.deepEqual(functions.sort(), [...functionNames()].sort());
  const names = /enumerations ([\s\S]*?) in\s+`monai\.utils`/.exec(page('expressions'))?.[1] ?? '';
  t.deepEqual([...names.matchAll(/`(\w+)`/g)].map((match) => match[1]).sort(), [...enumNames()].sort());
});

test('the segments that docs/bundles.md shows come out as they are written', async (t) => {
  const block = /```json\n([\s\S]*?)```/.exec(page('bundles'))?.[1] ?? '';
  const metadata = JSON.parse(`{${block}}`) as {
    network_data_format: { outputs: { pred: { segments: [{ color: number[] }] } }; inputs?: object };
  };
  metadata.network_data_format.inputs = { image: { num_channels: 1 } };
  const inference = {
    preprocessing: [{ _target_: 'LoadImaged', keys: 'image' }],
    postprocessing: [{ _target_: 'AsDiscreted', keys: 'pred', argmax: true }],
  };
  const folder = await makeBundle(t, inference, { 'configs/metadata.json': JSON.stringify(metadata) });
  const { description } = await planBundle(folder);
  const [shown] = metadata.network_data_format.outputs.pred.segments;
  const [red, green, blue] = shown.color;
  t.deepEqual(description.outputs[0]?.segments, [{ ...shown, color: { red, green, blue } }] as never);
});
