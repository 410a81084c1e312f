// A folder with a model and a workflow.yaml: less than a bundle, read as the bundle that it stands for.
import { InvalidBundle } from '../errors.js';
import { type Bundle, type ConfigObject, type ConfigValue, isConfigObject } from './bundle.js';
import type { BundleFolder } from './bundle-folder.js';
import { nearestName } from './nearest-name.js';

export const WORKFLOW_FILE = 'workflow.yaml';

/** The model's file when `model` does not name one, the first that is there. */
export const MODEL_FILES = ['model.onnx', 'model.ts', 'model.pt', 'model.zip'] as const;

const KEYS = [
  ...['model', 'name', 'version', 'description', 'authors', 'copyright', 'task', 'intended_use', 'references'],
  ...['input', 'output', 'preprocessing', 'inferer', 'postprocessing'],
];
const INPUT_KEYS = ['channels', 'channel_names', 'modality', 'axes'];
const OUTPUT_KEYS = ['channels', 'segments'];
const MAX_CHANNELS = 4_096;

/** What a bundle's two configurations and its model would be. */
export type ModelFolder = Pick<Bundle, 'metadata' | 'inference' | 'modelFile'>;

/** @throws InvalidBundle naming the key of workflow.yaml */
export async function readModelFolder(files: BundleFolder, content: ConfigObject): Promise<ModelFolder> {
  checkKeys(content, KEYS, '');
  const input = section(content, 'input', INPUT_KEYS);
  const output = section(content, 'output', OUTPUT_KEYS);
  const axes = wholeNumber(input, 'axes', 'input', 2, 3, 3);
  const inChannels = wholeNumber(input, 'channels', 'input', 1, MAX_CHANNELS, 1);
  const outChannels = wholeNumber(output, 'channels', 'output', 1, MAX_CHANNELS);
  const spatial = Array.from({ length: axes }, () => '*');
  const { input: _in, output: _out, model: _model, preprocessing, inferer, postprocessing, ...about } = content;
  const metadata = {
    ...about,
    network_data_format: {
      inputs: {
        image: {
          num_channels: inChannels,
          spatial_shape: spatial,
          ...(input['modality'] === undefined ? {} : { modality: input['modality'] }),
          channel_def: numbered(input['channel_names'], 'input::channel_names'),
        },
      },
      outputs: {
        pred: {
          num_channels: outChannels,
          spatial_shape: spatial,
          channel_def: { 0: 'background', ...numbered(output['segments'], 'output::segments') },
        },
      },
    },
  };
  const inference = {
    preprocessing: preprocessing ?? [],
    inferer: inferer ?? { _target_: 'SimpleInferer' },
    postprocessing: postprocessing ?? labels(outChannels),
  };
  return {
    metadata: { file: WORKFLOW_FILE, content: metadata },
    inference: { file: WORKFLOW_FILE, content: inference },
    modelFile: await findModel(files, content['model']),
  };
}

/** Back onto the image's own grid, then the most likely class of each voxel; with one channel, what is over a half. */
function labels(outChannels: number): ConfigValue {
  const invert = {
    _target_: 'Invertd',
    keys: 'pred',
    transform: '@preprocessing',
    orig_keys: 'image',
    nearest_interp: false,
  };
  if (outChannels > 1) return [invert, { _target_: 'AsDiscreted', keys: 'pred', argmax: true }];
  const sigmoid = { _target_: 'Activationsd', keys: 'pred', sigmoid: true };
  return [sigmoid, invert, { _target_: 'AsDiscreted', keys: 'pred', threshold: 0.5 }];
}

async function findModel(files: BundleFolder, named: ConfigValue | undefined): Promise<string> {
  if (named !== undefined && typeof named !== 'string') throw wrong('model', 'is no name of a file');
  const names = named === undefined ? MODEL_FILES : [named];
  for (const name of names) {
    const found = await files.find(name);
    if (found?.sizeBytes === 0) throw new InvalidBundle({ file: name }, 'is empty. Copy it again.');
    if (found !== undefined) return found.path;
  }
  throw wrong('model', `there is no ${names.join(', ')} beside it. Write the name of the model's file`);
}

function section(content: ConfigObject, name: string, keys: readonly string[]): ConfigObject {
  const value = Object.hasOwn(content, name) ? content[name] : {};
  if (!isConfigObject(value)) throw wrong(name, 'is no dictionary');
  checkKeys(value, keys, `${name}::`);
  return value;
}

function checkKeys(value: ConfigObject, known: readonly string[], prefix: string): void {
  const odd = Object.keys(value).find((key) => !known.includes(key));
  if (odd === undefined) return;
  const near = nearestName(odd, known);
  throw wrong(`${prefix}${odd}`, `is not known. ${near ? `Did you mean ${near}` : `There is ${known.join(', ')}`}`);
}

function wholeNumber(
  from: ConfigObject,
  key: string,
  part: string,
  least: number,
  most: number,
  otherwise?: number,
): number {
  const value = Object.hasOwn(from, key) ? from[key] : otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  const state = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  throw wrong(`${part}::${key}`, `${state}, expected a whole number from ${least} to ${most}`);
}

/** `{1: liver}` or `[CT]` as a `channel_def`. */
function numbered(value: ConfigValue | undefined, key: string): ConfigObject {
  if (value === undefined) return {};
  if (Array.isArray(value)) return Object.fromEntries(value.map((name, index) => [String(index), name]));
  if (isConfigObject(value) && Object.keys(value).every((one) => /^\d{1,5}$/.test(one))) return value;
  throw wrong(key, 'is no dictionary from numbers to names');
}

function wrong(key: string, message: string): InvalidBundle {
  return new InvalidBundle({ file: WORKFLOW_FILE, key }, `${message}. See docs/torchscript.md.`);
}
