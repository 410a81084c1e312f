// The fused argmax against its definition: every channel resampled, then the first greatest. The plain path is held
// against MONAI itself (test/operators/golden.test.ts); here are the sizes and layouts that golden files do not have.

import test from 'ava';
import { softmax } from '../../server/imaging/activations.js';
import { argmaxOblique } from '../../server/imaging/argmax-oblique.js';
import { argmaxResampled } from '../../server/imaging/argmax-resample.js';
import { resizeTable } from '../../server/imaging/axis-table.js';
import type { Image } from '../../server/imaging/image.js';
import { ONE_THREAD } from '../../server/imaging/one-thread.js';
import { sampleLinear, samplingTables } from '../../server/imaging/resample.js';
import { resizeLinear } from '../../server/imaging/resize-linear.js';
import { samplingGrid } from '../../server/imaging/sampling-grid.js';
import { argmaxChannels } from '../../server/imaging/sure-labels.js';
import { cOrderStrides, cOrderVoxels } from '../../server/imaging/voxel-layout.js';

type Sizes = readonly [number, number, number];

/** Smooth blobs with noise, quantised so that ties are common; a NaN where asked. */
function tensor(channels: number, sizes: Sizes, seed: number, withNaN = false): Float32Array {
  const [n0, n1, n2] = sizes;
  const data = new Float32Array(channels * n0 * n1 * n2);
  let state = seed;
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let x = 0; x < n0; x++) {
      for (let y = 0; y < n1; y++) {
        for (let z = 0; z < n2; z++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          const wave = Math.sin(x / 3 + c) + Math.cos(y / 4 - c) + Math.sin(z / 3 + 2 * c);
          data[at++] = Math.round((4 * wave + (state >>> 8) / 2 ** 24) * 4) / 4;
        }
      }
    }
  }
  if (withNaN) data[data.length >> 1] = Number.NaN;
  return data;
}

const imageOf = (data: Float32Array, channels: number, sizes: Sizes): Image => ({
  channels,
  sizes,
  data,
  strides: cOrderStrides(sizes),
  offset: 0,
  affineRas: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  applied: [],
});

/** Labels that lie with some order of axes and direction, in C order. */
function inCOrder(
  labels: ArrayLike<number> & { length: number },
  sizes: Sizes,
  strides: Sizes,
  offset: number,
): number[] {
  const view = { ...imageOf(new Float32Array(0), 1, sizes), data: labels as never, strides: [0, ...strides], offset };
  return [...cOrderVoxels(view)];
}

function layouts([m0, m1, m2]: Sizes): { strides: Sizes; offset: number }[] {
  return [
    { strides: [m1 * m2, m2, 1], offset: 0 },
    { strides: [1, m0, m0 * m1], offset: 0 },
    { strides: [-1, -m0, m0 * m1], offset: m0 * m1 - 1 },
    { strides: [m2, 1 * m0 * m2, 1], offset: 0 },
    { strides: [m1, -1, -m0 * m1], offset: m1 - 1 + m0 * m1 * (m2 - 1) },
  ];
}

for (const channels of [1, 2, 3, 7, 300]) {
  const few = channels === 300;
  const pairs: readonly [Sizes, Sizes][] = few
    ? [
        [
          [4, 5, 3],
          [7, 6, 5],
        ],
      ]
    : [
        [
          [9, 12, 7],
          [16, 23, 12],
        ],
        [
          [20, 17, 35],
          [11, 9, 40],
        ],
        [
          [16, 16, 16],
          [16, 33, 31],
        ],
        [
          [1, 8, 5],
          [3, 9, 9],
        ],
        [
          [33, 2, 1],
          [50, 5, 1],
        ],
      ];
  test(`resized and compared at once is resized, then compared: ${channels} channels`, async (t) => {
    for (const [sizes, newSizes] of pairs) {
      for (const withNaN of [false, true]) {
        const data = tensor(channels, sizes, 17 + channels, withNaN);
        const expected = await argmaxChannels(
          await resizeLinear(imageOf(data, channels, sizes), newSizes, false, ONE_THREAD),
          channels,
          ONE_THREAD,
        );
        const tables = sizes.map((size, axis) => resizeTable(size, newSizes[axis]!, false)) as never;
        for (const layout of layouts(newSizes)) {
          const labels = await argmaxResampled({ data, channels, sizes }, tables, 'nested', layout, false, ONE_THREAD);
          const message = `${sizes} to ${newSizes}, strides ${layout.strides}`;
          t.deepEqual(inCOrder(labels, newSizes, layout.strides, layout.offset), [...expected], message);
        }
      }
    }
  });
}

for (const channels of [3, 9, 40]) {
  test(`the softmax's greatest channel, of which only near ties are worked out: ${channels} channels`, async (t) => {
    const sizes: Sizes = [9, 19, 21];
    const newSizes: Sizes = [14, 30, 26];
    for (const bad of [0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const data = tensor(channels, sizes, 3 * channels);
      if (bad !== 0) data[data.length >> 2] = bad;
      const probabilities = data.slice();
      softmax(probabilities, channels);
      const resized = await resizeLinear(imageOf(probabilities, channels, sizes), newSizes, false, ONE_THREAD);
      const expected = [...(await argmaxChannels(resized, channels, ONE_THREAD))];
      const tables = sizes.map((size, axis) => resizeTable(size, newSizes[axis]!, false)) as never;
      const [layout] = layouts(newSizes);
      const before = data.slice();
      const labels = await argmaxResampled({ data, channels, sizes }, tables, 'nested', layout!, true, ONE_THREAD);
      t.deepEqual([...labels], expected, `with ${bad}`);
      t.deepEqual(data, before, 'the tensor stays as it is');
    }
  });
}

for (const padding of ['border', 'zeros'] as const) {
  test(`sampled and compared at once is sampled, then compared: ${padding} padding`, async (t) => {
    const sizes: Sizes = [12, 9, 14];
    const newSizes: Sizes = [19, 17, 21];
    for (const channels of [2, 4]) {
      const data = tensor(channels, sizes, 5).map((value) => value - 3);
      const straight = [
        [0.7, 0, 0, -1.3],
        [0, 0.6, 0, -0.2],
        [0, 0, 0.8, -2.5],
        [0, 0, 0, 1],
      ];
      const turned = [
        [0.6, 0.2, 0, -1.3],
        [-0.2, 0.6, 0.1, 1.7],
        [0, -0.1, 0.7, 0.4],
        [0, 0, 0, 1],
      ];
      for (const map of [straight, turned]) {
        const grid = samplingGrid(map, sizes, newSizes);
        const sampled = await sampleLinear(imageOf(data, channels, sizes), grid, padding, ONE_THREAD);
        const expected = [...(await argmaxChannels(sampled, channels, ONE_THREAD))];
        t.deepEqual([...(await argmaxOblique({ data, channels, sizes }, grid, padding, ONE_THREAD))], expected);
        if (map === turned) continue;
        const layout = layouts(newSizes)[0]!;
        const tables = samplingTables(grid, padding);
        const labels = await argmaxResampled({ data, channels, sizes }, tables, 'products', layout, false, ONE_THREAD);
        t.deepEqual([...labels], expected);
      }
    }
  });
}
