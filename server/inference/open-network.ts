// Opens a bundle's model: reads and checks it, finds the device and warms it with one pass.
import { FailedPrecondition, InvalidArgument, InvalidBundle, VoxhostError } from '../errors.js';
import type { DeviceAttempt } from '../runners/messages.js';
import { answerSizes, checkOutput, type ExpectedNetwork, namesOf, type UsedValues } from './check-model.js';
import { devicesToTry, missingLibrary } from './devices.js';
import { type ModelFile, readModelFile } from './model-file.js';
import { type FloatTensor, type Network, oneLine, openSession } from './network.js';
import { isProbed, probeDevice } from './probe.js';

export interface NetworkOptions {
  /** Absolute. */
  readonly modelFile: string;
  /** How messages call the file: `models/model.onnx`. */
  readonly fileName: string;
  /** `auto`, or one device. */
  readonly device: string;
  readonly threads: number;
  readonly expected: ExpectedNetwork;
  /** Told of each device tried, as it happens: also when none works in the end. */
  readonly onAttempt: (attempt: DeviceAttempt) => void;
}

export interface OpenedNetwork extends Network {
  readonly loadMs: number;
  readonly warmupMs: number;
}

/**
 * Opens a network on the first device that loads it and passes the warm-up.
 * @throws InvalidBundle when the file is no model, disagrees with the bundle or cannot be computed anywhere;
 *   Unsupported; FailedPrecondition when the one device asked for does not work: it is never replaced.
 */
export async function openNetwork(options: NetworkOptions): Promise<OpenedNetwork> {
  const model = await readModelFile(options.modelFile, options.fileName, options.expected);
  let reason = '';
  for (const device of devicesToTry(options.device)) {
    const outcome = await tryDevice(device, model, options);
    const available = typeof outcome !== 'string';
    options.onAttempt({ device, available, reason: available ? '' : outcome });
    if (available) return outcome;
    reason = outcome;
  }
  if (options.device !== 'auto' && options.device !== 'cpu') {
    const message = `The device ${options.device} does not work: ${reason}. Name another device, or auto.`;
    throw new FailedPrecondition('DEVICE_UNAVAILABLE', message, { device: options.device });
  }
  throw new InvalidBundle({ file: options.fileName }, `ONNX Runtime cannot run the model: ${reason}`);
}

/** The network, warm, or why not. @throws InvalidBundle when the model's answer disagrees with the bundle. */
async function tryDevice(device: string, model: ModelFile, options: NetworkOptions): Promise<OpenedNetwork | string> {
  const warmup = warmupInput(model.used, options.expected);
  const refusal =
    missingLibrary(device) ??
    (options.device === 'auto' && isProbed(device) ? await probeDevice(device, warmup.dims, options) : undefined);
  if (refusal) return refusal;
  try {
    const started = performance.now();
    const session = await openSession(model.forDevice(device), device, options.threads, namesOf(model.used));
    const opened = performance.now();
    const run = inSteps(session.run, model.used.input.steps?.slice(2) ?? []);
    try {
      const result = await run(warmup);
      const [batch, , ...sizes] = warmup.dims;
      const wanted = answerSizes(batch, options.expected, sizes, result.dims);
      checkOutput(model.used.output.name, result.dims, wanted, options.fileName);
    } catch (error) {
      await session.close();
      throw error;
    }
    const warm = performance.now();
    return { device, ...fixedSizes(model.used), ...session, run, loadMs: opened - started, warmupMs: warm - opened };
  } catch (error) {
    if (error instanceof VoxhostError) throw error;
    return oneLine(error);
  }
}

function fixedSizes({ input }: UsedValues): Pick<Network, 'batch' | 'spatialSizes'> {
  const [batch, , ...spatialSizes] = input.dims;
  return { spatialSizes, ...(batch === undefined ? {} : { batch }) };
}

/** A network that halves its images takes sizes that it can halve: others are told before ONNX Runtime stumbles. */
function inSteps(run: Network['run'], steps: readonly number[]): Network['run'] {
  if (steps.length === 0) return run;
  return async (input) => {
    const sizes = input.dims.slice(2);
    if (sizes.some((size, axis) => size % steps[axis]! !== 0)) {
      throw new InvalidArgument('the image before the network', sizes, `multiples of ${steps.join(', ')} voxels`, {
        remedy: `Put DivisiblePadd with k: [${steps.join(', ')}] last in the preprocessing.`,
      });
    }
    return await run(input);
  };
}

/** Zeros, in the size that the passes will have; where only the image will tell, 64 voxels (128 in two dimensions). */
function warmupInput({ input }: UsedValues, expected: ExpectedNetwork): FloatTensor {
  const open = expected.spatialSizes.length > 2 ? 64 : 128;
  const sizes = expected.spatialSizes.map((size, axis) => size ?? input.dims[axis + 2] ?? open);
  const dims = [input.dims[0] ?? 1, expected.inChannels, ...sizes];
  return { dims, data: new Float32Array(dims.reduce((product, size) => product * size, 1)) };
}
