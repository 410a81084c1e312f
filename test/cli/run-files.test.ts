// Which file is which input, what a parameter's text means, and where results go.
import { mkdtempSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { assignInputs, fileStem, parseParameters, planResultFiles } from '../../clients/cli/run-files.js';
import type { Workflow } from '../../clients/typescript/index.js';
import { InvalidArgument } from '../../server/errors.js';

const folder = mkdtempSync(join(tmpdir(), 'voxhost-run-files-'));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const input = (name: string, required = true) => ({
  name,
  kind: 'image' as const,
  modality: '',
  channels: 1,
  channelNames: [],
  required,
  spatialAxes: 3,
});
const brats = { name: 'brats', inputs: [input('t1'), input('flair'), input('prior', false)] };

test("files are taken in the order of the workflow's inputs", (t) => {
  t.deepEqual(assignInputs(brats, ['a.nii', 'b.nii'], []), { t1: 'a.nii', flair: 'b.nii' });
  t.deepEqual(assignInputs(brats, ['a.nii', 'b.nii', 'c.nii'], []), { t1: 'a.nii', flair: 'b.nii', prior: 'c.nii' });
});

test('named files take their place first, and the others fill the rest in order', (t) => {
  t.deepEqual(assignInputs(brats, ['a.nii'], ['t1=b.nii']), { t1: 'b.nii', flair: 'a.nii' });
  t.deepEqual(assignInputs(brats, [], ['flair=a=b.nii', 't1=c.nii']), { flair: 'a=b.nii', t1: 'c.nii' });
});

const wrongInputs: [string, string[], string[], RegExp][] = [
  ['a missing input', ['a.nii'], [], /FILE is missing, expected a file for input flair of brats/],
  ['too many files', ['a', 'b', 'c', 'd'], [], /FILE is "4 files", expected at most 3: brats takes t1, flair, prior/],
  ['an unknown name', [], ['t2=a.nii'], /--input is "t2", expected one of the inputs: t1, flair, prior/],
  ['a name twice', [], ['t1=a.nii', 't1=b.nii'], /--input is "t1", expected each input once/],
  ['no name', [], ['a.nii'], /--input is "a\.nii", expected NAME=VALUE/],
];
for (const [title, files, named, message] of wrongInputs) {
  test(`${title} is refused in a sentence`, (t) => {
    t.throws(() => assignInputs(brats, files, named), { instanceOf: InvalidArgument, message });
  });
}

const parameter = (name: string, type: 'number' | 'integer' | 'boolean' | 'string') => ({
  name,
  type,
  defaultValue: 0,
  choices: [],
  description: '',
});
const tuned: Pick<Workflow, 'name' | 'parameters'> = {
  name: 'brain',
  parameters: [
    parameter('overlap', 'number'),
    parameter('sw_batch_size', 'integer'),
    parameter('fast', 'boolean'),
    parameter('mode', 'string'),
  ],
};

test('parameters are read by the types that the workflow declares', (t) => {
  const texts = ['overlap=2.5e-1', 'sw_batch_size=4', 'fast=True', 'mode=12'];
  t.deepEqual(parseParameters(tuned, texts), { overlap: 0.25, sw_batch_size: 4, fast: true, mode: '12' });
});

const wrongParameters: [string, RegExp][] = [
  ['speed=1', /--param is "speed", expected one of overlap, sw_batch_size, fast, mode/],
  ['overlap=half', /--param overlap is "half", expected a number/],
  ['overlap=Infinity', /--param overlap is "Infinity", expected a number/],
  ['sw_batch_size=1.5', /--param sw_batch_size is "1\.5", expected a whole number/],
  ['fast=yes', /--param fast is "yes", expected true or false/],
  ['overlap', /--param is "overlap", expected NAME=VALUE/],
];
for (const [text, message] of wrongParameters) {
  test(`--param ${text} is refused`, (t) => {
    t.throws(() => parseParameters(tuned, [text]), { instanceOf: InvalidArgument, message });
  });
}

test('results are named after the input and the output, in the current folder', (t) => {
  const files = planResultFiles([{ name: 'pred' }, { name: 'prob' }], [join('scans', 'head.nii.gz')], undefined);
  t.deepEqual(files, { pred: 'head_pred.nii.gz', prob: 'head_prob.nii.gz' });
});

test('-o names a file, or a folder that exists or ends in a separator', async (t) => {
  const outputs = [{ name: 'pred' }];
  t.deepEqual(planResultFiles(outputs, ['head.nii'], 'mask.mha'), { pred: 'mask.mha' });
  const existing = join(folder, 'results');
  await mkdir(existing);
  t.deepEqual(planResultFiles(outputs, ['head.nii'], existing), { pred: join(existing, 'head_pred.nii.gz') });
  t.deepEqual(planResultFiles(outputs, ['head.nii'], 'new/'), { pred: join('new', 'head_pred.nii.gz') });
});

test('an -o that says no format, or one file for two results, is refused', (t) => {
  t.throws(() => planResultFiles([{ name: 'pred' }], ['a.nii'], 'mask.bmp'), {
    message: /-o is "mask\.bmp", expected a folder, or a name ending in/,
  });
  t.throws(() => planResultFiles([{ name: 'a' }, { name: 'b' }], ['a.nii'], 'mask.nii'), {
    message: /expected a folder: there are 2 results/,
  });
});

test('a result never overwrites an input, by whatever path or link it is named', async (t) => {
  const scan = join(folder, 'scan_pred.nii.gz');
  await writeFile(scan, 'voxels');
  await link(scan, join(folder, 'other-name.nii.gz'));
  for (const out of [scan, join(folder, '.', 'x', '..', 'scan_pred.nii.gz'), join(folder, 'other-name.nii.gz')]) {
    t.throws(() => planResultFiles([{ name: 'pred' }], [scan], out), {
      instanceOf: InvalidArgument,
      message: /expected another file than the input\. It would be overwritten/,
    });
  }
  const named = join(folder, 'scan.nii');
  await writeFile(named, 'voxels');
  t.throws(() => planResultFiles([{ name: 'pred' }], [named, scan], folder), {
    message: /another file than the input/,
  });
});

test('a stem is the name without its image ending, and dots inside it stay', (t) => {
  t.deepEqual(['a/b/head.nii.gz', 'x.1.nrrd', 'HEAD.NII', 'notes.txt'].map(fileStem), [
    'head',
    'x.1',
    'HEAD',
    'notes.txt',
  ]);
});
