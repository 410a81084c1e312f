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
