// Both example bundles on heads turned, thinned, cut and tilted, against MONAI around the same model in ONNX Runtime.
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { readImageFile } from '../../server/imaging/formats/image-file.js';
import type { Image } from '../../server/imaging/image.js';
import { imageFromVolume, volumeFromImage } from '../../server/imaging/volume-view.js';
import { executePlan } from '../../server/runner/execute-plan.js';
import { type LoadedWorkflow, loadWorkflow } from '../../server/runner/load-workflow.js';
import { createStages } from '../../server/runner/progress.js';
import { type GoldenVolume, goldenCases, goldenVoxels } from '../operators/golden-case.js';

interface BundleCase {
  readonly bundle: string;
  /** A part of the head MRI: `source[start:stop:step]` along each axis, then the axes reordered. */
  readonly input: {
    readonly start: readonly number[];
    readonly step: readonly number[];
    readonly axes: readonly number[];
    readonly sizes: readonly number[];
    readonly affineRas: readonly number[];
  };
  readonly output: GoldenVolume;
  readonly mayDiffer: number;
}

const WORKFLOWS = new URL('../../examples/workflows/', import.meta.url);
const loaded = new Map<string, Promise<LoadedWorkflow>>();

function load(bundle: string): Promise<LoadedWorkflow> {
  const existing = loaded.get(bundle);
  if (existing) return existing;
  const loading = loadWorkflow({
    bundleFolder: fileURLToPath(new URL(bundle, WORKFLOWS)),
    device: 'cpu',
    threads: 2,
    onDescribed: () => {},
    onAttempt: () => {},
  });
  loaded.set(bundle, loading);
  return loading;
}

test.after.always(async () => {
  for (const workflow of loaded.values()) {
    const { network, threads } = await workflow;
    await Promise.all([network.close(), threads.close()]);
  }
});

async function mask({ plan, network, threads }: LoadedWorkflow, image: Image): Promise<Image> {
  const results = await executePlan(
    plan,
    network,
    new Map([['image', image]]),
    {},
    {
      stages: createStages(() => {}),
      threads,
      checkpoint: async () => {},
      throwIfCancelled: () => {},
    },
  );
  return results.get('pred')!;
}

const head = readImageFile(fileURLToPath(new URL('../../examples/images/head-mri.nii.gz', import.meta.url)));

async function partOfHead({ start, step, axes, sizes, affineRas }: BundleCase['input']): Promise<Image> {
  const { header, voxels } = await head;
  const whole = imageFromVolume(voxels, header);
  const strides = whole.strides.slice(1);
  const first = start.map((voxel, axis) => (voxel < 0 ? whole.sizes[axis]! + voxel : voxel));
  return {
    ...whole,
    sizes: sizes.slice(1),
    offset: first.reduce((offset, voxel, axis) => offset + voxel * strides[axis]!, 0),
    strides: [whole.strides[0]!, ...axes.map((axis) => strides[axis]! * step[axis]!)],
    affineRas,
  };
}

/** Voxels of a mask that are not as they should be; both in C order. */
function differing(image: Image, expected: ArrayLike<number>): number {
  const [n0 = 1, n1 = 1, n2 = 1] = image.sizes;
  const [, s0 = 0, s1 = 0, s2 = 0] = image.strides;
  let count = 0;
  for (let x = 0, at = 0; x < n0; x++) {
    for (let y = 0; y < n1; y++) {
      for (let z = 0; z < n2; z++, at++) {
        if (image.data[image.offset + x * s0 + y * s1 + z * s2] !== expected[at]) count++;
      }
    }
  }
  return count;
}

for (const [name, golden] of goldenCases<BundleCase>('bundles')) {
  test.serial(`the mask equals MONAI's: ${name}`, async (t) => {
    const result = await mask(await load(golden.bundle), await partOfHead(golden.input));
    t.deepEqual([result.channels, ...result.sizes], [...golden.output.sizes]);
    const count = differing(result, goldenVoxels(golden.output));
    t.log(`${count} voxels differ, ${golden.mayDiffer} may`);
    t.true(count <= golden.mayDiffer);
  });
}

const EXPECTED = {
  brain_extraction_deepbet: ['head-mri_deepbet_onnx', 0],
  brain_extraction_mri: ['head-mri_brain', 2],
} as const;

for (const [bundle, [file, mayDiffer]] of Object.entries(EXPECTED)) {
  test.serial(`the head MRI's mask by ${bundle} differs from MONAI's in at most ${mayDiffer} voxels`, async (t) => {
    const { header, voxels } = await head;
    const expected = await readImageFile(
      fileURLToPath(new URL(`../fixtures/expected/${file}.nii.gz`, import.meta.url)),
    );
    const result = volumeFromImage(await mask(await load(bundle), imageFromVolume(voxels, header)));
    t.deepEqual(result.header.sizes, expected.header.sizes);
    for (const [n, value] of result.header.indexToWorldLps.entries()) {
      t.true(Math.abs(value - expected.header.indexToWorldLps[n]!) <= 1e-6);
    }
    const count = result.bytes.reduce((sum, value, n) => sum + (value === expected.voxels[n] ? 0 : 1), 0);
    t.log(`${count} of ${result.bytes.length} voxels differ`);
    t.true(count <= mayDiffer);
  });
}
