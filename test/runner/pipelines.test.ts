// Whole bundles around a given answer of the network, against what MONAI made of the same configuration: planned from
// their files, executed as a runner does (test/golden/cases/pipelines.py).
import test from 'ava';
import type { Image } from '../../server/imaging/image.js';
import { ONE_THREAD } from '../../server/imaging/one-thread.js';
import type { Network } from '../../server/inference/network.js';
import { checkInputs } from '../../server/runner/check-input.js';
import { executePlan } from '../../server/runner/execute-plan.js';
import { createStages } from '../../server/runner/progress.js';
import type { ConfigValue } from '../../server/workflows/bundle.js';
import { planBundle } from '../../server/workflows/plan-bundle.js';
import {
  compareAffines,
  compareVoxels,
  type GoldenVolume,
  goldenCases,
  goldenImage,
  goldenVoxels,
} from '../operators/golden-case.js';
import { METADATA, makeBundle } from '../workflows/bundle-files.js';

interface GoldenPipeline {
  readonly config: ConfigValue;
  readonly inputs: Readonly<Record<string, GoldenVolume>>;
  readonly channels: number;
  readonly preprocessed: GoldenVolume;
  readonly prediction: GoldenVolume;
  readonly output: GoldenVolume;
}

/** Intensities, of which the largest is 1, may differ by a few roundings of float32. */
const TOLERANCE = 3e-6;

const CONTEXT = {
  stages: createStages(() => {}),
  threads: ONE_THREAD,
  checkpoint: async () => {},
  throwIfCancelled: () => {},
};

function metadataFor(channels: number, classes: number): string {
  const format = {
    inputs: { image: { num_channels: channels, spatial_shape: ['*', '*', '*'] } },
    outputs: { pred: { num_channels: classes } },
  };
  return JSON.stringify({ ...METADATA, network_data_format: format });
}

/** The largest size of a number, 1 at least. */
function largest(volume: GoldenVolume): number {
  let most = 1;
  for (const value of goldenVoxels(volume)) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

for (const [name, golden] of goldenCases<GoldenPipeline>('Pipeline')) {
  test(`a bundle's transforms match MONAI, from the file to the answer: ${name}`, async (t) => {
    const [classes = 1] = golden.prediction.sizes;
    const folder = await makeBundle(t, golden.config, {
      'configs/metadata.json': metadataFor(golden.channels, classes),
    });
    const plan = await planBundle(folder);
    const { inputKey, outputKey } = plan.network;
    const seen: { dims?: readonly number[] } = {};
    const network: Network = {
      device: 'cpu',
      spatialSizes: [undefined, undefined, undefined],
      run: async ({ dims }) => {
        seen.dims = dims;
        return { dims: [1, ...golden.prediction.sizes], data: goldenVoxels(golden.prediction) as Float32Array };
      },
      close: async () => {},
    };
    const inputs = new Map<string, Image>();
    for (const [key, volume] of Object.entries(golden.inputs)) {
      inputs.set(key, { ...goldenImage(volume, 'first axis fastest'), integers: false, owned: true });
    }
    t.deepEqual([...plan.description.inputs.map((one) => one.name)].sort(), [...inputs.keys()].sort());
    const headers = Object.entries(golden.inputs).map(
      ([
        key,
        {
          sizes: [components = 1, ...sizes],
        },
      ]) => {
        return [
          key,
          { header: { sizes, components, componentType: 'float32', indexToWorldLps: [], modality: '' } },
        ] as const;
      },
    );
    t.notThrows(() => checkInputs(Object.fromEntries(headers), plan.description.inputs));
    const images = await executePlan(plan, network, inputs, {}, CONTEXT);
    t.deepEqual(seen.dims, [1, ...golden.preprocessed.sizes]);
    const before = images.get(inputKey)!;
    const beside = compareVoxels(before, golden.preprocessed);
    const off = (found: { greatest: number }): number => found.greatest / largest(golden.preprocessed);
    t.true(off(beside) <= TOLERANCE, `before the network ${beside.differing} voxels differ, by ${beside.greatest}`);
    t.true(compareAffines(before, golden.preprocessed) <= 1e-6, 'the affine before the network');
    const answer = images.get(outputKey)!;
    t.deepEqual([answer.channels, ...answer.sizes], golden.output.sizes);
    const { greatest, differing } = compareVoxels(answer, golden.output);
    const whole = goldenVoxels(golden.output).every((value) => Number.isInteger(value));
    t.true(greatest <= (whole ? 0 : TOLERANCE * largest(golden.output)), `${differing} voxels differ, by ${greatest}`);
    t.true(compareAffines(answer, golden.output) <= 1e-6, 'the affine of the answer');
  });
}
