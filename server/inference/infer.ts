// Applies a network to a whole image: in one pass, or window by window.
import { InvalidArgument } from '../errors.js';
import type { Image } from '../imaging/image.js';
import { contiguousTensor } from '../imaging/tensor.js';
import type { Threads } from '../imaging/threads.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { voxelsOf } from '../imaging/voxel-layout.js';
import type { PlannedInferer } from '../workflows/plan.js';
import { createWindowBlend } from './blend-windows.js';
import { gatherWindow } from './gather-window.js';
import type { FloatTensor, Network } from './network.js';
import { shareAnswer } from './share-answer.js';
import { windowWeights } from './window-weights.js';
import { planWindows } from './windows.js';

export interface InferContext {
  /** Told before the first window (0) and after each pass, of windows. */
  readonly onWindows: (done: number, total: number) => void;
  /** Called before each pass. Throws `Cancelled` when the run was asked to stop. */
  readonly checkpoint: () => Promise<void>;
  /** Who works on the answer. */
  readonly threads: Threads;
}

/**
 * The network's answer for an image: as many channels as the network gives, same sizes and place. A network that sees
 * the whole image may also answer in other sizes; one number a channel is an image of one voxel.
 */
export async function infer(
  network: Network,
  image: Image,
  inferer: PlannedInferer,
  context: InferContext,
): Promise<Image> {
  return inferer.kind === 'simple'
    ? await inferWhole(network, image, context)
    : await inferWindows(network, image, inferer, context);
}

/** MONAI's SlidingWindowInferer. */
async function inferWindows(
  network: Network,
  image: Image,
  inferer: Extract<PlannedInferer, { kind: 'sliding-window' }>,
  context: InferContext,
): Promise<Image> {
  const plan = planWindows(image.sizes, inferer);
  // A slice lies in memory as its window of one voxel along the slice's axis does: only the dimensions differ.
  const { sliceAxis } = inferer;
  const passSizes = sliceAxis === undefined ? plan.windowSizes : plan.windowSizes.toSpliced(sliceAxis, 1);
  checkSizes(network, passSizes);
  // Windows overlap: turned round once, rows are copied whole ever after.
  const source = imageFromTensor(contiguousTensor(image), image.channels, image.sizes, image);
  const padding = { mode: inferer.paddingMode, value: inferer.cval };
  const weights = windowWeights(plan.windowSizes, inferer);
  const windowVoxels = weights.length;
  const batch = network.batch ?? windowsInPass(network.device, windowVoxels, inferer.swBatchSize, plan.starts.length);
  const input = new Float32Array(batch * image.channels * windowVoxels);
  let blend: ReturnType<typeof createWindowBlend> | undefined;
  let channels = 0;
  context.onWindows(0, plan.starts.length);
  for (let first = 0; first < plan.starts.length; first += batch) {
    await context.checkpoint();
    const starts = plan.starts.slice(first, first + batch);
    starts.forEach((start, i) => {
      const inImage = start.map((voxel, axis) => voxel - plan.padBefore[axis]!);
      gatherWindow(source, inImage, plan.windowSizes, padding, input, i * image.channels * windowVoxels);
    });
    const samples = network.batch ?? starts.length;
    const answer = await network.run({
      dims: [samples, image.channels, ...passSizes],
      data: input.subarray(0, samples * image.channels * windowVoxels),
    });
    channels = checkAnswer(answer, passSizes);
    blend ??= createWindowBlend(plan, channels, weights, context.threads);
    for (const [i, start] of starts.entries()) blend.add(start, answer.data, i * channels * windowVoxels);
    context.onWindows(first + starts.length, plan.starts.length);
  }
  return answerImage(image, channels, blend!.finish());
}

/** MONAI's SimpleInferer: the image as one sample. */
async function inferWhole(network: Network, image: Image, context: InferContext): Promise<Image> {
  checkSizes(network, image.sizes);
  context.onWindows(0, 1);
  await context.checkpoint();
  const sample = contiguousTensor(image);
  const samples = network.batch ?? 1;
  // ONNX Runtime takes no memory that threads share.
  const isOwn = samples === 1 && !(sample.buffer instanceof SharedArrayBuffer);
  const data = isOwn ? sample : new Float32Array(samples * sample.length);
  if (data !== sample) data.set(sample);
  const answer = await network.run({ dims: [samples, image.channels, ...image.sizes], data });
  context.onWindows(1, 1);
  const [, channels = 1, ...spatial] = answer.dims;
  const sizes = spatial.length === 0 ? [1] : spatial;
  const numbers = answer.data.subarray(0, channels * voxelsOf(sizes));
  return answerImage({ ...image, sizes }, channels, shareAnswer(context.threads, channels, numbers));
}

/** Voxels of a pass that keep a CPU busy. More at once take as long each, more memory, and a cancel waits for them. */
const ENOUGH_FOR_A_CPU = 2 ** 17;

function windowsInPass(device: string, windowVoxels: number, swBatchSize: number, windows: number): number {
  const enough = device === 'cpu' ? Math.ceil(ENOUGH_FOR_A_CPU / windowVoxels) : swBatchSize;
  return Math.min(enough, swBatchSize, windows);
}

function checkSizes(network: Network, sizes: readonly number[]): void {
  const wrong = network.spatialSizes.some((size, axis) => size !== undefined && size !== sizes[axis]);
  if (wrong || network.spatialSizes.length !== sizes.length) {
    const expected = network.spatialSizes.map((size) => size ?? 'any').join(' × ');
    throw new InvalidArgument('the image before the network', sizes, `${expected} voxels`);
  }
}

function checkAnswer({ dims }: FloatTensor, sizes: readonly number[]): number {
  const [, channels, ...spatial] = dims;
  if (channels === undefined || spatial.some((size, axis) => size !== sizes[axis]) || spatial.length !== sizes.length) {
    throw new InvalidArgument(
      'the answer of the network',
      dims,
      `sizes ${sizes.join(' × ')} behind batch and channels`,
    );
  }
  return channels;
}

/** An answer as an image in the place of the one that was asked about. */
function answerImage(image: Image, channels: number, data: Float32Array): Image {
  return { ...imageFromTensor(data, channels, image.sizes, image), owned: true };
}
