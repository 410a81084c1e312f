// Sliding windows against MONAI's own answers: positions, weights, padding and blending at once.

import test from 'ava';
import { Component, type Value } from '../../server/expressions/values.js';
import type { Image } from '../../server/imaging/image.js';
import { ONE_THREAD } from '../../server/imaging/one-thread.js';
import { infer } from '../../server/inference/infer.js';
import type { FloatTensor, Network } from '../../server/inference/network.js';
import { planWindows } from '../../server/inference/windows.js';
import type { PlannedInferer } from '../../server/workflows/plan.js';
import { planInferer } from '../../server/workflows/plan-inferer.js';
import { type GoldenVolume, goldenCases, goldenVoxels } from '../operators/golden-case.js';

interface WindowCase {
  readonly args: Readonly<Record<string, unknown>>;
  readonly network: keyof typeof NETWORKS;
  readonly input: GoldenVolume;
  readonly output: GoldenVolume;
  readonly tolerance: number;
}

/** One window in, [channels, voxels…]; its answer out. */
type WindowFunction = (window: Float32Array, sizes: readonly number[]) => readonly Float32Array[];

const f = Math.fround;

/** The functions of test/golden/README.md, in float32. */
const NETWORKS = {
  polynomials: (x) => [x, x.map((v) => 1 - v), x.map((v) => v * v)],
  ramp: (x, sizes) => {
    const [h, w] = sizes.slice(-2);
    const at = (n: number) => [Math.floor(n / (h! * w!)), Math.floor(n / w!) % h!, n % w!] as const;
    const steep = x.map((v, n) => {
      const [i, j, k] = at(n);
      return f(v) * f(1 + i + 2 * j + 3 * k);
    });
    const bent = x.map((v, n) => {
      const [i, j, k] = at(n);
      return v - f((i * j * k) / 8);
    });
    return [steep, bent];
  },
  'channel-sum': (x) => {
    const [a, b] = [x.subarray(0, x.length / 2), x.subarray(x.length / 2)];
    return [a.map((v, n) => v + f(2 * b[n]!)), a.map((v, n) => v * b[n]!)];
  },
  'window-mean': (x) => {
    const mean = f(x.reduce((sum, v) => sum + v, 0) / x.length);
    return [x.map((v) => v - mean), new Float32Array(x.length).fill(mean)];
  },
} as const satisfies Record<string, WindowFunction>;

/** A network that applies a function to each sample, and remembers how many samples each pass had. */
function functionNetwork(
  answer: WindowFunction,
  axes: number,
  batch?: number,
): Network & { readonly passes: number[] } {
  const passes: number[] = [];
  return {
    device: 'cpu',
    ...(batch === undefined ? {} : { batch }),
    spatialSizes: Array.from({ length: axes }, () => undefined),
    passes,
    async run({ dims, data }): Promise<FloatTensor> {
      const [samples = 1, , ...sizes] = dims;
      passes.push(samples);
      const length = data.length / samples;
      const channels = Array.from({ length: samples }, (_, n) =>
        answer(data.slice(n * length, (n + 1) * length), sizes),
      ).flat();
      const result = new Float32Array(channels.length * channels[0]!.length);
      channels.forEach((channel, n) => void result.set(channel, n * channel.length));
      return { dims: [samples, channels.length / samples, ...sizes], data: result };
    },
    close: async () => {},
  };
}

function cOrderImage(data: Image['data'], [channels = 1, ...sizes]: readonly number[]): Image {
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return {
    channels,
    sizes,
    data,
    strides: [data.length / channels, ...strides],
    offset: 0,
    affineRas: identity,
    applied: [],
  };
}

/** The same voxels with the first spatial axis fastest and turned round, as Orientation may leave them. */
function turnedImage(image: Image): Image {
  const [d = 1, h = 1, w = 1] = image.sizes;
  const data = image.data.slice();
  for (let c = 0, from = 0; c < image.channels; c++) {
    for (let x = 0; x < d; x++) {
      for (let y = 0; y < h; y++) {
        for (let z = 0; z < w; z++) data[((c * w + z) * h + y) * d + (d - 1 - x)] = image.data[from++]!;
      }
    }
  }
  return { ...image, data, strides: [d * h * w, -1, d, d * h], offset: d - 1 };
}

/** What a configuration has for an inferer, resolved. */
function componentOf(target: string, args: Readonly<Record<string, unknown>>): Component {
  const place = { file: 'configs/inference.json', key: 'inferer' };
  return new Component(
    target,
    place,
    Object.keys(args),
    (name) => args[name] as Value,
    () => null,
  );
}

/** MONAI's arguments with its defaults, as the plan has them. */
function planned(
  args: Readonly<Record<string, unknown>>,
  axes: number,
): Extract<PlannedInferer, { kind: 'sliding-window' }> {
  const perAxis = (value: unknown) => (Array.isArray(value) ? (value as number[]) : Array(axes).fill(value as number));
  return {
    kind: 'sliding-window',
    roiSize: perAxis(args['roi_size']),
    swBatchSize: (args['sw_batch_size'] as number) ?? 1,
    overlap: perAxis(args['overlap'] ?? 0.25),
    mode: (args['mode'] as 'constant') ?? 'constant',
    sigmaScale: perAxis(args['sigma_scale'] ?? 0.125),
    paddingMode: (args['padding_mode'] as 'constant') ?? 'constant',
    cval: (args['cval'] as number) ?? 0,
  };
}

const quiet = { onWindows: () => {}, checkpoint: async () => {}, threads: ONE_THREAD };

const infererCases = ['SlidingWindowInferer', 'SliceInferer'].flatMap((target) =>
  [...goldenCases<WindowCase>(target)].map(([name, golden]) => [target, name, golden] as const),
);

for (const [target, name, golden] of infererCases) {
  test(`${target} equals MONAI's: ${name}`, async (t) => {
    const image = cOrderImage(goldenVoxels(golden.input), golden.input.sizes);
    const networkAxes = target === 'SliceInferer' ? 2 : image.sizes.length;
    const place = { file: 'configs/inference.json', key: 'inferer' };
    const inferer = planInferer(componentOf(target, golden.args), place, networkAxes);
    const expected = Float32Array.from(goldenVoxels(golden.output));
    for (const input of image.sizes.length === 3 ? [image, turnedImage(image)] : [image]) {
      const answer = await infer(functionNetwork(NETWORKS[golden.network], networkAxes), input, inferer, quiet);
      t.deepEqual([answer.channels, ...answer.sizes], [...golden.output.sizes]);
      const difference = expected.reduce((most, value, n) => Math.max(most, Math.abs(value - answer.data[n]!)), 0);
      t.true(difference <= golden.tolerance, `differs by ${difference}, at most ${golden.tolerance}`);
    }
  });
}

test('a network that sees the whole image may answer with one number a channel', async (t) => {
  const network: Network = {
    ...functionNetwork(NETWORKS.polynomials, 3),
    run: async () => ({ dims: [1, 4], data: Float32Array.of(3, 1, 4, 1) }),
  };
  const answer = await infer(network, ones, { kind: 'simple' }, quiet);
  t.deepEqual([answer.channels, ...answer.sizes], [4, 1]);
  t.deepEqual([...answer.data], [3, 1, 4, 1]);
});

test('steps are those that MONAI takes: 28 for 96 at overlap 0.7, 89 for 128 at 0.3', (t) => {
  const starts = (size: number, roi: number, overlap: number) =>
    planWindows([size], { roiSize: [roi], overlap: [overlap] }).starts.flat();
  t.deepEqual(starts(200, 96, 0.7), [0, 28, 56, 84, 104]);
  t.deepEqual(starts(300, 128, 0.3), [0, 89, 172]);
  t.deepEqual(starts(128, 128, 0.3), [0]);
});

const ones = cOrderImage(new Float32Array(9 * 9 * 9).fill(1), [1, 9, 9, 9]);
const eightWindows = planned({ roi_size: 5, overlap: 0.2, sw_batch_size: 3 }, 3);

test('windows go through the network in batches of sw_batch_size, the last one smaller', async (t) => {
  const network = functionNetwork(NETWORKS.polynomials, 3);
  await infer(network, ones, eightWindows, quiet);
  t.deepEqual(network.passes, [3, 3, 2]);
});

test('on a CPU as many windows go at once as make 2^17 voxels; on another device as many as sw_batch_size says', async (t) => {
  const image = cOrderImage(new Float32Array(52 * 51 * 51), [1, 52, 51, 51]);
  for (const [roi, device, passes] of [
    [[51, 51, 51], 'cpu', [1, 1]],
    [[51, 51, 51], 'cuda', [2]],
    [[26, 51, 51], 'cpu', [2]],
    [[20, 51, 51], 'cpu', [3]],
    [[10, 51, 51], 'cpu', [4, 2]],
  ] as const) {
    const network = functionNetwork(NETWORKS.polynomials, 3);
    await infer({ ...network, device }, image, planned({ roi_size: roi, overlap: 0, sw_batch_size: 4 }, 3), quiet);
    t.deepEqual(network.passes, [...passes], `${roi} on ${device}`);
  }
});

test('a model of a fixed batch gets full batches, whatever sw_batch_size says', async (t) => {
  for (const [batch, passes] of [
    [1, Array(8).fill(1)],
    [5, [5, 5]],
  ] as const) {
    const network = functionNetwork(NETWORKS.polynomials, 3, batch);
    const answer = await infer(network, ones, eightWindows, quiet);
    t.deepEqual(network.passes, [...passes]);
    t.true(answer.data.every((value, n) => value === (n < 2 * 729 && n >= 729 ? 0 : 1)));
  }
});

test('progress counts windows from none to all', async (t) => {
  const seen: string[] = [];
  await infer(functionNetwork(NETWORKS.polynomials, 3), ones, eightWindows, {
    ...quiet,
    onWindows: (done, total) => seen.push(`${done}/${total}`),
  });
  t.deepEqual(seen, ['0/8', '3/8', '6/8', '8/8']);
});

test('what the checkpoint throws stops the run before the next window', async (t) => {
  const network = functionNetwork(NETWORKS.polynomials, 3);
  const stop = new Error('stop');
  const checkpoint = async () => {
    if (network.passes.length === 2) throw stop;
  };
  t.is(await t.throwsAsync(infer(network, ones, eightWindows, { ...quiet, checkpoint })), stop);
  t.is(network.passes.length, 2);
});

test('an image that a fixed network does not take is refused with both sizes', async (t) => {
  const network: Network = { ...functionNetwork(NETWORKS.polynomials, 3), spatialSizes: [8, 8, 8] };
  await t.throwsAsync(infer(network, ones, { kind: 'simple' }, quiet), {
    message: /\[9, 9, 9\], expected 8 × 8 × 8 voxels/,
  });
});

test('SimpleInferer passes the whole image at once', async (t) => {
  const network = functionNetwork(NETWORKS['window-mean'], 3);
  const answer = await infer(network, turnedImage(ones), { kind: 'simple' }, quiet);
  t.deepEqual(network.passes, [1]);
  t.deepEqual([answer.channels, ...answer.sizes], [2, 9, 9, 9]);
  t.true(answer.data.every((value, n) => value === (n < 729 ? 0 : 1)));
});
