// Reads a bundle's folder as MONAI lays it out: the only file of this room, beside the zip's, that touches the disk.
import { InvalidBundle, VoxhostError } from '../errors.js';
import { type Bundle, type ConfigFile, type ConfigValue, isConfigObject } from './bundle.js';
import { type BundleFolder, openBundleFolder } from './bundle-folder.js';
import { splitMacro } from './config/ids.js';
import { Problems } from './problems.js';
import { readJson } from './read-json.js';
import { type ModelFolder, readModelFolder, WORKFLOW_FILE } from './read-model-folder.js';
import { readYaml } from './read-yaml.js';

/** Bytes of a configuration file and of metadata.json. The zoo's largest has 60 kB. */
const MAX_CONFIG_BYTES = 2 ** 20;
/** YAML takes some ten times as long to read as JSON. */
const MAX_YAML_BYTES = 2 ** 18;
/** Bytes that are read of LICENSE and README.md. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_MACRO_FILES = 20;

const METADATA = 'configs/metadata.json';
const INFERENCE = ['configs/inference.json', 'configs/inference.yaml', 'configs/inference.yml'] as const;
/** As ONNX, or as torch.jit.save writes it. */
const MODELS = ['models/model.onnx', 'models/model.ts'] as const;
const LICENSES = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'docs/license.txt'] as const;

/**
 * Reads a bundle. `bundle` is absent when its configuration cannot be read; `problems` says why, and what else is
 * missing.
 */
export async function readBundle(folder: string): Promise<{ bundle?: Bundle; problems: readonly VoxhostError[] }> {
  const problems = new Problems();
  const files = await problems.attemptAsync(() => openBundleFolder(folder));
  if (files === undefined) return { problems: problems.list };
  const alone = await problems.attemptAsync(() => readAlone(files));
  if (alone !== undefined || problems.count > 0) {
    const others = { folder: files.path, macroFiles: new Map(), license: await readOptional(files, LICENSES) };
    const bundle = alone && { ...alone, ...others, readme: await readOptional(files, ['README.md']) };
    return { ...(bundle ? { bundle } : {}), problems: problems.list };
  }
  const metadata = await problems.attemptAsync(() => readRequired(files, [METADATA]));
  const inference = await problems.attemptAsync(() => readRequired(files, INFERENCE));
  const modelFile = await problems.attemptAsync(() => findModel(files));
  if (metadata === undefined || inference === undefined) return { problems: problems.list };
  const bundle = {
    folder: files.path,
    metadata,
    inference,
    macroFiles: await readMacroFiles(files, inference),
    modelFile: modelFile ?? '',
    license: await readOptional(files, LICENSES),
    readme: await readOptional(files, ['docs/README.md']),
  };
  return { bundle, problems: problems.list };
}

/** A model with a workflow.yaml beside it; undefined when the folder is a bundle's, or nothing. */
async function readAlone(files: BundleFolder): Promise<ModelFolder | undefined> {
  if ((await files.find(METADATA)) !== undefined) return undefined;
  const found = await readConfigFile(files, WORKFLOW_FILE);
  return found === undefined ? undefined : await readModelFolder(files, found.content);
}

async function readRequired(files: BundleFolder, names: readonly string[]): Promise<ConfigFile> {
  for (const file of names) {
    const found = await readConfigFile(files, file);
    if (found !== undefined) return found;
  }
  const [first = '', ...others] = names;
  const instead = others.length > 0 ? `, or ${others.join(', ')}` : '';
  throw new InvalidBundle({ file: first }, `missing. A MONAI bundle has it in its folder${instead}.`);
}

async function readConfigFile(files: BundleFolder, file: string): Promise<ConfigFile | undefined> {
  const isJson = /\.json$/i.test(file);
  const text = await files.readText(file, isJson ? MAX_CONFIG_BYTES : MAX_YAML_BYTES, true);
  if (text === undefined) return undefined;
  const content = isJson ? readJson(text, file) : readYaml(text, file);
  if (!isConfigObject(content)) throw new InvalidBundle({ file }, 'holds no dictionary at its top.');
  return { file, content };
}

async function findModel(files: BundleFolder): Promise<string> {
  for (const name of MODELS) {
    const found = await files.find(name);
    if (found?.sizeBytes === 0) throw new InvalidBundle({ file: name }, 'is empty. Copy it again.');
    if (found !== undefined) return found.path;
  }
  const weights = await files.find('models/model.pt');
  const there = weights === undefined ? '' : ' There is models/model.pt: weights, without the network they belong to.';
  throw new InvalidBundle(
    { file: MODELS[0] },
    `missing, and so is ${MODELS[1]}.${there} Make one with "python -m monai.bundle onnx_export" or "ckpt_export".`,
  );
}

/** The first of the files that is there; what cannot be read counts as not there, since nothing depends on it. */
async function readOptional(files: BundleFolder, names: readonly string[]): Promise<string> {
  for (const file of names) {
    const text = await files.readText(file, MAX_TEXT_BYTES, false).catch((error: unknown) => {
      if (error instanceof VoxhostError) return undefined;
      throw error;
    });
    if (text !== undefined) return text;
  }
  return '';
}

/** Reads the files of `configs` that macros name, and those that macros in them name. */
async function readMacroFiles(files: BundleFolder, start: ConfigFile): Promise<Map<string, ConfigFile | VoxhostError>> {
  const found = new Map<string, ConfigFile | VoxhostError>();
  const waiting = macroFileNames(start.content);
  for (let name = waiting.shift(); name !== undefined && found.size < MAX_MACRO_FILES; name = waiting.shift()) {
    if (found.has(name)) continue;
    const file = name.startsWith('configs/') ? name : `configs/${name}`;
    const problems = new Problems();
    const content = await problems.attemptAsync(() => readConfigFile(files, file));
    const problem = problems.list[0] ?? new InvalidBundle({ file }, 'missing: a macro asks for it.');
    found.set(name, content ?? problem);
    if (content !== undefined) waiting.push(...macroFileNames(content.content));
  }
  return found;
}

function macroFileNames(value: ConfigValue): string[] {
  if (typeof value === 'string') {
    const file = value.startsWith('%') && value.length < 1_000 ? splitMacro(value).file : '';
    return file === '' ? [] : [file];
  }
  if (Array.isArray(value)) return value.flatMap(macroFileNames);
  return isConfigObject(value) ? Object.values(value).flatMap(macroFileNames) : [];
}
