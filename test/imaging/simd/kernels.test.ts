// The vector kernels against the same arithmetic one number at a time; the assembler's refusals.
import test from 'ava';
import { assemble } from '../../../server/imaging/simd/assemble.js';
import { createKernels } from '../../../server/imaging/simd/kernels.js';

const { fround } = Math;

function random(length: number, scale: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return fround((state / 2 ** 32 - 0.5) * scale);
  });
}

test('blend is a multiply-add with one rounding onto a rounded product', (t) => {
  const kernels = createKernels(4096);
  const [low, high] = [random(64, 300, 1), random(64, 1e-3, 2)];
  kernels.f32.set(low, 0);
  kernels.f32.set(high, 64);
  kernels.blend(0, 256, 512, 256, fround(0.3), fround(0.7));
  const expected = low.map((value, n) => fround(value * fround(0.3) + fround(high[n]! * fround(0.7))));
  t.deepEqual([...kernels.f32.subarray(128, 192)], expected);
});

test('scale rounds after every operation and keeps NaN', (t) => {
  const kernels = createKernels(4096);
  const voxels = [...random(62, 50, 3), Number.NaN, Number.POSITIVE_INFINITY];
  kernels.f32.set(voxels);
  kernels.scale(0, 256, fround(1.3), fround(7.7), fround(2.1), fround(0.4), -1, 2);
  const expected = voxels.map((value) => {
    const scaled = fround(fround(fround(fround(value - fround(1.3)) / fround(7.7)) * fround(2.1)) + fround(0.4));
    return Number.isNaN(scaled) ? scaled : Math.min(Math.max(scaled, -1), 2);
  });
  t.deepEqual([...kernels.f32.subarray(0, 64)], expected);
});

test('moments are sums of float64 numbers', (t) => {
  const kernels = createKernels(4096);
  const voxels = random(64, 10, 4);
  kernels.f32.set(voxels);
  kernels.addMoments(0, 256, 0.25, 512);
  const [a, b, c, d] = kernels.f64.subarray(64, 68) as unknown as [number, number, number, number];
  const distances = voxels.map((value) => value - 0.25);
  t.true(Math.abs(a + b - distances.reduce((sum, one) => sum + one)) < 1e-12);
  t.true(Math.abs(c + d - distances.reduce((sum, one) => sum + one * one, 0)) < 1e-10);
});

test('compareTwo says 1 where the second clearly leads, 0 where it does not lead, else doubt', (t) => {
  const kernels = createKernels(4096);
  const first = [1, 1, 1, 1, -2, Number.NaN, 0, 0, ...new Array<number>(56).fill(5)];
  const second = [0, 1, 1.0000001, 2, -1, 0, Number.NaN, 1e-30, ...new Array<number>(56).fill(6)];
  kernels.f32.set(first, 0);
  kernels.f32.set(second, 64);
  kernels.compareTwo(0, 256, 512, 256, 1e-5, 255);
  t.deepEqual([...kernels.u8.subarray(512, 522)], [0, 0, 255, 1, 1, 255, 255, 1, 1, 1]);
});

test('agree keeps bytes that are the same', (t) => {
  const kernels = createKernels(4096);
  const a = Array.from({ length: 32 }, (_, n) => n % 3);
  const b = Array.from({ length: 32 }, (_, n) => n % 2);
  kernels.u8.set(a, 0);
  kernels.u8.set(b, 100);
  kernels.agree(0, 100, 200, 32, 255);
  t.deepEqual(
    [...kernels.u8.subarray(200, 232)],
    a.map((value, n) => (value === b[n] ? value : 255)),
  );
});

test('bytes are found and passed from any address', (t) => {
  const kernels = createKernels(4096);
  kernels.u8.fill(4, 0, 1000);
  kernels.u8[777] = 9;
  for (const start of [0, 1, 15, 16, 763, 777]) {
    t.is(kernels.findByte(start, 1000, 9), 777);
    t.is(kernels.skipByte(start, 1000, 4), 777);
  }
  t.true(kernels.findByte(778, 1000, 9) >= 1000);
});

test('numbers are gathered from before and behind an address', (t) => {
  const kernels = createKernels(4096);
  for (let n = 0; n < 100; n++) kernels.f32[n] = n;
  const distances = [0, -4, 8, 40, 4, 4, -200, 196];
  kernels.i32.set(distances, 256);
  kernels.gather(200, 1024, 2048, 32);
  t.deepEqual([...kernels.f32.subarray(512, 521)], [...distances.map((distance) => 50 + distance / 4), 0]);
});

test('rows and squares of bytes are turned over their diagonal', (t) => {
  const kernels = createKernels(8192);
  for (let n = 0; n < 4 * 12; n++) kernels.f32[n] = n;
  kernels.transposeRows(0, 48, 48, 1024, 16);
  const turned = Array.from({ length: 48 }, (_, n) => (n % 4) * 12 + Math.floor(n / 4));
  t.deepEqual([...kernels.f32.subarray(256, 304)], turned);
  for (let n = 0; n < 256; n++) kernels.u8[4096 + n] = n;
  kernels.transposeBytes(4096, 16, 5000, 16);
  t.deepEqual(
    [...kernels.u8.subarray(5000, 5256)],
    Array.from({ length: 256 }, (_, n) => (n % 16) * 16 + (n >> 4)),
  );
});

test('what the assembler does not know is refused with the name of the function', (t) => {
  const empty = { name: 'broken', parameters: {} };
  t.throws(() => assemble([{ ...empty, body: 'i64.popcnt' }]), {
    message: 'broken: the instruction i64.popcnt is not known',
  });
  t.throws(() => assemble([{ ...empty, body: 'local.get x' }]), { message: 'broken: there is no local x' });
  t.throws(() => assemble([{ ...empty, body: 'v128.load' }]), { message: /ends in the middle/ });
});

test('softmaxTwo is e^x over its sum, as float64 has it to the last two bits, also of what is not a number', (t) => {
  const kernels = createKernels(8192);
  const odd = [
    0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    3,
    88,
    -88,
    1e-30,
    -0,
    200,
    1e30,
    -1e30,
  ];
  const pairs = odd.flatMap((first) => odd.map((second) => [first, second] as const));
  const [x, y] = [random(400, 30, 5), random(400, 30, 6)];
  const first = [...pairs.map(([one]) => fround(one)), ...x];
  const second = [...pairs.map(([, other]) => fround(other)), ...y];
  kernels.f32.set(first, 0);
  kernels.f32.set(second, 1024);
  kernels.softmaxTwo(0, 4096, 4 * first.length);
  for (const [index, one] of first.entries()) {
    const other = second[index]!;
    const most = Math.max(one, other);
    const [a, b] = [Math.exp(fround(one - most)), Math.exp(fround(other - most))];
    const close = (got: number, wanted: number): boolean =>
      Number.isNaN(wanted) ? Number.isNaN(got) : Math.abs(got - wanted) <= 2 ** -22 * wanted + 2 ** -149;
    t.true(close(kernels.f32[index]!, a / (a + b)), `${one}, ${other}: ${kernels.f32[index]}, not ${a / (a + b)}`);
    t.true(close(kernels.f32[1024 + index]!, b / (a + b)), `${one}, ${other}: ${kernels.f32[1024 + index]}`);
  }
});

test('addPlane adds weighted rows where the plane lies and nowhere else', (t) => {
  const kernels = createKernels(8192);
  const [weights, numbers] = [random(8, 2, 7), random(8, 9, 8)];
  kernels.f32.set(weights, 0);
  kernels.f32.set(numbers, 8);
  const before = random(8 * 9 * 10, 5, 9);
  kernels.f32.set(before, 100);
  // A plane of 2 × 4 at (3, 4, 5) of 8 × 9 × 10.
  const first = (3 * 9 + 4) * 10 + 5;
  kernels.addPlane(4 * (100 + first), 0, 32, 32, 16, 40);
  const expected = [...before];
  for (const [at, weight] of weights.entries()) {
    const to = first + (at >> 2) * 10 + (at & 3);
    expected[to] = fround(expected[to]! + fround(weight * numbers[at]!));
  }
  t.deepEqual([...kernels.f32.subarray(100, 100 + expected.length)], expected);
});

test('divide rounds each quotient', (t) => {
  const kernels = createKernels(4096);
  const [numbers, by] = [random(32, 5, 10), random(32, 3, 11)];
  kernels.f32.set(numbers, 0);
  kernels.f32.set(by, 64);
  kernels.divide(0, 128, 256);
  t.deepEqual(
    [...kernels.f32.subarray(0, 32)],
    numbers.map((number, n) => fround(number / by[n]!)),
  );
});

test('greatest finds the first greatest channel, NaN above all, and doubts a near lead over the greatest before', (t) => {
  const kernels = createKernels(4096);
  const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;
  const first = [1, 1, 1, 1, nan, nan, 0, infinite];
  const second = [2, 1, 0, 1.000001, 5, nan, nan, infinite];
  const third = [0, 1, 3, 1, 9, 0, 7, 0];
  const fourth = [2.00001, 0, 2, 8, 9, 0, 7, 0];
  [first, second, third, fourth].forEach((values, c) => {
    kernels.f32.set(values, 16 * c);
  });
  const run = (channels: number, sure: number): number[] => {
    kernels.greatest(0, 64, 64 * channels, 32, 512, 1024, 1e-5, 0, 255, sure);
    return [...kernels.i32.subarray(256, 264)];
  };
  t.deepEqual(run(2, 0), [1, 0, 0, 255, 0, 0, 255, 0]);
  t.deepEqual([...kernels.f32.subarray(128, 136)], [2, 1, 1, fround(1.000001), nan, nan, nan, infinite]);
  t.deepEqual(run(1, 0), [0, 0, 0, 0, 0, 0, 0, 0]);
  t.deepEqual(run(4, 0), [255, 0, 2, 3, 0, 0, 255, 0]);
  t.deepEqual(run(4, -1), [3, 0, 2, 3, 0, 0, 1, 0]);
});

test('sampleRows adds eight products in order, in float64', (t) => {
  const kernels = createKernels(4096);
  const rows = [5, 6, 7, 8].map((seed) => random(16, 1000, seed));
  const along = random(16, 1, 9);
  rows.forEach((row, n) => {
    kernels.f32.set(row, 16 * n);
  });
  kernels.f64.set(along, 64);
  const weights = [0.1, 0.2, 0.3, 0.4] as const;
  kernels.sampleRows(0, 64, 128, 192, 512, 1024, 32, ...weights);
  const expected = Array.from({ length: 8 }, (_, x) => {
    const at = 4 * (x >> 1) + (x & 1);
    let sum = 0;
    for (const high of [0, 2]) {
      for (const [n, row] of rows.entries()) sum += row[at + high]! * (weights[n]! * along[at + high]!);
    }
    return fround(sum);
  });
  t.deepEqual([...kernels.f32.subarray(256, 264)], expected);
});
