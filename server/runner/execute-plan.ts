// A run, whole: images in, the plan's steps and its network over them, images out. No files, no process: benchmarks call
// it as the runner does.
import { OperatorFailed, VoxhostError } from '../errors.js';
import type { Image } from '../imaging/image.js';
import type { Threads } from '../imaging/threads.js';
import { infer } from '../inference/infer.js';
import type { Network } from '../inference/network.js';
import { underKey } from '../operators/applied.js';
import { operatorOfStep } from '../operators/catalog.js';
import { fuseSteps } from '../operators/fuse-steps.js';
import type { Plan, PlannedInferer, PlannedStep } from '../workflows/plan.js';
import type { ParameterValue } from '../workflows/workflow.js';
import type { Stages } from './progress.js';

export interface ExecuteContext {
  readonly stages: Stages;
  readonly threads: Threads;
  /** Called between windows and steps. Lets the event loop turn, and throws `Cancelled` when the run was asked to stop. */
  readonly checkpoint: () => Promise<void>;
  /** Throws `Cancelled` when the run was asked to stop. */
  readonly throwIfCancelled: () => void;
}

/**
 * Executes a plan on its input images by key, and gives every image that there is at the end by key.
 * @throws Cancelled; OperatorFailed naming the step; what a step says of its input (InvalidArgument, …)
 */
export async function executePlan(
  plan: Plan,
  network: Network,
  inputs: ReadonlyMap<string, Image>,
  parameters: Readonly<Record<string, ParameterValue>>,
  context: ExecuteContext,
): Promise<ReadonlyMap<string, Image>> {
  const images = new Map(inputs);
  const inferer = withParameters(plan.inferer, parameters);
  for (const step of fuseSteps(plan.preprocessing)) await performStep(step, images, context);
  await context.stages.perform('network', async () => {
    const { inputKey, outputKey, place } = plan.network;
    const image = images.get(inputKey)!;
    const inferring = infer(network, image, inferer, {
      onWindows: (done, total) => context.stages.step(done, total),
      checkpoint: context.checkpoint,
      threads: context.threads,
    });
    images.set(outputKey, await inferring.catch((error) => fail(error, place.key, 'network')));
  });
  for (const step of fuseSteps(plan.postprocessing)) await performStep(step, images, context);
  return images;
}

/** The bundle's inferer with a run's own `overlap` and `sw_batch_size`. */
export function withParameters(
  inferer: PlannedInferer,
  parameters: Readonly<Record<string, ParameterValue>>,
): PlannedInferer {
  if (inferer.kind === 'simple') return inferer;
  const { overlap, sw_batch_size: batch } = parameters;
  return {
    ...inferer,
    ...(typeof overlap === 'number' ? { overlap: inferer.overlap.map(() => overlap) } : {}),
    ...(typeof batch === 'number' ? { swBatchSize: batch } : {}),
  };
}

async function performStep(step: PlannedStep, images: Map<string, Image>, context: ExecuteContext): Promise<void> {
  const operator = operatorOfStep(step.operator);
  if (!operator) throw new OperatorFailed(step.place.key, step.operator, 'this host has no such operator');
  const { threads, throwIfCancelled } = context;
  await context.checkpoint();
  const applying = { images, threads, throwIfCancelled };
  await context.stages.perform(step.operator, async () => {
    if (operator.combine) {
      try {
        replaceAll(images, operator.combine(images, step.keys, step.args, applying));
      } catch (error) {
        fail(error, step.place.key, step.operator);
      }
      return;
    }
    for (const key of step.keys) {
      const image = images.get(key);
      if (!image) throw new OperatorFailed(step.place.key, step.operator, `there is no image "${key}" at this step`);
      try {
        const before = image.applied.length;
        images.set(key, underKey(await operator.apply(image, step.args, applying), key, before));
      } catch (error) {
        fail(error, step.place.key, step.operator);
      }
    }
  });
}

function replaceAll(images: Map<string, Image>, others: ReadonlyMap<string, Image>): void {
  const entries = [...others];
  images.clear();
  for (const [key, image] of entries) images.set(key, image);
}

/** What allocations say that fail: V8's, C++'s, ONNX Runtime's. */
const MEMORY_WORDS = /allocat|bad_alloc|out of memory|invalid typed array length/i;

/** Throws the error again when it is for people already, else as one that names the step. */
function fail(error: unknown, step: string, operator: string): never {
  if (error instanceof VoxhostError) throw error;
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  if (MEMORY_WORDS.test(message)) {
    const remedy = 'Not enough memory: send a smaller volume, or give the host more.';
    throw new OperatorFailed(step, operator, `${remedy} (${message})`, { code: 'RESOURCE_EXHAUSTED', cause: error });
  }
  throw new OperatorFailed(step, operator, message, { cause: error });
}
