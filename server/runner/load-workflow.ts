// From a bundle's folder to a workflow that can run: planned, its model on a device, warm.
import { relative, sep } from 'node:path';
import { withOnnxFile } from '../conversion/with-onnx-file.js';
import { type OpenedNetwork, openNetwork } from '../inference/open-network.js';
import type { DeviceAttempt } from '../runners/messages.js';
import { openThreadPool, type ThreadPool } from '../threads/open-thread-pool.js';
import type { Plan } from '../workflows/plan.js';
import { planBundle } from '../workflows/plan-bundle.js';
import type { WorkflowDescription } from '../workflows/workflow.js';

export interface LoadedWorkflow {
  readonly plan: Plan;
  readonly network: OpenedNetwork;
  /** What pre- and postprocessing work with. */
  readonly threads: ThreadPool;
}

export interface LoadOptions {
  readonly bundleFolder: string;
  readonly device: string;
  readonly threads: number;
  /** Where models that were converted to ONNX are kept; absent, they are not. */
  readonly convertedFolder?: string;
  readonly onDescribed: (description: WorkflowDescription) => void;
  readonly onAttempt: (attempt: DeviceAttempt) => void;
}

/** @throws InvalidBundle; Unsupported; FailedPrecondition (DEVICE_UNAVAILABLE) */
export async function loadWorkflow(options: LoadOptions): Promise<LoadedWorkflow> {
  const { bundleFolder, device, threads, onDescribed, onAttempt } = options;
  const plan = await planBundle(bundleFolder);
  onDescribed(plan.description);
  const { modelFile, inChannels, outChannels } = plan.network;
  const expected = {
    inChannels,
    outChannels,
    spatialSizes: passSizes(plan),
    anyAnswerSize: plan.inferer.kind === 'simple',
  };
  const fileName = relative(plan.bundleFolder, modelFile).split(sep).join('/');
  const shape = [1, inChannels, ...expected.spatialSizes];
  const network = await withOnnxFile({ modelFile, fileName, shape, folder: options.convertedFolder }, (onnxFile) =>
    openNetwork({ modelFile: onnxFile, fileName, device, threads, expected, onAttempt }),
  );
  return { plan, network, threads: openThreadPool(threads) };
}

/** Transforms that leave an image with the sizes of their argument, by the argument's name. */
const SIZING: Readonly<Record<string, string>> = { Resize: 'spatial_size' };

/**
 * The sizes that each pass of a plan's network will have: a window's, or those that preprocessing ends with; undefined
 * on the axes where they follow from the image.
 */
export function passSizes(plan: Plan): readonly (number | undefined)[] {
  if (plan.inferer.kind === 'sliding-window') {
    const { roiSize, sliceAxis } = plan.inferer;
    return roiSize.map(wholeSize).filter((_, axis) => axis !== sliceAxis);
  }
  const { inputKey } = plan.network;
  const axes = plan.description.inputs.find((input) => input.name === inputKey)?.spatialAxes ?? 3;
  const open = Array.from({ length: axes }, () => undefined);
  return plan.preprocessing
    .filter((step) => step.keys.includes(inputKey))
    .reduce<readonly (number | undefined)[]>((sizes, { operator, args }) => {
      if (KEEPING.has(operator)) return sizes;
      const argument = args[SIZING[operator] ?? ''];
      return Array.isArray(argument) && argument.length === axes ? argument.map(wholeSize) : open;
    }, open);
}

function wholeSize(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** Transforms that keep an image's sizes. */
const KEEPING: ReadonlySet<string> = new Set([
  'LoadImage',
  'EnsureChannelFirst',
  'EnsureType',
  'CastToType',
  'Identity',
  'ScaleIntensity',
  'ScaleIntensityRange',
  'ScaleIntensityRangePercentiles',
  'NormalizeIntensity',
]);
