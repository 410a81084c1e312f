// Every golden case of every operator: what MONAI 1.6.1 answers on volumes that hurt, whatever way voxels lie in memory.
import test from 'ava';
import type { VoxelArray } from '../../server/imaging/image.js';
import { operatorOfStep } from '../../server/operators/catalog.js';
import { fuseSteps } from '../../server/operators/fuse-steps.js';
import { outlineAfter } from '../../server/operators/outline.js';
import {
  applySteps,
  applyToKeys,
  compareAffines,
  compareVoxels,
  type GoldenCase,
  type GoldenChain,
  type GoldenKeysCase,
  goldenCases,
  goldenImage,
  LAYOUTS,
  planned,
} from './golden-case.js';

const OPERATORS = [
  'AdjustContrast',
  'BorderPad',
  'Flip',
  'GaussianSmooth',
  'LabelToContour',
  'Lambda',
  'MedianSmooth',
  'ResizeWithPadOrCrop',
  'Rotate90',
  'ShiftIntensity',
  'SpatialCrop',
  'SpatialResample',
  'SqueezeDim',
  'ThresholdIntensity',
  'Transpose',
  'Zoom',
  'Activations',
  'AsDiscrete',
  'CenterSpatialCrop',
  'CropForeground',
  'DivisiblePad',
  'FillHoles',
  'KeepLargestConnectedComponent',
  'LabelFilter',
  'NormalizeIntensity',
  'Orientation',
  'RemoveSmallObjects',
  'Resize',
  'ScaleIntensity',
  'ScaleIntensityRange',
  'ScaleIntensityRangePercentiles',
  'Spacing',
  'SpatialPad',
] as const;

/** Cases that MONAI answers and this host refuses when the bundle is deployed, with what it says. */
const REFUSED: Readonly<Record<string, string>> = {
  'Spacing/axis-aligned-recompute-affine': 'recompute_affine is not supported',
  'Spacing/oblique-recompute-affine': 'recompute_affine is not supported',
};

/**
 * Cases where this host means to differ.
 *
 * MONAI computes on integer tensors as integers, which wrap (range) or are refused (percentiles). Its `LoadImage` never
 * gives them unless asked; here small integers stand for the float32 numbers that they are.
 */
const DIFFERENT: ReadonlySet<string> = new Set([
  'ScaleIntensityRange/uint8',
  'ScaleIntensityRangePercentiles/int16',
  'ScaleIntensityRangePercentiles/uint8',
]);

for (const operator of OPERATORS) {
  for (const [name, golden] of goldenCases<GoldenCase>(operator)) {
    if (DIFFERENT.has(`${operator}/${name}`)) continue;
    const title = `${operator} matches MONAI: ${name}`;
    if (golden.raises !== undefined || golden.output!.sizes.includes(0)) {
      test(`${operator} refuses what MONAI cannot answer: ${name}`, async (t) => {
        await t.throwsAsync(async () => applySteps([planned(golden)], goldenImage(golden.input, LAYOUTS[0])));
      });
    } else if (REFUSED[`${operator}/${name}`]) {
      test(`${operator} refuses at deployment: ${name}`, (t) => {
        t.throws(() => planned(golden), { message: new RegExp(REFUSED[`${operator}/${name}`]!) });
      });
    } else {
      test(title, async (t) => {
        for (const layout of LAYOUTS) {
          const input = goldenImage(golden.input, layout);
          const before = input.data.slice();
          const answer = await applySteps([planned(golden)], input);
          t.true(sameBytes(input.data, before), 'the input is left as it was');
          t.deepEqual([answer.channels, ...answer.sizes], golden.output!.sizes, layout);
          const { greatest, differing } = compareVoxels(answer, golden.output!);
          t.true(greatest <= golden.tolerance, `${layout}: ${differing} voxels differ, by ${greatest} at most`);
          t.true(compareAffines(answer, golden.output!) <= (golden.affineTolerance ?? 1e-6), layout);
          if (greatest > 0) t.log(`${layout}: ${differing} voxels differ, by ${greatest} at most`);
          const { operator, args } = planned(golden);
          const outline = outlineAfter({ ...input, applied: [] }, operatorOfStep(operator)!, args);
          if (outline) {
            t.deepEqual([outline.channels, ...outline.sizes].slice(1), golden.output!.sizes.slice(1), 'known before');
            t.true(compareAffines(outline, golden.output!) <= (golden.affineTolerance ?? 1e-6), 'known before');
          }
        }
      });
    }
  }
}

for (const operator of ['ConcatItems', 'MeanEnsemble', 'ResampleToMatch', 'VoteEnsemble']) {
  for (const [name, golden] of goldenCases<GoldenKeysCase>(operator)) {
    test(`${operator} matches MONAI: ${name}`, async (t) => {
      for (const layout of LAYOUTS) {
        const images = new Map(Object.entries(golden.inputs).map(([key, one]) => [key, goldenImage(one, layout)]));
        const before = [...images.values()].map(({ data }) => data.slice());
        const answer = await applyToKeys(golden, images);
        t.true(
          [...images.values()].every(({ data }, n) => sameBytes(data, before[n]!)),
          'the inputs are left',
        );
        t.deepEqual([answer.channels, ...answer.sizes], golden.output.sizes, layout);
        const { greatest, differing } = compareVoxels(answer, golden.output);
        t.true(greatest <= golden.tolerance, `${layout}: ${differing} voxels differ, by ${greatest} at most`);
        t.true(compareAffines(answer, golden.output) <= 1e-6, layout);
        if (greatest > 0) t.log(`${layout}: ${differing} voxels differ, by ${greatest} at most`);
      }
    });
  }
}

for (const [name, chain] of goldenCases<GoldenChain>('Chain')) {
  test(`a chain matches MONAI, its steps as they are and fused: ${name}`, async (t) => {
    for (const layout of LAYOUTS) {
      const pre = await applySteps(
        chain.pre.map((step) => planned(step)),
        goldenImage(chain.input, layout),
      );
      t.deepEqual([pre.channels, ...pre.sizes], chain.preprocessed.sizes);
      const difference = compareVoxels(pre, chain.preprocessed);
      t.true(difference.greatest <= chain.preprocessedTolerance, `${layout}: before, by ${difference.greatest}`);
      t.true(compareAffines(pre, chain.preprocessed) <= (chain.affineTolerance ?? 1e-6), `${layout}: affine before`);
      const plain = chain.post.map((step) => planned(step));
      for (const post of [plain, fuseSteps(plain)]) {
        const answer = await applySteps(post, goldenImage(chain.prediction, layout), pre);
        t.deepEqual([answer.channels, ...answer.sizes], chain.output.sizes);
        const { greatest, differing } = compareVoxels(answer, chain.output);
        const steps = post.map(({ operator }) => operator).join(', ');
        const few = differing <= chain.mayDiffer;
        t.true(few || greatest <= chain.tolerance, `${layout}, ${steps}: ${differing} differ, by ${greatest} at most`);
        t.true(compareAffines(answer, chain.output) <= (chain.affineTolerance ?? 1e-6), `${layout}, ${steps}: affine`);
        if (differing > 0) t.log(`${layout}, ${steps}: ${differing} voxels differ, by ${greatest} at most`);
      }
    }
  });
}

function sameBytes(a: VoxelArray, b: VoxelArray): boolean {
  const bytes = (data: VoxelArray): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(a).equals(bytes(b));
}
