// What a workflow says of itself to people and programs, from its bundle's metadata. Odd metadata never breaks it.
import { basename } from 'node:path';
import type { Bundle, ConfigObject, ConfigValue } from './bundle.js';
import { describeLicense } from './describe-license.js';
import type { PlannedInferer, PlannedStep } from './plan.js';
import { type NetworkFormat, objectAt } from './plan-network.js';
import type { Pipeline } from './plan-pipeline.js';
import { readSegments } from './segments/read-segments.js';
import type { WorkflowDescription, WorkflowInput, WorkflowOutput, WorkflowParameter } from './workflow.js';

const MAX_TEXT_LENGTH = 10_000;

/** DICOM's names for what bundles call modalities. Others are kept when they could be DICOM's. */
const MODALITIES: Readonly<Record<string, string>> = {
  MRI: 'MR',
  CECT: 'CT',
  PET: 'PT',
  ULTRASOUND: 'US',
  MAMMOGRAM: 'MG',
  MAMMOGRAPHY: 'MG',
  XRAY: 'DX',
  'X-RAY': 'DX',
  ENDOSCOPY: 'ES',
};
const NO_MODALITY = new Set(['', 'N/A', 'NA', 'NONE', 'REGULAR', 'UNKNOWN', 'RGB']);

/** Describes a bundle. Pure, and never throws. */
export function describeBundle(
  bundle: Bundle,
  pipeline: Pipeline,
  network: NetworkFormat,
  inferer: PlannedInferer,
): WorkflowDescription {
  const metadata = bundle.metadata.content;
  const inputs = pipeline.inputKeys.map((key) => describeInput(key, pipeline, metadata, network));
  return {
    version: text(metadata['version']),
    title: text(metadata['name']) || heading(bundle.readme) || basename(bundle.folder),
    description: text(metadata['description']),
    authors: text(metadata['authors']),
    copyright: text(metadata['copyright']),
    license: describeLicense(bundle.license),
    task: text(metadata['task']),
    modality: inputs[0]?.modality ?? '',
    intendedUse: text(metadata['intended_use']),
    references: list(metadata['references']).map(text).filter(Boolean),
    inputs,
    outputs: [describeOutput(pipeline, metadata, network)],
    parameters: describeParameters(inferer),
    modelFormat: /\.onnx$/i.test(bundle.modelFile) ? 'onnx' : 'torchscript',
  };
}

function describeInput(
  key: string,
  { networkKey, joinedKeys, preprocessing }: Pipeline,
  metadata: ConfigObject,
  network: NetworkFormat,
): WorkflowInput {
  const ends = objectAt(objectAt(metadata, 'network_data_format'), 'inputs');
  const format = key === networkKey ? network.input : objectAt(ends, key);
  const others = joinedKeys.reduce((sum, one) => sum + channelsBeside(objectAt(ends, one)), 0);
  const own = Math.max(1, (network.inChannels - others) / repeatsOf(networkKey, preprocessing));
  const channels = key === networkKey ? Math.ceil(own) : channelsBeside(format);
  const names = Object.entries(objectAt(format, 'channel_def'))
    .filter(([channel]) => /^\d+$/.test(channel))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => text(name));
  return {
    name: key,
    kind: 'image',
    modality: describeModality(format['modality']),
    channels,
    channelNames: names.length === channels ? names : [],
    required: true,
    spatialAxes: network.spatialAxes,
  };
}

/** How often the network sees each channel of an image. */
function repeatsOf(key: string, steps: readonly PlannedStep[]): number {
  const repeating = steps.filter(({ operator, keys }) => operator === 'RepeatChannel' && keys.includes(key));
  return repeating.reduce((product, { args }) => product * (args['repeats'] as number), 1);
}

/** Channels of an image beside the network's own: one, unless metadata.json counts them. */
function channelsBeside(format: ConfigObject): number {
  const count = format['num_channels'];
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : 1;
}

/** As DICOM writes it; empty when it is none of DICOM's. */
export function describeModality(value: ConfigValue | undefined): string {
  const name = text(value).trim().toUpperCase();
  if (NO_MODALITY.has(name)) return '';
  const known = Object.hasOwn(MODALITIES, name) ? MODALITIES[name] : undefined;
  return known ?? (/^[A-Z][A-Z0-9]{1,15}$/.test(name) ? name : '');
}

function describeOutput(pipeline: Pipeline, metadata: ConfigObject, network: NetworkFormat): WorkflowOutput {
  const largestValue = largestLabel(pipeline.postprocessing, network.outChannels);
  return {
    name: pipeline.outputKey,
    kind: largestValue > 0 ? 'label-map' : 'image',
    segments: largestValue > 0 ? readSegments(metadata, network.output, largestValue) : [],
  };
}

/** The largest label that the steps leave; 0 when what they leave is not one whole number a voxel. */
export function largestLabel(steps: readonly PlannedStep[], outChannels: number): number {
  let largest = 0;
  for (const { operator, args } of steps) {
    if (operator === 'AsDiscrete') {
      const labels = args['argmax'] === true ? outChannels - 1 : largest;
      if (args['threshold'] !== null) largest = outChannels === 1 || labels > 0 ? 1 : 0;
      else largest = args['to_onehot'] === null ? labels : 0;
    } else if (operator === 'Activations') {
      if (args['softmax'] === true || args['sigmoid'] === true) largest = 0;
    } else if (operator === 'Invert') {
      // Labels that are interpolated are no labels any more.
      if (args['nearest_interp'] === false) largest = 0;
    } else if (operator === 'SaveImage') {
      if (args['scale'] !== null && args['scale'] !== undefined) largest = 0;
    }
  }
  return largest;
}

function describeParameters(inferer: PlannedInferer): readonly WorkflowParameter[] {
  if (inferer.kind === 'simple') return [];
  const [first = 0, ...others] = inferer.overlap;
  const overlap: WorkflowParameter = {
    name: 'overlap',
    type: 'number',
    defaultValue: first,
    minimum: 0,
    maximum: Math.max(0.95, first),
    choices: [],
    description: 'How much neighbouring windows overlap, as a part of their size. More takes longer and is smoother.',
  };
  const batch: WorkflowParameter = {
    name: 'sw_batch_size',
    type: 'integer',
    defaultValue: inferer.swBatchSize,
    minimum: 1,
    maximum: Math.max(64, inferer.swBatchSize),
    choices: [],
    description:
      'How many windows go through the network at once, at most: on a CPU large ones go one by one. More takes more memory; the answer is the same.',
  };
  // One number cannot stand for axes that differ.
  return others.every((one) => one === first) ? [overlap, batch] : [batch];
}

function heading(readme: string): string {
  return /^#+\s+(.+?)\s*#*\s*$/m.exec(readme)?.[1]?.slice(0, 200) ?? '';
}

/** A text; a number as one; a list of texts joined; empty for anything else. */
function text(value: ConfigValue | undefined): string {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH);
  if (typeof value === 'number') return String(value);
  return Array.isArray(value)
    ? value
        .slice(0, 100)
        .filter((one) => typeof one === 'string')
        .join(', ')
        .slice(0, MAX_TEXT_LENGTH)
    : '';
}

function list(value: ConfigValue | undefined): readonly ConfigValue[] {
  if (Array.isArray(value)) return value.slice(0, 1_000);
  return value === undefined ? [] : [value];
}
