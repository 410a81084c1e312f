// What a workflow says of itself: plain or odd metadata, segments with names, colours and terms.
import { join } from 'node:path';
import test from 'ava';
import { describeModality, largestLabel } from '../../server/workflows/describe.js';
import { describeLicense } from '../../server/workflows/describe-license.js';
import { nearestName } from '../../server/workflows/nearest-name.js';
import type { PlannedStep } from '../../server/workflows/plan.js';
import { planBundle } from '../../server/workflows/plan-bundle.js';
import { assignColors } from '../../server/workflows/segments/palette.js';
import { readSegments } from '../../server/workflows/segments/read-segments.js';
import { EXAMPLES, makeBundle } from './bundle-files.js';

test('the example bundle describes itself', async (t) => {
  const { description } = await planBundle(join(EXAMPLES, 'brain_extraction_mri'));
  t.like(description, {
    title: 'Brain extraction, head MRI',
    version: '0.1.0',
    license: 'Apache-2.0',
    modality: 'MR',
    intendedUse: 'Demonstration and testing only',
  });
  t.deepEqual(description.inputs, [
    {
      name: 'image',
      kind: 'image',
      modality: 'MR',
      channels: 1,
      channelNames: ['image'],
      required: true,
      spatialAxes: 3,
    },
  ]);
  t.deepEqual(description.outputs, [
    {
      name: 'pred',
      kind: 'label-map',
      segments: [
        {
          value: 1,
          name: 'brain',
          color: { red: 250, green: 250, blue: 225 },
          terminology: {
            category: { scheme: 'SCT', value: '123037004', meaning: 'Anatomical Structure' },
            type: { scheme: 'SCT', value: '12738006', meaning: 'Brain' },
          },
        },
      ],
    },
  ]);
  t.deepEqual(
    description.parameters.map(({ name, type, defaultValue, minimum, maximum }) => [
      name,
      type,
      defaultValue,
      minimum,
      maximum,
    ]),
    [
      ['overlap', 'number', 0.5, 0, 0.95],
      ['sw_batch_size', 'integer', 2, 1, 64],
    ],
  );
});

test('a workflow without windows has no parameters', async (t) => {
  const { description } = await planBundle(join(EXAMPLES, 'brain_extraction_deepbet'));
  t.deepEqual(description.parameters, []);
  t.is(description.license, 'MIT');
});

const LOAD = { _target_: 'LoadImaged', keys: 'image' };

const odd: readonly unknown[] = [
  {},
  { name: 5, version: 1.5, authors: ['A', 'B'], references: 'one', task: null, network_data_format: null },
  { name: ['x'], version: {}, authors: { a: 1 }, references: [1, null, {}, 'two'], network_data_format: [] },
  { network_data_format: { inputs: 5, outputs: 'x' }, label_classes: 7, intended_use: false },
  { network_data_format: { inputs: { image: null }, outputs: { pred: { channel_def: [1, 2], segments: 5 } } } },
  { network_data_format: { inputs: { image: { channel_def: { a: 1, 0: null }, spatial_shape: 'big' } } } },
  { network_data_format: { inputs: { image: { num_channels: '2', modality: 7, spatial_shape: ['*'] } } } },
  {
    network_data_format: {
      outputs: { pred: { segments: [null, {}, { value: 'x', name: 5 }], channel_def: { 1: {} } } },
    },
  },
  JSON.parse('{"__proto__": {"name": "x"}, "constructor": 5, "network_data_format": {"inputs": {"__proto__": {}}}}'),
];

for (const [index, metadata] of odd.entries()) {
  test(`odd metadata breaks nothing: ${index + 1} of ${odd.length}`, async (t) => {
    const inference = {
      network_def: { in_channels: 1, out_channels: 2 },
      preprocessing: [LOAD],
      postprocessing: [{ _target_: 'AsDiscreted', keys: 'pred', argmax: true }],
    };
    const folder = await makeBundle(t, inference, { 'configs/metadata.json': JSON.stringify(metadata) });
    const { description } = await planBundle(folder);
    t.is(typeof description.title, 'string');
    t.not(description.title, '');
    t.is(description.outputs[0]?.kind, 'label-map');
    t.is(description.outputs[0]?.segments.length, 1);
    t.true(description.references.every((one) => typeof one === 'string'));
  });
}

test('a bundle without a name is called by its README, then by its folder', async (t) => {
  const inference = { preprocessing: [LOAD], network_def: { in_channels: 1, out_channels: 1 } };
  const metadata = { 'configs/metadata.json': '{}' };
  const named = await planBundle(
    await makeBundle(t, inference, { ...metadata, 'docs/README.md': 'words\n\n# Lungs #\n' }),
  );
  t.is(named.description.title, 'Lungs');
  const bare = await planBundle(await makeBundle(t, inference, metadata));
  t.regex(bare.description.title, /^voxhost-bundle-/);
});

const kinds: readonly (readonly [
  title: string,
  steps: readonly [string, object][],
  channels: number,
  largest: number,
])[] = [
  ['the network itself', [], 2, 0],
  ['probabilities', [['Activations', { softmax: true }]], 2, 0],
  ['the largest of 5 channels', [['AsDiscrete', { argmax: true }]], 5, 4],
  ['one channel above a threshold', [['AsDiscrete', { threshold: 0.5 }]], 1, 1],
  ['three channels above a threshold', [['AsDiscrete', { threshold: 0.5 }]], 3, 0],
  ['one channel for each class', [['AsDiscrete', { argmax: true, to_onehot: 3 }]], 3, 0],
  [
    'labels that are put back by their nearest',
    [
      ['AsDiscrete', { argmax: true }],
      ['Invert', { nearest_interp: true }],
    ],
    3,
    2,
  ],
  [
    'labels that are interpolated',
    [
      ['AsDiscrete', { argmax: true }],
      ['Invert', { nearest_interp: false }],
    ],
    3,
    0,
  ],
  [
    'labels, the largest part of them, saved',
    [
      ['AsDiscrete', { argmax: true }],
      ['KeepLargestConnectedComponent', {}],
      ['SaveImage', { scale: null }],
    ],
    3,
    2,
  ],
  [
    'labels scaled to 255',
    [
      ['AsDiscrete', { argmax: true }],
      ['SaveImage', { scale: 255 }],
    ],
    2,
    0,
  ],
];

for (const [title, steps, channels, largest] of kinds) {
  test(`whether an output is a label map: ${title}`, (t) => {
    const discrete = { argmax: false, to_onehot: null, threshold: null };
    const planned: PlannedStep[] = steps.map(([operator, args]) => ({
      operator,
      keys: ['pred'],
      args: operator === 'AsDiscrete' ? { ...discrete, ...args } : { ...args },
      place: { file: 'f', key: 'k' },
    }));
    t.is(largestLabel(planned, channels), largest);
  });
}

const named = (metadata: object, output: object, largest: number) =>
  readSegments(metadata as never, output as never, largest).map(({ value, name }) => [value, name]);

test('segments are named by channel_def, background and impossible values left out', (t) => {
  const channel_def = { 0: 'background', 2: 'right_kidney', 1: ' liver\n', 7: 'none such', x: 'odd' };
  t.deepEqual(named({}, { channel_def }, 2), [
    [1, 'liver'],
    [2, 'right kidney'],
  ]);
});

test('a single channel is value 1, whichever way it is written', (t) => {
  t.deepEqual(named({}, { channel_def: { 0: 'tumor' } }, 1), [[1, 'tumor']]);
  t.deepEqual(named({}, { channel_def: { 0: 'background', 1: 'tumor' } }, 1), [[1, 'tumor']]);
});

const classes: readonly (readonly [text: unknown, expected: readonly (readonly [number, string])[]])[] = [
  ['single channel, 1 is brain, 0 is everything else', [[1, 'brain']]],
  [
    'eight channels data, 1 is artery, 2 is portal vein, 0 is everything else',
    [
      [1, 'artery'],
      [2, 'portal vein'],
    ],
  ],
  [
    'multi-channel data,0:background,1:spleen, 2:Right Kidney',
    [
      [1, 'spleen'],
      [2, 'Right Kidney'],
    ],
  ],
  [
    '3 channel data, channel 1 for Whole tumor, channel 2 for Enhancing tumor',
    [
      [1, 'Whole tumor'],
      [2, 'Enhancing tumor'],
    ],
  ],
  [{ 0: 'background', 1: 'liver' }, [[1, 'liver']]],
  [
    'no numbers here',
    [
      [1, 'segment 1'],
      [2, 'segment 2'],
    ],
  ],
  [
    null,
    [
      [1, 'segment 1'],
      [2, 'segment 2'],
    ],
  ],
];

for (const [text, expected] of classes) {
  test(`segments are named by label_classes: ${JSON.stringify(text)}`, (t) => {
    t.deepEqual(named({ label_classes: text }, {}, 2), expected);
  });
}

test('segments as docs/bundles.md has them come first, with colour and terms', (t) => {
  const terminology = {
    category: { scheme: 'SCT', value: '1', meaning: 'C' },
    type: { scheme: 'X', value: 2, meaning: 'T' },
    region: 5,
  };
  const segments = [
    { value: 2, name: 'second', color: '#0a0B0c' },
    { value: 1, name: 'first', color: [1, 2, 3], terminology },
    { value: 1, name: 'again' },
    { value: 3, name: 'odd colour', color: [1, 2, 300], terminology: { type: {} } },
  ];
  const [first, second, third, ...more] = readSegments({}, { segments, channel_def: { 1: 'no' } } as never, 3);
  t.deepEqual(first, {
    value: 1,
    name: 'first',
    color: { red: 1, green: 2, blue: 3 },
    terminology: {
      category: { scheme: 'SCT', value: '1', meaning: 'C' },
      type: { scheme: 'X', value: '2', meaning: 'T' },
    },
  });
  t.deepEqual(second, { value: 2, name: 'second', color: { red: 10, green: 11, blue: 12 } });
  t.deepEqual(third?.color, { red: 230, green: 159, blue: 0 });
  t.deepEqual(more, []);
});

/** Codes of SNOMED CT as DICOM's CID 7150 and its anatomy lists have them. */
const anatomy: readonly (readonly [name: string, type: string | undefined, modifier: string | undefined])[] = [
  ['brain', '12738006', undefined],
  ['Brain', '12738006', undefined],
  ['LIVER', '10200004', undefined],
  ['spleen', '78961009', undefined],
  ['kidney_left', '64033007', '7771000'],
  ['Right Kidney', '64033007', '24028007'],
  ['kidney', '64033007', undefined],
  ['lung_upper_lobe_left', '45653009', '7771000'],
  ['left lung lower lobe', '90572001', '7771000'],
  ['lung_middle_lobe_right', '72481006', undefined],
  ['heart_atrium_left', '82471001', undefined],
  ['inferior_vena_cava', '64131007', undefined],
  ['IVC', '64131007', undefined],
  ['rib_left_7', '113197003', '7771000'],
  ['vertebrae_T12', '51282000', undefined],
  ['urinary bladder', '89837001', undefined],
  ['Left-Thalamus-Proper', '42695009', '7771000'],
  ['liver tumor', '108369006', undefined],
  ['left liver', undefined, undefined],
  ['tools', undefined, undefined],
];

for (const [name, type, modifier] of anatomy) {
  test(`anatomy by name: ${name}`, (t) => {
    const [segment] = readSegments({}, { channel_def: { 1: name } } as never, 1);
    t.is(segment?.terminology?.type?.value, type);
    t.is(segment?.terminology?.typeModifier?.value, modifier);
  });
}

test('colours are told apart, known organs first in their own', (t) => {
  const liver = [221, 130, 101] as const;
  const colors = assignColors([liver, undefined, liver, ...Array<undefined>(40).fill(undefined)]);
  t.deepEqual(colors[0], { red: 221, green: 130, blue: 101 });
  t.deepEqual(colors[1], { red: 230, green: 159, blue: 0 });
  t.is(new Set(colors.map((color) => JSON.stringify(color))).size, colors.length);
  t.true(colors.every(({ red, green, blue }) => [red, green, blue].every((part) => part >= 0 && part <= 255)));
});

const modalities: readonly (readonly [unknown, string])[] = [
  ['MRI', 'MR'],
  ['mr', 'MR'],
  ['CT', 'CT'],
  ['PET', 'PT'],
  ['Mammogram', 'MG'],
  ['ultrasound', 'US'],
  ['n/a', ''],
  ['none', ''],
  ['regular', ''],
  ['', ''],
  [undefined, ''],
  [5, ''],
  ['a long story about scanners', ''],
  ['SM', 'SM'],
];
for (const [given, expected] of modalities) {
  test(`modality as DICOM writes it: ${String(given)}`, (t) => {
    t.is(describeModality(given as never), expected);
  });
}

const licenses: readonly (readonly [text: string, expected: string])[] = [
  ['', ''],
  ['   Apache License\n  Version 2.0, January 2004\n', 'Apache-2.0'],
  ['MIT License\n\nCopyright (c) 2023', 'MIT'],
  ['// SPDX-License-Identifier: BSD-3-Clause\nMIT License', 'BSD-3-Clause'],
  ['\n\n# Private Use, Non-Commercial License #\nmore', 'Private Use, Non-Commercial License'],
  ['Code License\nApache License Version 2.0\nWeights: CC BY-NC-SA 4.0', 'Code License'],
  ['===\n---\n', ''],
];
for (const [text, expected] of licenses) {
  test(`the licence of ${JSON.stringify(text.slice(0, 30))}`, (t) => {
    t.is(describeLicense(text), expected);
  });
}

test('the nearest name is near, or none', (t) => {
  const known = ['Orientation', 'Spacing', 'Resize', 'ScaleIntensity'];
  t.is(nearestName('Orientatoin', known), 'Orientation');
  t.is(nearestName('spacing', known), 'Spacing');
  t.is(nearestName('ScaleIntensit', known), 'ScaleIntensity');
  t.is(nearestName('Magic', known), undefined);
  t.is(nearestName('', known), undefined);
  t.is(nearestName('x'.repeat(100_000), known), undefined);
});
