// Bundles become plans, or everything that is wrong with them is told with file, key and remedy.
import { join } from 'node:path';
import test from 'ava';
import { Unsupported, VoxhostError } from '../../server/errors.js';
import { checkBundle, planBundle } from '../../server/workflows/plan-bundle.js';
import { EXAMPLES, METADATA, makeBundle } from './bundle-files.js';

/** A whole configuration; `change` overrides what a test is about. */
function inference(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    imports: ['$import glob'],
    bundle_root: '.',
    device: "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
    datalist: "$sorted(glob.glob(@bundle_root + '/*.nii.gz'))",
    network_def: { _target_: 'UNet', spatial_dims: 3, in_channels: 1, out_channels: 2 },
    network: '$@network_def.to(@device)',
    preprocessing: { _target_: 'Compose', transforms: [LOAD, SPACING] },
    dataset: { _target_: 'Dataset', data: "$[{'image': i} for i in @datalist]", transform: '@preprocessing' },
    inferer: { _target_: 'SlidingWindowInferer', roi_size: [64, 64, 64] },
    postprocessing: { _target_: 'Compose', transforms: [INVERT, DISCRETE] },
    evaluator: {
      _target_: 'SupervisedEvaluator',
      device: '@device',
      network: '@network',
      inferer: '@inferer',
      postprocessing: '@postprocessing',
    },
    run: ['$@evaluator.run()'],
    ...change,
  };
}

const LOAD = { _target_: 'LoadImaged', keys: 'image' };
const SPACING = { _target_: 'Spacingd', keys: 'image', pixdim: [2, 2, 2] };
const INVERT = { _target_: 'Invertd', keys: 'pred', transform: '@preprocessing', orig_keys: 'image' };
const DISCRETE = { _target_: 'AsDiscreted', keys: 'pred', argmax: true };

test('plans the example bundles: steps, keys and the network in order', async (t) => {
  const mri = await planBundle(join(EXAMPLES, 'brain_extraction_mri'));
  t.deepEqual(
    mri.preprocessing.map(({ operator }) => operator),
    ['LoadImage', 'EnsureChannelFirst', 'Orientation', 'Spacing', 'ScaleIntensityRangePercentiles', 'EnsureType'],
  );
  t.deepEqual(
    mri.postprocessing.map(({ operator, keys }) => `${operator} ${keys.join()}`),
    ['Activations pred', 'Invert pred', 'AsDiscrete pred', 'KeepLargestConnectedComponent pred', 'SaveImage pred'],
  );
  t.like(mri.inferer, {
    kind: 'sliding-window',
    roiSize: [64, 64, 64],
    swBatchSize: 2,
    overlap: [0.5, 0.5, 0.5],
    mode: 'gaussian',
    sigmaScale: [0.125, 0.125, 0.125],
    paddingMode: 'constant',
    cval: 0,
  });
  t.like(mri.network, { inputKey: 'image', outputKey: 'pred', inChannels: 1, outChannels: 2 });
  t.is(mri.postprocessing.at(-1)?.args['output_dtype'], 'uint8');
  const deepbet = await planBundle(join(EXAMPLES, 'brain_extraction_deepbet'));
  t.deepEqual(deepbet.inferer, { kind: 'simple' });
  t.deepEqual(deepbet.preprocessing[6]?.args, { a_min: 0, a_max: 1, b_min: 0.449, b_max: 0.675, clip: false });
  t.deepEqual(deepbet.preprocessing[6]?.place, { file: 'configs/inference.json', key: 'preprocessing::transforms::6' });
});

test('a plan survives JSON: it is plain data', async (t) => {
  const plan = await planBundle(join(EXAMPLES, 'brain_extraction_mri'));
  t.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
});

/** Configurations that mean the same as `inference()`. */
const same: readonly (readonly [title: string, change: Readonly<Record<string, unknown>>])[] = [
  ['transforms by reference', { load: LOAD, preprocessing: { _target_: 'Compose', transforms: ['@load', SPACING] } }],
  ['transforms as a list', { preprocessing: [LOAD, SPACING], dataset: null }],
  [
    'Compose in Compose',
    {
      preprocessing: {
        _target_: 'monai.transforms.Compose',
        transforms: [
          { _target_: 'Compose', transforms: [LOAD] },
          { _target_: 'Compose', transforms: [SPACING] },
        ],
      },
    },
  ],
  [
    'lists joined by an expression',
    { one: [LOAD], two: [SPACING], preprocessing: { _target_: 'Compose', transforms: '$@one + @two' } },
  ],
  [
    'names in full',
    {
      preprocessing: { _target_: 'Compose', transforms: [LOAD, { ...SPACING, _target_: 'monai.transforms.Spacingd' }] },
    },
  ],
  [
    'the other dictionary names',
    {
      preprocessing: {
        _target_: 'Compose',
        transforms: [
          { ...LOAD, _target_: 'LoadImageD' },
          { ...SPACING, _target_: 'SpacingDict' },
        ],
      },
    },
  ],
  [
    'a transform that is disabled',
    {
      preprocessing: { _target_: 'Compose', transforms: [LOAD, { _target_: 'Nonsensed', _disabled_: true }, SPACING] },
    },
  ],
  [
    'an inferer in the evaluator',
    {
      inferer: null,
      evaluator: {
        inferer: { _target_: 'SlidingWindowInferer', roi_size: [64, 64, 64] },
        postprocessing: '@postprocessing',
      },
    },
  ],
  ['no evaluator at all', { evaluator: undefined }],
  ['no dataset', { dataset: undefined }],
  ['a dataset in the data loader', { dataset: undefined, dataloader: { dataset: { transform: '@preprocessing' } } }],
  [
    'parts that cannot be read and do not matter',
    { device: '$1 +', network: '@nothing', handlers: ['$lambda x: x', { _target_: '@nowhere' }], loop: '@loop' },
  ],
  [
    'a requirement that cannot be read',
    { preprocessing: { _target_: 'Compose', _requires_: ['$@nothing.run()'], transforms: [LOAD, SPACING] } },
  ],
  [
    'arguments without effect that cannot be read',
    { preprocessing: { _target_: 'Compose', transforms: [{ ...LOAD, image_only: '$lambda: 1' }, SPACING] } },
  ],
  [
    'a label that is loaded for a metric',
    {
      preprocessing: {
        _target_: 'Compose',
        transforms: [
          { ...LOAD, keys: ['image', 'label'] },
          { _target_: 'Unheardofd', keys: 'label' },
          { ...SPACING, keys: ['image', 'label'], mode: ['bilinear', 'nearest'] },
        ],
      },
      postprocessing: {
        _target_: 'Compose',
        transforms: [INVERT, { ...DISCRETE, keys: ['pred', 'label'], argmax: [true, false] }],
      },
    },
  ],
  [
    'a copy of the preprocessing inverted',
    {
      postprocessing: {
        _target_: 'Compose',
        transforms: [{ ...INVERT, transform: '$copy.deepcopy(@preprocessing)' }, DISCRETE],
      },
    },
  ],
  [
    'a key by expression',
    {
      preprocessing: { _target_: 'Compose', transforms: [{ ...LOAD, keys: '$monai.utils.CommonKeys.IMAGE' }, SPACING] },
    },
  ],
  [
    'arguments by expression',
    { size: 2, preprocessing: { _target_: 'Compose', transforms: [LOAD, { ...SPACING, pixdim: '$[@size] * 3' }] } },
  ],
  [
    'overlap and mode by expression',
    {
      inferer: {
        _target_: 'SlidingWindowInferer',
        roi_size: '$(64,) * 3',
        overlap: '$1 / 4',
        mode: '$monai.utils.BlendMode.CONSTANT',
      },
    },
  ],
  [
    'one roi size for all axes',
    {
      inferer: {
        _target_: 'SlidingWindowInferer',
        roi_size: 64,
        sw_device: '@device',
        device: '$lambda x: x',
        progress: true,
      },
    },
  ],
  ['SlidingWindowInfererAdapt', { inferer: { _target_: 'SlidingWindowInfererAdapt', roi_size: [64, 64, 64] } }],
  [
    'an argument null that is null by default',
    {
      evaluator: {
        _target_: 'SupervisedEvaluator',
        prepare_batch: null,
        inferer: '@inferer',
        postprocessing: '@postprocessing',
        amp: true,
      },
    },
  ],
];

for (const [title, change] of same) {
  test(`means the same: ${title}`, async (t) => {
    const expected = await planBundle(await makeBundle(t, inference()));
    const plan = await planBundle(await makeBundle(t, inference(change)));
    const steps = (list: typeof plan.preprocessing) =>
      list.map(({ operator, keys, args }) => ({ operator, keys, args }));
    t.deepEqual(steps(plan.preprocessing), steps(expected.preprocessing));
    t.deepEqual(steps(plan.postprocessing), steps(expected.postprocessing));
    t.deepEqual(plan.inferer, expected.inferer);
    t.deepEqual(plan.network.inputKey, 'image');
  });
}

test('the array form works on the image before the network and on its answer after it', async (t) => {
  const transforms = [{ _target_: 'LoadImage' }, { _target_: 'Spacing', pixdim: 2 }];
  const plan = await planBundle(
    await makeBundle(t, {
      preprocessing: { _target_: 'Compose', transforms },
      postprocessing: { _target_: 'Compose', transforms: [{ _target_: 'AsDiscrete', argmax: true }] },
    }),
  );
  t.deepEqual(
    [...plan.preprocessing, ...plan.postprocessing].map(({ operator, keys }) => [operator, keys]),
    [
      ['LoadImage', ['image']],
      ['Spacing', ['image']],
      ['AsDiscrete', ['pred']],
    ],
  );
  t.deepEqual(plan.inferer, { kind: 'simple' });
});

test('an image of another name is the input, when it is the only one', async (t) => {
  const transforms = [
    { ...LOAD, keys: ['scan'] },
    { ...SPACING, keys: 'scan' },
  ];
  const plan = await planBundle(await makeBundle(t, { preprocessing: { _target_: 'Compose', transforms } }));
  t.is(plan.network.inputKey, 'scan');
  t.deepEqual(
    plan.description.inputs.map(({ name }) => name),
    ['scan'],
  );
});

test('an image that a transform looks at is an input too', async (t) => {
  const crop = { _target_: 'CropForegroundd', keys: 'image', source_key: 'mask' };
  const transforms = [{ ...LOAD, keys: ['image', 'mask', 'other'] }, crop];
  const plan = await planBundle(await makeBundle(t, { preprocessing: { _target_: 'Compose', transforms } }));
  t.deepEqual(
    plan.preprocessing.map(({ keys }) => keys),
    [['image', 'mask'], ['image']],
  );
  t.deepEqual(
    plan.description.inputs.map(({ name }) => name),
    ['image', 'mask'],
  );
});

test('keys whose arguments differ become steps of their own', async (t) => {
  const spacing = { ...SPACING, keys: ['image', 'mask'], mode: ['bilinear', 'nearest'] };
  const crop = { _target_: 'CropForegroundd', keys: 'image', source_key: 'mask' };
  const transforms = [{ ...LOAD, keys: ['image', 'mask'] }, spacing, crop];
  const plan = await planBundle(await makeBundle(t, { preprocessing: { _target_: 'Compose', transforms } }));
  t.deepEqual(
    plan.preprocessing.slice(1, 3).map(({ keys, args }) => [keys, args['mode']]),
    [
      [['image'], 'bilinear'],
      [['mask'], 'nearest'],
    ],
  );
});

test('channels come from metadata.json, then from network_def, then from the channel names', async (t) => {
  const plan = async (inputs: object, outputs: object, change: Readonly<Record<string, unknown>> = {}) => {
    const metadata = JSON.stringify({ network_data_format: { inputs, outputs } });
    const { network } = await planBundle(await makeBundle(t, inference(change), { 'configs/metadata.json': metadata }));
    return [network.inChannels, network.outChannels];
  };
  t.deepEqual(await plan({ image: { num_channels: 4 } }, { pred: { num_channels: '3' } }), [4, 3]);
  t.deepEqual(await plan({ image: { channel_def: { 0: 'a', 1: 'b' } } }, { other: { num_channels: 5 } }), [1, 5]);
  const named = { image: { channel_def: { 0: 'a', 1: 'b' } } };
  t.deepEqual(await plan(named, { other: { num_channels: 5 } }, { network_def: '$x' }), [2, 5]);
  t.deepEqual(await plan({}, {}), [1, 2]);
});

const pre = (...transforms: unknown[]) => inference({ preprocessing: { _target_: 'Compose', transforms } });
const post = (...transforms: unknown[]) => inference({ postprocessing: { _target_: 'Compose', transforms } });
const windows = (args: object) =>
  inference({ inferer: { _target_: 'SlidingWindowInferer', roi_size: [64, 64, 64], ...args } });

/** What is refused: the key, and what the message must say. */
const refused: readonly (readonly [title: string, inference: unknown, key: string, message: RegExp])[] = [
  [
    'an unknown transform',
    pre(LOAD, { _target_: 'Orientatoind', keys: 'image' }),
    'preprocessing::transforms::1',
    /Orientatoind is not supported\. Did you mean Orientation\?/,
  ],
  [
    "a transform of the bundle's own",
    pre(LOAD, { _target_: 'scripts.mine.Magicd', keys: 'image' }),
    'preprocessing::transforms::1',
    /scripts\.mine\.Magicd is not supported\. It is Python of the bundle's own/,
  ],
  [
    'a lambda',
    post(DISCRETE, { _target_: 'Lambdad', keys: 'pred', func: '$lambda x: x.argmax(0)' }),
    'postprocessing::transforms::1::func',
    /argmax other than over the channels \(dim=0, keepdim=True\)/,
  ],
  [
    'an unknown argument',
    pre(LOAD, { ...SPACING, pixdims: 1 }),
    'preprocessing::transforms::1::pixdims',
    /did you mean "pixdim"\?/,
  ],
  [
    'an argument of the dictionary form in the array form',
    pre({ _target_: 'LoadImage', allow_missing_keys: true }),
    'preprocessing::transforms::0::allow_missing_keys',
    /no argument of that name/,
  ],
  [
    'an argument that is missing',
    pre(LOAD, { _target_: 'Spacingd', keys: 'image' }),
    'preprocessing::transforms::1::pixdim',
    /missing/,
  ],
  [
    'an argument of the wrong kind',
    pre(LOAD, { ...SPACING, pixdim: 'fine' }),
    'preprocessing::transforms::1::pixdim',
    /"fine", expected/,
  ],
  [
    'an expression that is left out',
    pre(LOAD, { ...SPACING, pixdim: '$[float(x) for x in (1, 2)]' }),
    'preprocessing::transforms::1::pixdim',
    /a comprehension at column 11/,
  ],
  [
    'an expression far away',
    inference({ size: '$os.environ["SIZE"]', preprocessing: [LOAD, { ...SPACING, pixdim: '@size' }] }),
    'size',
    /"os\.environ" at column 1/,
  ],
  [
    'a reference to nothing',
    pre(LOAD, { ...SPACING, pixdim: '@nothing' }),
    'preprocessing::transforms::1::pixdim',
    /"@nothing" names nothing/,
  ],
  [
    'a circle',
    inference({ a: '@b', b: '@a', preprocessing: [LOAD, { ...SPACING, pixdim: '@a' }] }),
    'a',
    /a circle of references: a → b → a/,
  ],
  ['no keys', pre({ _target_: 'LoadImaged' }), 'preprocessing::transforms::0::keys', /missing/],
  ['keys that are no names', pre({ ...LOAD, keys: [1] }), 'preprocessing::transforms::0::keys', /the name of a key/],
  [
    'a key that nothing gives',
    pre(LOAD, { ...SPACING, keys: 'scan' }),
    'preprocessing::transforms::1::keys',
    /nothing gives the key "scan"/,
  ],
  ['a number for a transform', pre(LOAD, 5), 'preprocessing::transforms::1', /5, expected a transform/],
  [
    'a dictionary for a transform',
    pre(LOAD, { target: 'Spacingd' }),
    'preprocessing::transforms::1',
    /a dictionary, expected a transform/,
  ],
  [
    'a disabled transform by reference',
    inference({ a: { _target_: 'Spacingd', _disabled_: true }, preprocessing: [LOAD, '@a'] }),
    'preprocessing::1',
    /None, expected a transform/,
  ],
  [
    'lazy resampling',
    inference({ preprocessing: { _target_: 'Compose', transforms: [LOAD], lazy: true } }),
    'preprocessing::lazy',
    /lazy of Compose/,
  ],
  [
    'a transform that is not to be called',
    pre(LOAD, { ...SPACING, _mode_: 'callable' }),
    'preprocessing::transforms::1::_mode_',
    /the mode "callable"/,
  ],
  [
    'no preprocessing',
    inference({ preprocessing: undefined, dataset: undefined }),
    'preprocessing',
    /missing, and so is dataset::transform/,
  ],
  ['two images and none called image', pre({ ...LOAD, keys: ['t1', 't2'] }), 'preprocessing', /t1, t2/],
  [
    'another evaluator',
    inference({ evaluator: { _target_: 'EnsembleEvaluator' } }),
    'evaluator::_target_',
    /EnsembleEvaluator/,
  ],
  [
    'an evaluator that prepares its batches',
    inference({ evaluator: { _target_: 'SupervisedEvaluator', prepare_batch: '$scripts.x' } }),
    'evaluator::prepare_batch',
    /"scripts\.x" at column 1/,
  ],
  [
    'an inverse of something else',
    post({ ...INVERT, transform: { _target_: 'Compose', transforms: [SPACING] } }, DISCRETE),
    'postprocessing::transforms::0::transform',
    /other transforms.*@preprocessing/,
  ],
  [
    'an inverse of nothing',
    post({ _target_: 'Invertd', keys: 'pred', orig_keys: 'image' }),
    'postprocessing::transforms::0::transform',
    /missing/,
  ],
  [
    'an inverse of what is not loaded',
    post({ ...INVERT, orig_keys: 'imagee' }),
    'postprocessing::transforms::0::orig_keys',
    /"imagee" is not an image that is loaded/,
  ],
  [
    'another inferer',
    inference({ inferer: { _target_: 'SaliencyInferer', roi_size: [64, 64] }, evaluator: undefined }),
    'inferer',
    /the inferer SaliencyInferer.*SlidingWindowInferer/,
  ],
  ['an inferer that is none', inference({ inferer: 5, evaluator: undefined }), 'inferer', /5, expected an inferer/],
  ['no roi size', inference({ inferer: { _target_: 'SlidingWindowInferer' } }), 'inferer::roi_size', /missing/],
  ['a roi size of the wrong length', windows({ roi_size: [64, 64] }), 'inferer::roi_size', /3 axes/],
  [
    'a roi size that fills the memory',
    windows({ roi_size: [4096, 4096, 4096] }),
    'inferer::roi_size',
    /voxels, at most/,
  ],
  ['a roi size beyond reason', windows({ roi_size: [1e9, 1, 1] }), 'inferer::roi_size', /whole numbers up to 4096/],
  ['an overlap of 1', windows({ overlap: 1 }), 'inferer::overlap', /numbers from 0 up to but not 1/],
  ['a batch of nothing', windows({ sw_batch_size: 0 }), 'inferer::sw_batch_size', /a whole number from 1/],
  ['an unknown blending', windows({ mode: 'mean' }), 'inferer::mode', /one of constant, gaussian/],
  ['an unknown padding', windows({ padding_mode: 'edge' }), 'inferer::padding_mode', /one of constant, reflect/],
  ['windows with coordinates', windows({ with_coord: true }), 'inferer::with_coord', /coordinates/],
  ['an unknown argument of an inferer', windows({ overlp: 0.5 }), 'inferer::overlp', /did you mean "overlap"/],
  [
    'an argument of SimpleInferer',
    inference({ inferer: { _target_: 'SimpleInferer', x: 1 } }),
    'inferer::x',
    /no argument/,
  ],
];

for (const [title, config, key, message] of refused) {
  test(`refused with its key: ${title}`, async (t) => {
    const folder = await makeBundle(t, config);
    const { plan, problems } = await checkBundle(folder);
    t.is(plan, undefined);
    const found = problems.find((problem) => problem.metadata['key'] === key) ?? problems[0];
    t.is(found?.metadata['file'], 'configs/inference.json');
    t.is(found?.metadata['key'], key);
    t.regex(found?.message ?? '', message);
    const thrown = await t.throwsAsync(planBundle(folder), { instanceOf: VoxhostError });
    t.is(thrown?.message, problems[0]?.message ?? '');
    t.is(thrown?.code, 'FAILED_PRECONDITION');
  });
}

test('a check tells every problem, each once', async (t) => {
  const folder = await makeBundle(
    t,
    {
      ...inference(),
      preprocessing: [LOAD, { ...SPACING, pixdims: 1, mode: '@none' }, { _target_: 'Nonsensed', keys: 'image' }],
      dataset: null,
      postprocessing: [{ _target_: 'Moonshined', keys: 'pred' }],
      inferer: { _target_: 'SlidingWindowInferer', roi_size: 'big' },
    },
    { 'models/model.onnx': '' },
  );
  const { problems } = await checkBundle(folder);
  t.deepEqual(
    problems.map(({ metadata }) => metadata['key'] || metadata['file']),
    [
      'models/model.onnx',
      'preprocessing::1::pixdims',
      'preprocessing::1::mode',
      'preprocessing::2',
      'postprocessing::0',
      'inferer::roi_size',
    ],
  );
});

test('missing channels are refused at metadata.json', async (t) => {
  const folder = await makeBundle(t, inference({ network_def: '$1' }), {
    'configs/metadata.json': JSON.stringify({ ...METADATA, network_data_format: {} }),
  });
  const { problems } = await checkBundle(folder);
  t.deepEqual(
    problems.map(({ metadata }) => [metadata['file'], metadata['key']]),
    [['configs/metadata.json', 'network_data_format::inputs::image::num_channels']],
  );
});

test('what the host does not do is told apart from what is wrong', async (t) => {
  const unknown = await makeBundle(t, pre(LOAD, { _target_: 'Mystified', keys: 'image' }));
  await t.throwsAsync(planBundle(unknown), { instanceOf: Unsupported });
});
