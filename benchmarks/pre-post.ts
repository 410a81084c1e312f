// What a run costs beside its network: each step of a bundle on the head MRI, warm, against the network's own time.
//
//   node --import=tsx benchmarks/pre-post.ts [bundle] [rounds]
//
// The steps and the network have all cores, as in the runner. Prints medians and the ratio.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readImageFile } from '../server/imaging/formats/image-file.js';
import type { Image } from '../server/imaging/image.js';
import { contiguousTensor } from '../server/imaging/tensor.js';
import { imageFromVolume, volumeFromImage } from '../server/imaging/volume-view.js';
import { infer } from '../server/inference/infer.js';
import { openNetwork } from '../server/inference/open-network.js';
import { operatorOfStep } from '../server/operators/catalog.js';
import { fuseSteps } from '../server/operators/fuse-steps.js';
import { openThreadPool } from '../server/threads/open-thread-pool.js';
import type { PlannedStep } from '../server/workflows/plan.js';
import { planBundle } from '../server/workflows/plan-bundle.js';

const [bundle = 'brain_extraction_deepbet', rounds = '15'] = process.argv.slice(2);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function main(): Promise<void> {
  const plan = await planBundle(here(`../examples/workflows/${bundle}`));
  const { header, voxels } = await readImageFile(here('../examples/images/head-mri.nii.gz'));
  const expected = await readImageFile(
    here(`../test/fixtures/expected/head-mri_${bundle.endsWith('deepbet') ? 'deepbet_onnx' : 'brain'}.nii.gz`),
  );
  const { inChannels, outChannels, inputKey, outputKey, modelFile } = plan.network;
  const network = await openNetwork({
    modelFile,
    fileName: 'models/model.onnx',
    device: 'cpu',
    threads: availableParallelism(),
    expected: { inChannels, outChannels, spatialSizes: [undefined, undefined, undefined] },
    onAttempt: () => undefined,
  });
  const threads = openThreadPool(availableParallelism());
  const post = fuseSteps(plan.postprocessing);
  const times = new Map<string, number[]>();
  const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - started]);
    return result;
  };
  const perform = async (steps: readonly PlannedStep[], images: Map<string, Image>, when: string): Promise<void> => {
    for (const { operator, keys, args } of steps) {
      for (const key of keys) {
        const context = { images, threads, throwIfCancelled: () => undefined };
        const apply = operatorOfStep(operator)!;
        images.set(key, await timed(`${when} ${operator}`, () => apply.apply(images.get(key)!, args, context)));
      }
    }
  };
  let differing = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const images = new Map<string, Image>([[inputKey, imageFromVolume(voxels, header)]]);
    await perform(plan.preprocessing, images, 'pre ');
    await timed('pre  tensor', () => contiguousTensor(images.get(inputKey)!));
    const options = { onWindows: () => undefined, checkpoint: async () => undefined, threads };
    images.set(outputKey, await timed('network', () => infer(network, images.get(inputKey)!, plan.inferer, options)));
    await perform(post, images, 'post');
    const answer = await timed('post volume', () => volumeFromImage(images.get(outputKey)!));
    differing = answer.bytes.reduce((sum, value, n) => sum + (value === expected.voxels[n] ? 0 : 1), 0);
  }
  await network.close();
  await threads.close();
  report(times, differing, expected.voxels.length);
}

function report(times: ReadonlyMap<string, number[]>, differing: number, voxels: number): void {
  let around = 0;
  let network = 0;
  for (const [name, all] of times) {
    const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
    if (name === 'network') network = median;
    else around += median;
    console.log(`${median.toFixed(1).padStart(8)} ms  ${name}`);
  }
  console.log(`${around.toFixed(1).padStart(8)} ms  pre and post, ${(around / network).toFixed(3)} of the network`);
  console.log(`${String(differing).padStart(8)} of ${voxels} voxels differ from MONAI's answer`);
}

await main();
