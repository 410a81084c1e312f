// Components and holes on runs, against a flood fill voxel by voxel, in every order of axes in memory.
import test from 'ava';
import { connectRuns } from '../../server/imaging/components.js';
import type { Image } from '../../server/imaging/image.js';
import { countLabels, fillHoles, keepLargest, removeSmall } from '../../server/imaging/label-maps.js';
import { findRuns, owned, rowLayout } from '../../server/imaging/runs.js';
import { cOrderStrides, cOrderVoxels, copyVoxels } from '../../server/imaging/voxel-layout.js';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function image(sizes: number[], voxels: ArrayLike<number>, order = [2, 1, 0], backwards = false): Image {
  const plain: Image = {
    channels: 1,
    sizes,
    data: Uint8Array.from(voxels),
    strides: cOrderStrides(sizes),
    offset: 0,
    affineRas: IDENTITY,
    applied: [],
  };
  const strides = new Array<number>(sizes.length).fill(0);
  let step = 1;
  for (const axis of order.filter((one) => one < sizes.length)) {
    strides[axis] = backwards ? -step : step;
    step *= sizes[axis]!;
  }
  const offset = backwards ? step - 1 : 0;
  const data = new Uint8Array(step);
  copyVoxels(plain, data, [step, ...strides], offset);
  return { ...plain, data, strides: [step, ...strides], offset };
}

const ORDERS: readonly [number[], boolean][] = [
  [[2, 1, 0], false],
  [[0, 1, 2], false],
  [[1, 2, 0], true],
];

/** Noise that is 1 in about one of `oneIn` voxels. */
function noise(length: number, oneIn: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % oneIn === 0 ? 1 : 0;
  });
}

/** Components by flood fill, voxel by voxel: the number of each voxel's component, 0 for none, in C order of first ones. */
function flood(sizes: number[], mask: ArrayLike<number>, connectivity: number): Int32Array {
  const strides = cOrderStrides(sizes).slice(1);
  const found = new Int32Array(mask.length);
  const steps: number[][] = sizes.reduce<number[][]>(
    (all) => all.flatMap((step) => [-1, 0, 1].map((move) => [...step, move])),
    [[]],
  );
  const near = steps.filter((step) => {
    const apart = step.reduce((sum, move) => sum + Math.abs(move), 0);
    return apart > 0 && apart <= connectivity;
  });
  let count = 0;
  for (let seed = 0; seed < mask.length; seed++) {
    if (!mask[seed] || found[seed]) continue;
    found[seed] = ++count;
    const open = [seed];
    for (let voxel = open.pop(); voxel !== undefined; voxel = open.pop()) {
      const at = strides.map((stride, axis) => Math.floor(voxel! / stride) % sizes[axis]!);
      for (const step of near) {
        const to = at.map((index, axis) => index + step[axis]!);
        if (to.some((index, axis) => index < 0 || index >= sizes[axis]!)) continue;
        const neighbour = to.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
        if (!mask[neighbour] || found[neighbour]) continue;
        found[neighbour] = count;
        open.push(neighbour);
      }
    }
  }
  return found;
}

for (const connectivity of [1, 2, 3]) {
  test(`components of noise are those of a flood fill, connectivity ${connectivity}`, (t) => {
    for (const [sizes, oneIn] of [
      [[7, 9, 8], 3],
      [[17, 5, 33], 5],
      [[40, 1, 23], 2],
      [[1, 1, 60], 2],
    ] as [number[], number][]) {
      const mask = noise(
        sizes.reduce((a, b) => a * b),
        oneIn,
        99 + connectivity,
      );
      const expected = flood(sizes, mask, connectivity);
      const counts = new Map<number, number>();
      for (const number of expected) if (number) counts.set(number, (counts.get(number) ?? 0) + 1);
      for (const [order, backwards] of ORDERS) {
        const rows = rowLayout(image(sizes, mask, order, backwards), 0);
        const components = connectRuns(findRuns(rows, { kind: 'equal', value: 1 }), rows, connectivity);
        t.deepEqual([...components.sizes].sort(), [...counts.values()].sort(), `${sizes} in order ${order}`);
      }
    }
  });

  test(`the largest component of noise is that of a flood fill, the last of equal ones, connectivity ${connectivity}`, (t) => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const sizes = [9, 8, 11];
      const mask = noise(792, 6, seed);
      const found = flood(sizes, mask, connectivity);
      const sizeOf = (number: number): number => found.filter((one) => one === number).length;
      const numbers = [...new Set(found)].filter((number) => number > 0);
      const most = Math.max(...numbers.map(sizeOf));
      const kept = Math.max(...numbers.filter((number) => sizeOf(number) === most));
      const expected = found.map((number) => (number === kept ? 1 : 0));
      for (const [order, backwards] of ORDERS) {
        const result = image(sizes, mask, order, backwards);
        keepLargest(rowLayout(result, 0), { kind: 'equal', value: 1 }, connectivity, 1);
        t.deepEqual([...cOrderVoxels(result)], [...expected], `seed ${seed} in order ${order}`);
      }
    }
  });

  test(`holes in noise are what a flood fill from outside does not reach, connectivity ${connectivity}`, (t) => {
    for (const sizes of [
      [9, 10, 8],
      [12, 14],
    ]) {
      const length = sizes.reduce((a, b) => a * b);
      const mask = noise(length, 12, 7).map((value) => 1 - value);
      const background = flood(
        sizes,
        mask.map((value) => 1 - value),
        Math.min(connectivity, sizes.length),
      );
      const strides = cOrderStrides(sizes).slice(1);
      const open = new Set<number>();
      background.forEach((number, voxel) => {
        const at = strides.map((stride, axis) => Math.floor(voxel / stride) % sizes[axis]!);
        if (at.some((index, axis) => index === 0 || index === sizes[axis]! - 1)) open.add(number);
      });
      const expected = mask.map((value, voxel) => (value || !open.has(background[voxel]!) ? 1 : 0));
      t.true(
        expected.some((value, voxel) => value !== mask[voxel]),
        'there are holes at all',
      );
      for (const [order, backwards] of ORDERS) {
        const result = image(sizes, mask, order, backwards);
        const reach = Math.min(connectivity, sizes.length);
        fillHoles(rowLayout(result, 0), { kind: 'equal', value: 1 }, 1, reach);
        t.deepEqual([...cOrderVoxels(result)], [...expected], `${sizes} in order ${order}`);
      }
    }
  });
}

test('objects of as many voxels as asked, or fewer, are removed, larger ones stay: as scikit-image 0.26 takes it', (t) => {
  const row = [1, 0, 1, 1, 0, 1, 1, 1, 0, 0];
  const result = image([1, 1, 10], row);
  removeSmall(rowLayout(result), { kind: 'nonzero' }, 1, 2);
  t.deepEqual([...result.data], [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]);
});

test('labels are counted, also where words and bytes do not line up', (t) => {
  const bytes = new Uint8Array(1003);
  for (let n = 0; n < bytes.length; n++) bytes[n] = n % 7 === 0 ? 3 : n > 500 ? 1 : 0;
  for (const start of [0, 1, 2, 3]) {
    const part = bytes.subarray(start, 1000 + start);
    const expected: Record<number, number> = {};
    for (const value of part) expected[value] = (expected[value] ?? 0) + 1;
    t.deepEqual(countLabels(part), expected);
  }
  t.deepEqual(countLabels(Uint16Array.of(300, 0, 300)), { 0: 1, 300: 2 });
  t.deepEqual(countLabels(Float32Array.of(0.5, 0.5, 2)), { 0.5: 2, 2: 1 });
});

test('an image that is not owned is copied before it is written to', (t) => {
  const input = image([2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1]);
  t.not(owned(input).data, input.data);
  const mine = { ...input, owned: true };
  t.is(owned(mine).data, mine.data);
});
