// A file of torch.jit.save becomes an ONNX model: bytes in, bytes and a report out. Nothing of the file is executed.
import { type ArchiveLimits, openArchive } from './archive/archive.js';
import { recognise, refuseOldWeights } from './archive/recognise.js';
import { TorchScriptError } from './error.js';
import type { EvaluateLimits } from './evaluate/budget.js';
import { type NetworkSource, runNetwork } from './evaluate/run-network.js';
import { emitModel } from './graph/emit.js';
import { type Program, prune } from './graph/prune.js';
import { isUnified, type Unified, unify } from './graph/unify.js';
import { type ReadArchive, readSource } from './read-source.js';
import { describeNetwork, type NetworkReport } from './report.js';
import type { CodeLimits } from './source/code.js';

/** Changes with what is made of a file: part of the key under which results are kept. */
export const IMPORTER_VERSION = '1';

export type ImportLimits = ArchiveLimits & CodeLimits & EvaluateLimits;

/** Of one evaluation. Six to a hundred times what the largest networks of MONAI need. */
export const DEFAULT_LIMITS: ImportLimits = {
  maxRecords: 100_000,
  maxInflatedBytes: 256 * 2 ** 20,
  maxTextBytes: 32 * 2 ** 20,
  maxPickleBytes: 64 * 2 ** 20,
  maxOpcodes: 2_000_000,
  maxValues: 1_000_000,
  maxTokens: 1_000_000,
  maxSteps: 3_000_000,
  maxDepth: 1_200,
  maxItems: 4_000_000,
  maxGraphValues: 40_000,
  maxComputedBytes: 384 * 2 ** 20,
  maxCopiedBytes: 2 ** 30,
};

export interface ImportOptions {
  /** The shape of each tensor that `forward` takes, batch and channels first. */
  readonly inputShapes: readonly (readonly number[])[];
  /** `dynamic` keeps the first axis open where the network allows it. */
  readonly batch: 'dynamic' | 'fixed';
  readonly limits?: Partial<ImportLimits>;
  /** The name of the file that takes the weights where the model would be larger than protobuf allows. */
  readonly externalLocation?: string;
}

export interface ImportedNetwork {
  /** Pieces of the model's file, in their order: weights are views of the bytes that came in. */
  readonly onnx: readonly Uint8Array[];
  /** Pieces of the file `externalLocation`; empty when everything is in `onnx`. */
  readonly external: readonly Uint8Array[];
  readonly report: NetworkReport;
}

/**
 * Imports a network for shapes that are known.
 * @throws TorchScriptError naming the record or the line of source
 */
export function importTorchScript(bytes: Uint8Array, options: ImportOptions): ImportedNetwork {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const source = readTorchScript(bytes, limits);
  return translate(source, options, limits);
}

/** Reads a file without evaluating it. @throws TorchScriptError */
export function readTorchScript(bytes: Uint8Array, limits: ImportLimits = DEFAULT_LIMITS): ReadArchive {
  refuseOldWeights(bytes);
  const archive = openArchive(bytes, limits);
  const formatVersion = recognise(archive);
  return readSource(archive, formatVersion, limits);
}

/** Evaluates a network that was read, and writes what it computes. @throws TorchScriptError */
export function translate(read: ReadArchive, options: ImportOptions, limits: ImportLimits): ImportedNetwork {
  for (const shape of options.inputShapes) checkShape(shape);
  const evaluated = runNetwork(read.source, options.inputShapes, limits);
  const program = prune(evaluated.graph);
  const opened = options.batch === 'dynamic' ? openBatch(read.source, options.inputShapes, limits) : undefined;
  const isOpen = opened !== undefined && isUnified(opened);
  const emitted = emitModel(isOpen ? opened : program, {
    producerVersion: IMPORTER_VERSION,
    externalLocation: options.externalLocation ?? 'model.bin',
  });
  const fixedBatch = isOpen ? undefined : (opened?.reason ?? 'a fixed batch was asked for');
  return {
    onnx: emitted.model,
    external: emitted.external,
    report: describeNetwork({ read, evaluated, program, emitted, fixedBatch }),
  };
}

/**
 * Two batch sizes that stand for all: no sizes that networks have, and so far apart that a batch which is divided,
 * counted or compared shows (docs/decisions/0007-batch-by-two-recordings.md).
 */
const MARKED_BATCHES = [19, 31] as const;

/** Two more evaluations with marked batches: what differs between them must follow from the batch. */
function openBatch(
  source: NetworkSource,
  shapes: ImportOptions['inputShapes'],
  limits: ImportLimits,
): Unified | { readonly reason: string } {
  const batch = shapes[0]?.[0];
  if (batch === undefined) return { reason: 'the network takes no tensor' };
  const record = (marked: number): Program => {
    const others = shapes.map(([size, ...rest]) => [size === batch ? marked : size!, ...rest]);
    return prune(runNetwork(source, others, limits).graph);
  };
  try {
    return unify(record(MARKED_BATCHES[0]), record(MARKED_BATCHES[1]), MARKED_BATCHES);
  } catch (error) {
    if (!(error instanceof TorchScriptError)) throw error;
    return { reason: error.message };
  }
}

const MAX_AXES = 8;

function checkShape(shape: readonly number[]): void {
  const isPlain = shape.every((size) => Number.isSafeInteger(size) && size > 0 && size <= 2 ** 31);
  if (!isPlain || shape.length > MAX_AXES) {
    throw new TorchScriptError(
      'unsupported',
      'inputShapes',
      `[${shape.slice(0, 12).join(', ')}] is no shape of an image.`,
    );
  }
}

export { TorchScriptError, type TorchScriptProblem } from './error.js';
export type { NetworkReport } from './report.js';
