// Parts of a job on several threads: the same bits as on one, and an end whatever happens.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { argmaxOblique } from '../../server/imaging/argmax-oblique.js';
import { argmaxResampled, type ChannelTensor } from '../../server/imaging/argmax-resample.js';
import type { Image, VoxelArray } from '../../server/imaging/image.js';
import { ONE_THREAD } from '../../server/imaging/one-thread.js';
import { sampleLinear, samplingTables } from '../../server/imaging/resample.js';
import { sampleNearest } from '../../server/imaging/resample-nearest.js';
import { resizeLinear } from '../../server/imaging/resize-linear.js';
import { type SamplingGrid, samplingGrid } from '../../server/imaging/sampling-grid.js';
import { argmaxChannels, argmaxOfSoftmax } from '../../server/imaging/sure-labels.js';
import type { Threads } from '../../server/imaging/threads.js';
import { createWindowSums } from '../../server/inference/window-sums.js';
import { openThreadPool } from '../../server/threads/open-thread-pool.js';

const pool = openThreadPool(3);
test.after.always(() => pool.close());

type Sizes = readonly [number, number, number];
const SIZES: Sizes = [67, 45, 51];
const NEW_SIZES: Sizes = [81, 97, 61];
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Seeded numbers in slow waves, so that there are regions as in a network's answer. */
function fill<Numbers extends VoxelArray>(numbers: Numbers, scale: number): Numbers {
  for (let n = 0; n < numbers.length; n++) {
    numbers[n] = scale * (Math.sin(n / 917) + Math.cos(n / 71) + 0.05 * Math.sin(n * 1.7));
  }
  return numbers;
}

function image(threads: Threads, Kind: new (buffer: ArrayBufferLike) => VoxelArray, channels: number): Image {
  const [n0, n1, n2] = SIZES;
  const data = fill(threads.zeros(Kind, channels * n0 * n1 * n2), 100);
  // The first axis fastest, as a volume's file has them.
  return {
    channels,
    sizes: SIZES,
    data,
    strides: [n0 * n1 * n2, 1, n0, n0 * n1],
    offset: 0,
    affineRas: IDENTITY,
    applied: [],
  };
}

function tensor(threads: Threads, channels: number): ChannelTensor {
  const [n0, n1, n2] = SIZES;
  return { channels, sizes: SIZES, data: fill(threads.zeros(Float32Array, channels * n0 * n1 * n2), 3) };
}

const STRAIGHT = samplingGrid(
  [
    [0.8, 0, 0, 0.3],
    [0, 0.45, 0, -0.2],
    [0, 0, 0.8, 0.9],
    [0, 0, 0, 1],
  ],
  SIZES,
  NEW_SIZES,
);
const TURNED = samplingGrid(
  [
    [0.8, 0.1, 0, 0.3],
    [-0.1, 0.45, 0, 1.2],
    [0, 0.05, 0.8, 0.9],
    [0, 0, 0, 1],
  ],
  SIZES,
  NEW_SIZES,
);

/** Work on its own memory, which `threads` share or not. */
const WORKS: Readonly<Record<string, (threads: Threads) => Promise<VoxelArray>>> = {
  'trilinear sampling of int16': (threads) => sampleLinear(image(threads, Int16Array, 1), STRAIGHT, 'border', threads),
  'trilinear sampling of uint8': (threads) => sampleLinear(image(threads, Uint8Array, 2), STRAIGHT, 'zeros', threads),
  'oblique sampling': (threads) => sampleLinear(image(threads, Float32Array, 2), TURNED, 'border', threads),
  'nearest neighbours': (threads) => sampleNearest(image(threads, Uint8Array, 2), STRAIGHT, 'zeros', threads),
  'nearest neighbours of a turned grid': (threads) =>
    sampleNearest(image(threads, Uint16Array, 2), TURNED, 'zeros', threads),
  resizing: (threads) => resizeLinear(image(threads, Float32Array, 3), NEW_SIZES, false, threads),
  'the greatest channel': (threads) => argmaxChannels(tensor(threads, 7).data, 7, threads),
  'the greatest channel of the softmax': (threads) => argmaxOfSoftmax(tensor(threads, 7).data, 7, threads),
  'the greatest channel, sampled': (threads) => sampled(threads, 5, false),
  "the softmax's greatest channel, sampled": (threads) => sampled(threads, 5, true),
  'the greater of two channels, sampled': (threads) => sampled(threads, 2, false),
  'the greatest of 300 channels, sampled': (threads) => sampled(threads, 300, false, STRAIGHT),
  'the greatest channel, sampled obliquely': (threads) => argmaxOblique(tensor(threads, 4), TURNED, 'zeros', threads),
};

function sampled(
  threads: Threads,
  channels: number,
  softmax: boolean,
  grid: SamplingGrid = STRAIGHT,
): Promise<VoxelArray> {
  const strides = [1, NEW_SIZES[0], NEW_SIZES[0] * NEW_SIZES[1]] as const;
  const layout = { strides, offset: 0 };
  const tables = samplingTables(grid, 'border');
  return argmaxResampled(tensor(threads, channels), tables, 'products', layout, softmax, threads);
}

for (const [name, work] of Object.entries(WORKS)) {
  test(`three threads give the bits of one: ${name}`, async (t) => {
    const alone = await work(ONE_THREAD);
    const together = await work(pool);
    t.true(together.buffer instanceof SharedArrayBuffer, 'all threads worked on it');
    t.is(together.constructor, alone.constructor);
    t.is(Buffer.compare(bytesOf(together), bytesOf(alone)), 0);
    t.true(new Set(alone).size > 1, 'there is something to tell apart');
  });
}

function bytesOf(array: VoxelArray): Buffer {
  return Buffer.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

test('what threads do not share is worked on alone, with the same bits', async (t) => {
  const own = tensor(ONE_THREAD, 6);
  const labels = await argmaxChannels(own.data, 6, pool);
  t.false(labels.buffer instanceof SharedArrayBuffer);
  t.deepEqual(labels, await argmaxChannels(own.data, 6, ONE_THREAD));
});

test('many jobs at once are all done, each with its own answer', async (t) => {
  const one = tensor(pool, 5);
  const other = { ...one, data: one.data.map((value) => -value) };
  const shared = pool.zeros(Float32Array, other.data.length);
  shared.set(other.data);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => argmaxChannels(n % 2 === 0 ? one.data : shared, 5, pool)),
  );
  const expected = [await argmaxChannels(one.data, 5, ONE_THREAD), await argmaxChannels(shared, 5, ONE_THREAD)];
  for (const [n, labels] of answers.entries()) t.is(Buffer.compare(bytesOf(labels), bytesOf(expected[n % 2]!)), 0);
});

test('a part that fails fails the job with its words, and the next job is done', async (t) => {
  const { data } = tensor(pool, 5);
  const labels = pool.zeros(Uint8Array, data.length / 5);
  const job = { tensor: data, channels: 5, margin: 0, gap: 0, doubts: false, labels, count: 12 };
  // More channels than there is memory for.
  const impossible = { ...job, channels: 2 ** 30 };
  await t.throwsAsync(pool.run('labelVoxels', impossible, 12), { instanceOf: RangeError });
  await pool.run('labelVoxels', job, 12);
  t.is(Buffer.compare(bytesOf(labels), bytesOf(await argmaxChannels(data, 5, ONE_THREAD))), 0);
});

test('a pool that was closed ends its threads, and one of one thread has none', async (t) => {
  const closed = openThreadPool(2);
  await closed.close();
  const alone = openThreadPool(1);
  t.is(alone.count, 1);
  await t.notThrowsAsync(alone.close());
});

test('a pool lets its process end, whether it was used or not', async (t) => {
  const source = (module: string): string => JSON.stringify(new URL(`../../server/${module}`, import.meta.url).href);
  const open = `
    import { openThreadPool } from ${source('threads/open-thread-pool.ts')};
    import { argmaxChannels } from ${source('imaging/sure-labels.ts')};
    const pool = openThreadPool(2);`;
  const use = 'await argmaxChannels(pool.zeros(Float32Array, 3_000_000), 3, pool);';
  for (const script of [open, open + use]) {
    const args = ['--import=tsx', '--input-type=module', '--eval', `${script}\nprocess.stdout.write('the end');`];
    // A process that stays is killed, which is an error.
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    t.is(stdout, 'the end');
  }
});

test("memory of answers that nobody holds any more is given back, the threads' part in it too", async (t) => {
  const weights = new Float32Array(96 ** 3).fill(1);
  const shape = { channels: 20, sizes: [128, 128, 128], window: [96, 96, 96], weights } as const;
  const bytes = 4 * 20 * 128 ** 3;
  const held: number[] = [];
  for (let round = 0; round < 10; round++) {
    const { sums } = createWindowSums(shape, pool);
    t.true(sums.buffer instanceof SharedArrayBuffer);
    // Memory counts when it is written.
    sums.fill(round);
    await argmaxChannels(sums, shape.channels, pool);
    held.push(process.memoryUsage.rss());
  }
  t.log(held.map((one) => `${Math.round(one / 2 ** 20)} MiB`).join(', '));
  t.true(held.at(-1)! - held[0]! < 4 * bytes, 'without it nine more of them would be there');
});
