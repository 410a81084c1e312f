// Networks as torch.jit.save writes them, in a bundle and alone beside a workflow.yaml: the mask that torch makes.

import { readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { InvalidBundle, Unsupported } from '../../server/errors.js';
import { readImageFile } from '../../server/imaging/formats/image-file.js';
import { imageFromVolume, volumeFromImage } from '../../server/imaging/volume-view.js';
import { executePlan } from '../../server/runner/execute-plan.js';
import { type LoadedWorkflow, loadWorkflow } from '../../server/runner/load-workflow.js';
import { createStages } from '../../server/runner/progress.js';
import type { NetworkReport } from '../../server/torchscript/import.js';
import { MASK, MAY_DIFFER, NETWORK, WORKFLOW } from '../fixtures/torchscript/deepbet.js';
import { type Answer, makeInput } from '../torchscript/answers.js';

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const GOLDEN = 'test/golden/data/torchscript';
const EXAMPLE = pathOf('examples/workflows/brain_extraction_deepbet');
const WHOLE_WORKFLOW = `${WORKFLOW}postprocessing:
  - { _target_: Invertd, keys: pred, transform: "@preprocessing", orig_keys: image, nearest_interp: false }
  - { _target_: AsDiscreted, keys: pred, argmax: true }
  - { _target_: KeepLargestConnectedComponentd, keys: pred, applied_labels: [1] }
  - { _target_: FillHolesd, keys: pred, applied_labels: [1] }
`;

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function load(t: ExecutionContext, bundleFolder: string, convertedFolder?: string): Promise<LoadedWorkflow> {
  const kept = convertedFolder === undefined ? {} : { convertedFolder };
  const options = { bundleFolder, device: 'cpu', threads: 2, onDescribed: () => {}, onAttempt: () => {}, ...kept };
  const loaded = await loadWorkflow(options);
  t.teardown(() => Promise.all([loaded.network.close(), loaded.threads.close()]));
  return loaded;
}

async function differing({ plan, network, threads }: LoadedWorkflow): Promise<number> {
  const { header, voxels } = await readImageFile(pathOf('examples/images/head-mri.nii.gz'));
  const expected = await readImageFile(MASK);
  const inputs = new Map([['image', imageFromVolume(voxels, header)]]);
  const stages = createStages(() => {});
  const context = { stages, threads, checkpoint: async () => {}, throwIfCancelled: () => {} };
  const results = await executePlan(plan, network, inputs, {}, context);
  const { bytes } = volumeFromImage(results.get('pred')!);
  return bytes.reduce((sum, value, index) => sum + (value === expected.voxels[index] ? 0 : 1), 0);
}

test.serial("a bundle's model.ts gives the mask of MONAI with PyTorch, and is converted once", async (t) => {
  const folder = await makeFolder(t);
  await cp(join(EXAMPLE, 'configs'), join(folder, 'configs'), { recursive: true });
  await mkdir(join(folder, 'models'));
  await copyFile(NETWORK, join(folder, 'models', 'model.ts'));
  const converted = await makeFolder(t);
  const count = await differing(await load(t, folder, converted));
  t.log(`${count} voxels differ`);
  t.true(count <= MAY_DIFFER);
  const [first] = await readdir(converted);
  await load(t, folder, converted);
  t.deepEqual(await readdir(converted), [first]);
});

test.serial('a model.zip beside a workflow.yaml gives the mask of MONAI with PyTorch', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(join(folder, 'workflow.yaml'), WHOLE_WORKFLOW);
  await copyFile(NETWORK, join(folder, 'model.zip'));
  const count = await differing(await load(t, folder));
  t.log(`${count} voxels differ`);
  t.true(count <= MAY_DIFFER);
});

test.serial('weights without a network are refused by the file, with what to do', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(join(folder, 'workflow.yaml'), WHOLE_WORKFLOW);
  await copyFile(pathOf('test/golden/data/torchscript/weights.pt'), join(folder, 'model.pt'));
  const error = await t.throwsAsync(load(t, folder), { instanceOf: InvalidBundle });
  t.regex(error.message, /^model\.pt: This file holds weights without a network.*torch\.jit\.save/);
});

test.serial('one network sees each image in its own size, and answers as torch', async (t) => {
  const folder = await makeFolder(t);
  const yaml = (preprocessing: string) => `output: { channels: 2 }\npreprocessing: ${preprocessing}\n`;
  await writeFile(join(folder, 'workflow.yaml'), yaml('[{ _target_: DivisiblePadd, keys: image, k: 4 }]'));
  const file = 'unet-3d.scripted.pt.gz';
  await writeFile(join(folder, 'model.pt'), gunzipSync(readFileSync(pathOf(`${GOLDEN}/networks/${file}`))));
  const loaded = await load(t, folder);

  const cases = JSON.parse(gunzipSync(readFileSync(pathOf(`${GOLDEN}/open-axes.json.gz`))).toString());
  const [{ inputs, outputs }] = cases[file] as [{ inputs: number[][]; outputs: Answer[] }];
  const [, , ...sizes] = inputs[0]!;
  const labels = await labelsOf(loaded, sizes);
  // Every n-th number of [1, 2, sizes…]: in the first half those of the background, then those of the same places.
  const { numbers, every } = outputs[0]!;
  t.is((sizes.reduce((product, size) => product * size, 1) / every) % 1, 0);
  const half = numbers.length / 2;
  const expected = numbers.slice(0, half).map((background, at) => (numbers[half + at]! > background ? 1 : 0));
  t.deepEqual(
    expected.map((_, at) => labels.at(at * every)),
    expected,
  );
  t.deepEqual([...new Set(expected)].sort(), [0, 1]);

  const odd = [29, 42, 11];
  t.is(
    (await labelsOf(loaded, odd)).count,
    odd.reduce((product, size) => product * size, 1),
  );

  await writeFile(join(folder, 'workflow.yaml'), yaml('[]'));
  const error = await t.throwsAsync(labelsOf(await load(t, folder), odd));
  t.regex(error.message, /\[29, 42, 11\], expected multiples of 4, 4, 4 voxels\. Put DivisiblePadd/);
});

/** The labels of the golden input in these sizes; `at` counts as a tensor does, its last axis fastest. */
async function labelsOf({ plan, network, threads }: LoadedWorkflow, sizes: readonly number[]) {
  const [ni, nj, nk] = sizes as [number, number, number];
  const input = makeInput([1, 1, ...sizes], 1).data as Float32Array;
  const place = (at: number) => Math.floor(at / (nj * nk)) + ni * ((Math.floor(at / nk) % nj) + nj * (at % nk));
  const voxels = new Float32Array(input.length);
  input.forEach((value, at) => {
    voxels[place(at)] = value;
  });
  const indexToWorldLps = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  const header = { sizes, componentType: 'float32', components: 1, indexToWorldLps, modality: 'MR' } as const;
  const inputs = new Map([['image', imageFromVolume(new Uint8Array(voxels.buffer), header)]]);
  const stages = createStages(() => {});
  const context = { stages, threads, checkpoint: async () => {}, throwIfCancelled: () => {} };
  const results = await executePlan(plan, network, inputs, {}, context);
  const { bytes } = volumeFromImage(results.get('pred')!);
  return { count: bytes.length, at: (index: number) => bytes[place(index)]! };
}

test.serial('an axis with -1 in roi_size stays open, the others do not', async (t) => {
  const folder = await makeFolder(t);
  const yaml = 'output: { channels: 2 }\ninferer: { _target_: SlidingWindowInferer, roi_size: [16, 32, -1] }\n';
  await writeFile(join(folder, 'workflow.yaml'), yaml);
  const archive = gunzipSync(readFileSync(pathOf(`${GOLDEN}/networks/unet-3d.traced.pt.gz`)));
  await writeFile(join(folder, 'model.pt'), archive);
  const converted = await makeFolder(t);
  await load(t, folder, converted);
  const [key] = await readdir(converted);
  const report = JSON.parse(readFileSync(join(converted, key!, 'report.json'), 'utf8')) as NetworkReport;
  t.deepEqual(report.inputs[0]!.dims, ['batch', '1', '16', '32', '4*k']);
});

test.serial('a network that cannot keep an axis open is refused with the line that stands in the way', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(join(folder, 'workflow.yaml'), 'output: { channels: 2 }\n');
  const archive = gunzipSync(readFileSync(pathOf(`${GOLDEN}/networks/unetr-3d.scripted.pt.gz`)));
  await writeFile(join(folder, 'model.pt'), archive);
  const error = await t.throwsAsync(load(t, folder), { instanceOf: Unsupported });
  t.regex(
    error.message,
    /^model\.pt, code\/.*from monai\/.*\.py:\d+: sizes that only the image tells cannot stay open/,
  );
  t.regex(error.message, /SlidingWindowInferer with a fixed roi_size/);
});

test.serial("what the network itself refuses is told with the record's line", async (t) => {
  const folder = await makeFolder(t);
  const yaml = 'output: { channels: 6 }\ninferer: { _target_: SlidingWindowInferer, roi_size: [8, 8, 8] }\n';
  await writeFile(join(folder, 'workflow.yaml'), yaml);
  await copyFile(pathOf('test/golden/data/torchscript/tiny.zip'), join(folder, 'model.zip'));
  const error = await t.throwsAsync(load(t, folder));
  t.regex(error.message, /^model\.zip, code\/__torch__/);
});
