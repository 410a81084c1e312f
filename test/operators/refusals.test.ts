// What an operator cannot do is refused when the bundle is deployed, naming the argument.
import test from 'ava';
import { InvalidBundle, Unsupported } from '../../server/errors.js';
import { argumentsForKey, findOperator, isDictionaryForm } from '../../server/operators/catalog.js';
import type { PlainValue } from '../../server/workflows/plan.js';
import { planned } from './golden-case.js';

const PLACE = { file: 'configs/inference.json', key: 'preprocessing::transforms::3' };

const unsupported: readonly [string, Record<string, PlainValue>, string][] = [
  ['Spacing', { pixdim: 1, mode: 3 }, 'mode'],
  ['Spacing', { pixdim: 1, padding_mode: 'reflection' }, 'padding_mode'],
  ['Spacing', { pixdim: 1, lazy: true }, 'lazy'],
  ['Orientation', { axcodes: 'RAS', labels: [['R', 'L']] }, 'labels'],
  ['GaussianSmooth', { approx: 'scalespace' }, 'approx'],
  ['SqueezeDim', {}, 'dim'],
  ['Transpose', { indices: [1, 0, 2, 3] }, 'indices'],
  ['SpatialResampled', {}, 'dst_keys'],
  ['ResampleToMatch', {}, 'key_dst'],
  ['SpatialCrop', { roi_slices: ['x'] }, 'roi_slices'],
  ['ShiftIntensityd', { offset: 1, factor_key: 'x' }, 'factor_key'],
  ['Lambda', { func: 'lambda x: x[0]' }, 'func'],
  ['Lambda', { func: 'lambda x: x.argmax(0)' }, 'func'],
  ['Lambda', { func: 'lambda x, y: x' }, 'func'],
  ['Lambda', { func: 'lambda x: open("/etc/passwd")' }, 'func'],
  ['DeleteItemsd', { use_re: true }, 'use_re'],
  ['ScaleIntensity', { dtype: 'np.uint8' }, 'dtype'],
  ['EnsureType', { dtype: '$torch.float16' }, 'dtype'],
  ['Activations', { other: '$torch.special.erf' }, 'other'],
  ['AsDiscrete', { argmax: true, dim: 1 }, 'dim'],
  ['Invert', { post_func: 'lambda x: x[0]' }, 'post_func'],
  ['LoadImage', { reader: 'MyReader' }, 'reader'],
  ['CropForeground', { select_fn: '$lambda x: x % 2' }, 'select_fn'],
  ['SpatialPad', { spatial_size: 8, mode: 'empty' }, 'mode'],
  ['EnsureChannelFirst', { channel_dim: 0 }, 'channel_dim'],
];

for (const [transform, args, argument] of unsupported) {
  test(`${transform} says that ${argument} ${JSON.stringify(args[argument])} is not supported, and where`, (t) => {
    const error = t.throws(() => planned({ transform, args }, PLACE), { instanceOf: Unsupported });
    t.is(error?.metadata['key'], `preprocessing::transforms::3::${argument}`);
    t.is(error?.metadata['file'], 'configs/inference.json');
  });
}

const wrong: readonly [string, Record<string, PlainValue>, string][] = [
  ['Orientation', { axcodes: 'RRS' }, 'axcodes'],
  ['Orientation', {}, 'axcodes'],
  ['Resize', { spatial_size: 64 }, 'spatial_size'],
  ['Resize', { spatial_size: [8, 8, 8], mode: 'bicubic' }, 'mode'],
  ['Zoom', { zoom: [1, 0, 1] }, 'zoom'],
  ['Rotate90', { spatial_axes: [1, 1] }, 'spatial_axes'],
  ['SpatialCrop', { roi_start: [1, 2, 3] }, 'roi_start'],
  ['MedianSmooth', { radius: -1 }, 'radius'],
  ['CopyItemsd', { times: 0 }, 'times'],
  ['Resize', { spatial_size: [8, 8, 8], mode: 'nearest', align_corners: true }, 'align_corners'],
  ['ScaleIntensityRange', { a_min: 'low', a_max: 1 }, 'a_min'],
  ['ScaleIntensityRangePercentiles', { lower: -1, upper: 99, b_min: 0, b_max: 1 }, 'lower'],
  ['ScaleIntensityRangePercentiles', { lower: 1, upper: 99, b_min: null, b_max: 1, relative: true }, 'b_min'],
  ['NormalizeIntensity', { nonzero: 'yes' }, 'nonzero'],
  ['NormalizeIntensity', { subtrahend: [1, 2] }, 'subtrahend'],
  ['AsDiscrete', { to_onehot: true }, 'to_onehot'],
  ['AsDiscrete', { threshold: 0.5, rounding: 'torchrounding' }, 'rounding'],
  ['KeepLargestConnectedComponent', { num_components: 0 }, 'num_components'],
  ['SaveImage', { scale: 100 }, 'scale'],
];

for (const [transform, args, argument] of wrong) {
  test(`${transform} says that ${argument} ${JSON.stringify(args[argument] ?? null)} is wrong, and where`, (t) => {
    const error = t.throws(() => planned({ transform, args }, PLACE), { instanceOf: InvalidBundle });
    t.is(error?.metadata['key'], `preprocessing::transforms::3::${argument}`);
  });
}

test('"True" in a bundle is true, as it is in Python', (t) => {
  const { args } = planned({ transform: 'NormalizeIntensity', args: { nonzero: 'True', channel_wise: 'true' } });
  t.deepEqual([args['nonzero'], args['channel_wise']], [true, true]);
});

test('every dictionary form finds its array form', (t) => {
  for (const name of ['Spacingd', 'SpacingD', 'SpacingDict', 'SpatialPadd', 'Identityd']) {
    t.true(isDictionaryForm(name), name);
    t.truthy(findOperator(name), name);
  }
  t.false(isDictionaryForm('SpatialPad'));
  t.is(findOperator('Spacingdd'), undefined);
});

test("a list with a value for each key is that key's value", (t) => {
  const spacing = findOperator('Spacing')!;
  const args = { pixdim: [1, 2], mode: ['bilinear', 'nearest'] };
  t.deepEqual(argumentsForKey(spacing, args, 1, 2), { pixdim: [1, 2], mode: 'nearest' });
});
