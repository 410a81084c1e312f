// A TorchScript file as an ONNX model on the disk: found among those converted before, or made by a process of its own.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InvalidBundle, Unsupported, type VoxhostError } from '../errors.js';
import type { AskedShape, NetworkReport } from '../torchscript/import.js';
import { IMPORTER_VERSION } from '../torchscript/version.js';
import { type ProcessLimits, runConversion } from './conversion-process.js';
import { type ConversionFailure, ONNX_FILE, REPORT_FILE } from './messages.js';

export interface ConvertOptions {
  /** Absolute path of the TorchScript file. */
  readonly modelFile: string;
  /** How messages call it. */
  readonly fileName: string;
  /** Of each tensor that the network takes, batch and channels first. */
  readonly inputShapes: readonly AskedShape[];
  /** Converted models are kept in it. Made when it is not there. */
  readonly folder: string;
  readonly limits?: Partial<ProcessLimits>;
}

export interface Converted {
  /** Absolute path of the ONNX model. */
  readonly onnxFile: string;
  readonly report: NetworkReport;
  /** It had been converted before. */
  readonly wasKept: boolean;
}

/** Converted models that are kept, the last used ones. */
const MAX_KEPT = 24;

/** @throws InvalidBundle; Unsupported: naming the file and the line of its source */
export async function convertTorchScript(options: ConvertOptions): Promise<Converted> {
  await makeFolder(options);
  const kept = join(options.folder, await keyOf(options));
  const known = await readReport(kept);
  if (known !== undefined) {
    await utimes(kept, new Date(), new Date()).catch(() => {});
    return { onnxFile: join(kept, ONNX_FILE), report: known, wasKept: true };
  }
  const outputFolder = await mkdtemp(join(options.folder, 'new-'));
  try {
    const request = { modelFile: options.modelFile, inputShapes: options.inputShapes, outputFolder };
    const answer = await runConversion(request, options.limits);
    if ('failure' in answer) throw toError(answer.failure, options.fileName, remedyFor(options));
    await settle(outputFolder, kept);
    await dropOldest(options.folder);
    return { onnxFile: join(kept, ONNX_FILE), report: answer.report, wasKept: false };
  } finally {
    await rm(outputFolder, { recursive: true, force: true });
  }
}

/** The same file, for the same shapes, converted by the same version, is the same model. */
async function keyOf({ modelFile, inputShapes }: ConvertOptions): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(modelFile, { highWaterMark: 2 ** 20 }), hash, { end: false });
  return hash.update(`|${JSON.stringify(inputShapes)}|${IMPORTER_VERSION}`).digest('hex');
}

/** @throws Unsupported when nothing can be kept there */
async function makeFolder({ folder, fileName }: ConvertOptions): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new Unsupported(
      `its ONNX form has nowhere to go: the host cannot write to ${folder} (${(cause as NodeJS.ErrnoException).code})`,
      { file: fileName, key: 'network' },
      'Make it a folder that the host may write to.',
    );
  }
}

/** What was written of a kept conversion, where it is whole: a disk that was full may have left half of one. */
async function readReport(folder: string): Promise<NetworkReport | undefined> {
  try {
    await access(join(folder, ONNX_FILE));
    return JSON.parse(await readFile(join(folder, REPORT_FILE), 'utf8')) as NetworkReport;
  } catch {
    return undefined;
  }
}

/** Puts the folder in its place. Another process may have put the same there first; what is no conversion goes. */
async function settle(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((await readReport(to)) !== undefined) return;
    await rm(to, { recursive: true, force: true });
    await rename(from, to).catch(() => Promise.reject(error));
  }
}

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const used = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  used.sort((a, b) => b.at - a.at);
  for (const { name } of used.slice(MAX_KEPT)) await rm(join(folder, name), { recursive: true, force: true });
}

/** What to do when the network cannot be converted: for open axes, to give it sizes. */
function remedyFor({ inputShapes }: ConvertOptions): string {
  const areOpen = inputShapes.some((shape) => shape.includes('open'));
  return areOpen ? 'Use SlidingWindowInferer with a fixed roi_size, or Resize before the network.' : '';
}

/** In the host's words: which file, which record and line in it, what to do. */
export function toError({ problem, where, detail }: ConversionFailure, file: string, remedy = ''): VoxhostError {
  if (problem === 'unsupported') {
    return new Unsupported(detail.replace(/\.$/, ''), { file, key: where || 'network' }, remedy);
  }
  return new InvalidBundle({ file, ...(where ? { key: where } : {}) }, detail);
}
