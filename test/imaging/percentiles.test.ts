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
  for (const length of [1, 2, 3, 100, 70000]) {
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
