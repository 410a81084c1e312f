// A file of torch.jit.save becomes an ONNX model: bytes in, bytes and a report out. Nothing of the file is executed.
import { type ArchiveLimits, openArchive } from './archive/archive.js';
import { recognise, refuseOldWeights } from './archive/recognise.js';
import { TorchScriptError } from './error.js';
import type { EvaluateLimits } from './evaluate/budget.js';
import { type Evaluated, type NetworkSource, runNetwork } from './evaluate/run-network.js';
import { emitModel } from './graph/emit.js';
import { type Program, prune } from './graph/prune.js';
import { describeDependence, isUnified, type Unified } from './graph/unify.js';
import { type AskedShape, openAxes, openBatch } from './open-sizes.js';
import { type ReadArchive, readSource } from './read-source.js';
import { describeNetwork, type NetworkReport } from './report.js';
import type { CodeLimits } from './source/code.js';
import { IMPORTER_VERSION } from './version.js';

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
  /** The shape of each tensor that `forward` takes, batch and channels first; axes behind those may stay open. */
  readonly inputShapes: readonly AskedShape[];
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
 * Imports a network for the shapes that are asked for.
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
  const { evaluated, program, unified, opened, fixedBatch } = evaluate(read.source, options, limits);
  const emitted = emitModel(unified ?? program, {
    producerVersion: IMPORTER_VERSION,
    externalLocation: options.externalLocation ?? 'model.bin',
  });
  return {
    onnx: emitted.model,
    external: emitted.external,
    report: describeNetwork({ read, evaluated, program, opened, emitted, fixedBatch }),
  };
}

interface Recording {
  /** An evaluation for plain sizes, and what it recorded. */
  readonly evaluated: Evaluated;
  readonly program: Program;
  /** The recording with what is open in it: the batch, axes, or both. */
  readonly unified?: Unified;
  /** `unified` where axes are open. */
  readonly opened?: Unified;
  readonly fixedBatch?: string;
}

function evaluate(source: NetworkSource, { inputShapes, batch }: ImportOptions, limits: ImportLimits): Recording {
  if (!areKnown(inputShapes)) {
    const opened = openAxes(source, inputShapes, batch, limits);
    return { ...opened, program: opened.unified.program, opened: opened.unified };
  }
  const evaluated = runNetwork(source, inputShapes, limits);
  const program = prune(evaluated.graph);
  if (batch === 'fixed') return { evaluated, program, fixedBatch: 'a fixed batch was asked for' };
  const opened = openBatch(source, inputShapes, limits);
  if (isUnified(opened)) return { evaluated, program, unified: opened };
  return { evaluated, program, fixedBatch: describeDependence(opened) };
}

function areKnown(shapes: readonly AskedShape[]): shapes is readonly (readonly number[])[] {
  return shapes.every((shape) => !shape.includes('open'));
}

const MAX_AXES = 8;

function checkShape(shape: AskedShape): void {
  const isPlain = shape.every((size, axis) =>
    size === 'open' ? axis > 1 && axis < 5 : Number.isSafeInteger(size) && size > 0 && size <= 2 ** 31,
  );
  if (!isPlain || shape.length > MAX_AXES) {
    throw new TorchScriptError(
      'unsupported',
      'inputShapes',
      `[${shape.slice(0, 12).join(', ')}] is no shape of an image.`,
    );
  }
}

export { TorchScriptError, type TorchScriptProblem } from './error.js';
export type { AskedShape, AskedSize } from './open-sizes.js';
export type { NetworkReport } from './report.js';
