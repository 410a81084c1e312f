// Order statistics without sorting, against sorting; percentiles against numpy 2.4 and torch 2.15 (golden files).
import test from 'ava';
import { orderStatistics, percentiles } from '../../server/imaging/percentiles.js';

/** Numbers that hurt: both signs, zeros of both signs, denormals, infinities, repeats. */
function nastyNumbers(length: number): Float32Array {
  let seed = 12345;
  const special = [0, -0, 1e-45, -1e-45, 3.4e38, -3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7, 7, 7];
  return Float32Array.from({ length }, () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed % 5 === 0 ? special[(seed >>> 8) % special.length]! : ((seed >>> 4) / 2 ** 24 - 8) ** 3;
  });
}

test('the elements at any places are those of the sorted array', (t) => {
  for (const length of [1, 2, 3, 100, 70000, 300_000]) {
    const voxels = nastyNumbers(length);
    const sorted = voxels.toSorted();
    const ranks = [0, 1, 2, length >> 1, length - 2, length - 1].filter((rank) => rank >= 0 && rank < length);
    const expected = ranks.map((rank) => sorted[rank]! + 0);
    t.deepEqual(
      orderStatistics(voxels, ranks).map((value) => value + 0),
      expected,
      String(length),
    );
  }
});

test('percentiles are those of numpy', (t) => {
  const voxels = Float32Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5);
  t.deepEqual(percentiles(voxels, [0, 10, 25, 50, 77.7, 100]), [1, 1, 2.5, 4, 5, 9]);
});

test('one voxel that is not a number makes every percentile that', (t) => {
  const voxels = Float32Array.of(1, 2, Number.NaN, 4);
  t.deepEqual(percentiles(voxels, [0, 50]), [Number.NaN, Number.NaN]);
  const negative = new Float32Array(Uint32Array.of(0x3f800000, 0xffc00001).buffer);
  t.deepEqual(percentiles(negative, [50]), [Number.NaN]);
});

/** Finite numbers of many kinds, enough of them to be sampled. */
const distributions: readonly [string, (n: number, random: number) => number][] = [
  ['even', (_, random) => random * 100 - 50],
  ['half of them 0', (n, random) => (n % 2 === 0 ? 0 : random * 900)],
  ['few values', (_, random) => Math.floor(random * 4)],
  ['all the same', () => 3],
  ['rising, so that a sample sees all of it', (n) => n / 7],
  ['long tails', (_, random) => Math.tan((random - 0.5) * Math.PI)],
  ['a sample that misleads: what is sampled is unlike the rest', (n, random) => (n % 36 === 0 ? 1000 : random)],
];

for (const [what, make] of distributions) {
  test(`the elements at any places are those of the sorted array: ${what}`, (t) => {
    let seed = 7;
    const length = 36 * 8192 + 5;
    const voxels = Float32Array.from({ length }, (_, n) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return make(n, seed / 2 ** 32);
    });
    const sorted = voxels.toSorted();
    for (const [low, high] of [
      [0.005, 0.995],
      [0, 1],
      [0.01, 0.012],
      [0.5, 0.5],
      [0.25, 0.75],
    ] as const) {
      const ranks = [low, high].flatMap((part) => {
        const rank = Math.floor(part * (length - 1));
        return [rank, Math.min(rank + 1, length - 1)];
      });
      t.deepEqual(
        orderStatistics(voxels, ranks),
        ranks.map((rank) => sorted[rank]!),
        `${low} to ${high}`,
      );
    }
  });
}
