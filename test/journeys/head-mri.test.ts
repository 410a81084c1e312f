// The main job on real input: a head MRI streamed in, two MONAI bundles, masks back, beside MONAI's own masks.
import { join } from 'node:path';
import test from 'ava';
import { type RunEvent, readImageFile } from '../../clients/typescript/index.js';
import { HEAD_MRI, ROOT, startTestHost } from '../fixtures/start-host.js';

const expected = (name: string) => readImageFile(join(ROOT, 'test', 'fixtures', 'expected', `${name}.nii.gz`));

function countDiffering(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((count, value, index) => count + (value === b[index] ? 0 : 1), Math.abs(a.length - b.length));
}

for (const [workflow, mask, allowed] of [
  ['brain_extraction_deepbet', 'head-mri_deepbet_onnx', 0],
  ['brain_extraction_mri', 'head-mri_brain', 2],
] as const) {
  test(`${workflow} gives MONAI's mask of the head MRI: at most ${allowed} voxels differ, the geometry is equal`, async (t) => {
    const { client } = await startTestHost(t);
    const events: RunEvent[] = [];
    const image = await readImageFile(HEAD_MRI);
    const run = await client.run(workflow, { image }, { onEvent: (event) => events.push(event) });
    const answer = await client.download(run.outputs[0]!.volume);
    const monais = await expected(mask);

    t.deepEqual(answer.header.sizes, monais.header.sizes);
    t.is(answer.header.componentType, 'uint8');
    answer.header.indexToWorldLps.forEach((value, index) => {
      t.true(Math.abs(value - monais.header.indexToWorldLps[index]!) <= 1e-6, `matrix element ${index}`);
    });
    const differing = countDiffering(answer.voxels, monais.voxels);
    t.true(differing <= allowed, `${differing} voxels differ`);

    const brain = run.outputs[0]!.segments.find(({ segment }) => segment.name === 'brain')!;
    const voxels = answer.voxels.reduce((count, value) => count + (value === 1 ? 1 : 0), 0);
    t.is(brain.voxelCount, voxels);
    t.true(Math.abs(brain.volumeMl - voxels / 1000) < 1e-6 * voxels, 'voxels of 1 mm³');

    const kinds = events.map((event) => event.kind);
    t.is(kinds.at(-1), 'succeeded');
    for (const kind of ['started', 'progress', 'output-ready'] as const) t.true(kinds.includes(kind), kind);
    const sequences = events.map((event) => event.sequence);
    t.deepEqual(
      sequences,
      [...new Set(sequences)].sort((a, b) => a - b),
    );
  });
}

test('Predict gives in one call, byte for byte, what upload, run and download give', async (t) => {
  const { client } = await startTestHost(t);
  const image = await readImageFile(HEAD_MRI);
  const run = await client.run('brain_extraction_mri', { image });
  const read = await client.download(run.outputs[0]!.volume);
  const prediction = await client.predict('brain_extraction_mri', { image });
  t.is(Buffer.compare(prediction.outputs['pred']!.voxels, read.voxels), 0);
  t.deepEqual(prediction.outputs['pred']!.header, read.header);
});
