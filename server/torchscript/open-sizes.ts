// Sizes that stay open: the network is evaluated for several of them, and what differs must follow from them
// (docs/decisions/0007-batch-by-two-recordings.md, 0009-open-axes.md).
import { TorchScriptError } from './error.js';
import type { EvaluateLimits } from './evaluate/budget.js';
import { type Evaluated, type NetworkSource, runNetwork } from './evaluate/run-network.js';
import { type Program, prune } from './graph/prune.js';
import type { OpenSize, Sample } from './graph/sizes.js';
import { describeDependence, isUnified, type SizeDependence, type Unified, unify } from './graph/unify.js';

/** A size that is known, or one that stays open. Batch and channels are known; an open batch is asked for elsewhere. */
export type AskedSize = number | 'open';
export type AskedShape = readonly AskedSize[];

/** A network with its axes open, and one of the evaluations that it was made from. */
export interface OpenedNetwork {
  readonly evaluated: Evaluated;
  readonly unified: Unified;
}

/** Two batches that no network has as a size, far apart: one that is divided, counted or compared shows. */
const MARKED_BATCHES = [19, 31] as const;

/** Steps that are tried for open axes: networks halve their images up to six times. */
const STEPS = [1, 2, 4, 8, 16, 32, 64] as const;
/** Cells along an axis, about: enough to be halved five times. */
const MARKED_CELLS = 64;
/** As long as the axes of large images. */
const LARGE_CELLS = 500;
/**
 * Open axes take some twenty evaluations in the worst case, so each may use a part of what a single one may: a network that
 * opens is a short one, and computes hardly a constant.
 */
const PART = 8;
const PART_OF_CONSTANTS = 32;

const AXIS_NAMES = ['i', 'j', 'k'];

/** Two evaluations with marked batches: what differs between them must follow from the batch. */
export function openBatch(
  source: NetworkSource,
  shapes: readonly (readonly number[])[],
  limits: EvaluateLimits,
): Unified | SizeDependence {
  if (shapes[0]?.[0] === undefined) return { reason: 'the network takes no tensor', where: '' };
  const samples = MARKED_BATCHES.map((batch) => [batch]);
  const recordings = record(source, shapes, [{ name: 'batch', step: 1 }], samples, limits);
  return 'reason' in recordings ? recordings : recordings.unified;
}

/**
 * Opens axes, for the smallest step of their sizes for which the network does the same, and the batch where it can.
 * @returns `fixedBatch` says why the batch is not open
 * @throws TorchScriptError unsupported, naming the line that stands in the way
 */
export function openAxes(
  source: NetworkSource,
  shapes: readonly AskedShape[],
  batch: 'dynamic' | 'fixed',
  limits: EvaluateLimits,
): OpenedNetwork & { readonly fixedBatch?: string } {
  const part = partOf(limits);
  let found: SizeDependence = { reason: '', where: '' };
  for (const step of STEPS) {
    const axes = openAxesOf(shapes, step);
    const opened = record(source, shapes, axes, samplesOf(axes), part);
    if ('reason' in opened) {
      found = opened;
      if (opened.isLimit) break;
      continue;
    }
    if (batch === 'fixed') return { ...opened, fixedBatch: 'a fixed batch was asked for' };
    const all = [{ name: 'batch', step: 1 }, ...axes];
    const both = record(source, shapes, all, samplesOf(all), part);
    return 'reason' in both ? { ...opened, fixedBatch: describeDependence(both) } : both;
  }
  throw new TorchScriptError(
    'unsupported',
    found.where,
    `sizes that only the image tells cannot stay open here: ${found.reason.replace(/\.$/, '')}.`,
  );
}

/** Evaluates for each sample and unites what was recorded. The last is compared with the first before the others run. */
function record(
  source: NetworkSource,
  shapes: readonly AskedShape[],
  open: readonly OpenSize[],
  samples: readonly Sample[],
  limits: EvaluateLimits,
): OpenedNetwork | SizeDependence {
  const evaluate = (sample: Sample): { evaluated: Evaluated; program: Program } => {
    const evaluated = runNetwork(source, shapesFor(shapes, open, sample), limits);
    return { evaluated, program: prune(evaluated.graph) };
  };
  try {
    const first = evaluate(samples[0]!);
    const last = evaluate(samples.at(-1)!);
    if (first.program.nodes.length !== last.program.nodes.length) {
      return unify([first.program, last.program], [samples[0]!, samples.at(-1)!], open) as SizeDependence;
    }
    const between = samples.slice(1, -1).map((sample) => evaluate(sample).program);
    const smallest = open.some(isAxis) ? evaluateSmallest(open, evaluate) : undefined;
    const unified = unify(
      [first.program, ...between, last.program, ...(smallest ? [smallest.program] : [])],
      [...samples, ...(smallest ? [smallest.sample] : [])],
      open,
    );
    return isUnified(unified) ? { evaluated: first.evaluated, unified } : unified;
  } catch (error) {
    if (!(error instanceof TorchScriptError)) throw error;
    return { reason: error.detail, where: error.where, isLimit: error.problem === 'limit' };
  }
}

/** The fewest steps that the network takes: what it does there is what it must do for all. */
function evaluateSmallest(
  open: readonly OpenSize[],
  evaluate: (sample: Sample) => { program: Program },
): { sample: Sample; program: Program } | undefined {
  for (const steps of [1, 2, 3, 4, 6, 8, 16, 32]) {
    const sample = open.map((size) => (isAxis(size) ? steps : MARKED_BATCHES[0]));
    try {
      return { sample, program: evaluate(sample).program };
    } catch (error) {
      if (!(error instanceof TorchScriptError) || error.problem === 'limit') throw error;
    }
  }
  return undefined;
}

/** The axes that are open in any of the shapes. Two tensors that are both open along an axis have one size there. */
function openAxesOf(shapes: readonly AskedShape[], step: number): readonly OpenSize[] {
  return AXIS_NAMES.filter((_, axis) => shapes.some((shape) => shape[axis + 2] === 'open')).map((name) => ({
    name,
    step,
  }));
}

/**
 * A first, one more for each open size in which it alone differs, and others in which all differ: large ones, and a last.
 * Steps of axes are odd at first, so that an axis that must be divisible further shows, and even in the last.
 */
function samplesOf(open: readonly OpenSize[]): readonly Sample[] {
  const axes = open.filter(isAxis);
  const near = (cells: number) => Math.max(5, Math.ceil(cells / axes[0]!.step) | 1);
  const marks = open.map((size) => {
    if (!isAxis(size)) return [...MARKED_BATCHES, 23, 24];
    const shift = 2 * axes.indexOf(size);
    const own = near(MARKED_CELLS) + shift;
    return [own, own + 6, near(LARGE_CELLS) + shift, own + 1];
  });
  const first = marks.map(([mark]) => mark!);
  const each = marks.map(([, mark], index) => first.with(index, mark!));
  return [first, ...each, marks.map(([, , mark]) => mark!), marks.map(([, , , mark]) => mark!)];
}

function isAxis({ name }: OpenSize): boolean {
  return name !== 'batch';
}

function shapesFor(shapes: readonly AskedShape[], open: readonly OpenSize[], sample: Sample): readonly number[][] {
  const sizeOf = (name: string | undefined): number | undefined => {
    const index = open.findIndex((size) => size.name === name);
    return index < 0 ? undefined : open[index]!.step * sample[index]!;
  };
  const batch = shapes[0]![0];
  return shapes.map((shape) =>
    shape.map((size, axis) => {
      if (axis === 0) return (size === batch ? sizeOf('batch') : undefined) ?? (size as number);
      return size === 'open' ? sizeOf(AXIS_NAMES[axis - 2])! : size;
    }),
  );
}

function partOf(limits: EvaluateLimits): EvaluateLimits {
  const part = (limit: number, of = PART) => Math.ceil(limit / of);
  return {
    ...limits,
    maxSteps: part(limits.maxSteps),
    maxItems: part(limits.maxItems),
    maxGraphValues: part(limits.maxGraphValues),
    maxComputedBytes: part(limits.maxComputedBytes, PART_OF_CONSTANTS),
  };
}
