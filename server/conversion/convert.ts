// A TorchScript file as an ONNX model on the disk: found among those converted before, or made by a process of its own.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { InvalidBundle, Unsupported, type VoxhostError } from '../errors.js';
import { IMPORTER_VERSION, type NetworkReport } from '../torchscript/import.js';
import { type ConversionFailure, type ConvertAnswer, type ConvertRequest, ONNX_FILE, REPORT_FILE } from './messages.js';

export interface ConvertOptions {
  /** Absolute path of the TorchScript file. */
  readonly modelFile: string;
  /** How messages call it. */
  readonly fileName: string;
  /** Of each tensor that the network takes, batch and channels first. */
  readonly inputShapes: readonly (readonly number[])[];
  /** Converted models are kept in it. Made when it is not there. */
  readonly folder: string;
}

export interface Converted {
  /** Absolute path of the ONNX model. */
  readonly onnxFile: string;
  readonly report: NetworkReport;
  /** It had been converted before. */
  readonly wasKept: boolean;
}

/** A guard behind the counted limits, far beyond what the largest networks take. */
const TIME_LIMIT_MS = 180_000;
/** JavaScript's own memory; weights are outside of it, and bounded by the file. */
const HEAP_LIMIT_MB = 1_024;
/** Objects of an evaluation that die young are few: a larger nursery would only make a small conversion large. */
const NURSERY_LIMIT_MB = 2;
/** What Node is told for the process that converts. */
export const PROCESS_FLAGS: readonly string[] = [
  `--max-old-space-size=${HEAP_LIMIT_MB}`,
  `--max-semi-space-size=${NURSERY_LIMIT_MB}`,
];
/** Converted models that are kept, the last used ones. */
const MAX_KEPT = 24;

/** @throws InvalidBundle; Unsupported: naming the file and the line of its source */
export async function convertTorchScript(options: ConvertOptions): Promise<Converted> {
  await mkdir(options.folder, { recursive: true });
  const kept = join(options.folder, await keyOf(options));
  const known = await readReport(kept);
  if (known !== undefined) {
    await utimes(kept, new Date(), new Date()).catch(() => {});
    return { onnxFile: join(kept, ONNX_FILE), report: known, wasKept: true };
  }
  const outputFolder = await mkdtemp(join(options.folder, 'new-'));
  try {
    const answer = await runProcess({ modelFile: options.modelFile, inputShapes: options.inputShapes, outputFolder });
    if ('failure' in answer) throw toError(answer.failure, options.fileName);
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

async function readReport(folder: string): Promise<NetworkReport | undefined> {
  const text = await readFile(join(folder, REPORT_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as NetworkReport);
}

/** Puts the folder in its place. Another process may have put the same there first. */
async function settle(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((await readReport(to)) === undefined) throw error;
  }
}

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const used = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  used.sort((a, b) => b.at - a.at);
  for (const { name } of used.slice(MAX_KEPT)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Converts in a process of its own: what goes wrong there takes nothing else along. */
async function runProcess(request: ConvertRequest): Promise<ConvertAnswer> {
  const extension = extname(new URL(import.meta.url).pathname);
  const child = fork(fileURLToPath(new URL(`convert-main${extension}`, import.meta.url)), {
    execArgv: [...PROCESS_FLAGS, ...(extension === '.ts' ? [`--import=${import.meta.resolve('tsx')}`] : [])],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return await new Promise<ConvertAnswer>((resolve) => {
    let answer: ConvertAnswer = {
      failure: { problem: 'limit', where: '', detail: 'its conversion ran out of memory.' },
    };
    const timeout = setTimeout(() => {
      const detail = `its conversion took more than ${TIME_LIMIT_MS / 1000} s.`;
      answer = { failure: { problem: 'limit', where: '', detail } };
      child.kill('SIGKILL');
    }, TIME_LIMIT_MS);
    child.on('message', (message: ConvertAnswer) => {
      answer = message;
    });
    child.on('error', () => {});
    child.once('close', () => {
      clearTimeout(timeout);
      resolve(answer);
    });
    child.send(request, () => {});
  });
}

/** In the host's words: which file, which record and line in it, what to do. */
export function toError({ problem, where, detail }: ConversionFailure, file: string): VoxhostError {
  if (problem === 'unsupported') return new Unsupported(detail.replace(/\.$/, ''), { file, key: where || 'network' });
  return new InvalidBundle({ file, ...(where ? { key: where } : {}) }, detail);
}
