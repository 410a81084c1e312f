// Directions of axes against nibabel 5.4.2: io_orientation, aff2axcodes, as_closest_canonical.
import test from 'ava';
import type { Image } from '../../server/imaging/image.js';
import {
  axisDirections,
  axisMoves,
  directionsOfCodes,
  invertMoves,
  moveAxes,
} from '../../server/imaging/orientation.js';
import { contiguousTensor } from '../../server/imaging/tensor.js';

const SAGITTAL = [0, 0, 1.2, -90, -1, 0, 0, 120, 0, -1, 0, 130, 0, 0, 0, 1];

const cases: readonly [string, number[], string][] = [
  ['a sagittal scan', SAGITTAL, 'PIR'],
  ['an oblique scan', [0.9, -0.3, 0.2, -80, 0.25, 0.95, -0.1, -100, -0.15, 0.2, 2.4, -40, 0, 0, 0, 1], 'RAS'],
  ['a scan in LPS', [-1, 0, 0, 90, 0, -1, 0, 126, 0, 0, 2, -72, 0, 0, 0, 1], 'LPS'],
  ['a scan turned by nearly 45°', [0.6, 0.7, 0.2, 0, 0.7, -0.65, 0.1, 0, 0.1, 0.2, 1.9, 0, 0, 0, 0, 1], 'ARS'],
];

for (const [what, affine, codes] of cases) {
  test(`${what} points the way that nibabel says: ${codes}`, (t) => {
    t.deepEqual(axisDirections(affine, 3), directionsOfCodes(codes));
  });
}

test('a sagittal scan turned to RAS has the sizes, the affine and the voxels of nibabel', (t) => {
  const sizes = [4, 5, 6];
  const image: Image = {
    channels: 1,
    sizes,
    data: Int16Array.from({ length: 120 }, (_, n) => n),
    strides: [120, 30, 6, 1],
    offset: 0,
    affineRas: SAGITTAL,
    applied: [],
  };
  const moves = axisMoves(axisDirections(SAGITTAL, 3), directionsOfCodes('RAS'));
  const turned = { ...image, ...moveAxes(image, moves) };
  t.deepEqual(turned.sizes, [6, 4, 5]);
  t.deepEqual(turned.affineRas, [1.2, 0, 0, -90, 0, 1, 0, 117, 0, 0, 1, 126, 0, 0, 0, 1]);
  t.deepEqual([...contiguousTensor(turned)].slice(0, 8), [114, 108, 102, 96, 90, 84, 78, 72]);
  const back = { ...turned, ...moveAxes(turned, invertMoves(moves)) };
  t.deepEqual([back.sizes, back.strides, back.offset], [image.sizes, image.strides, image.offset]);
  t.deepEqual(back.affineRas, SAGITTAL);
});

test('letters that are no directions and axes wanted twice are refused', (t) => {
  t.throws(() => directionsOfCodes('RAX'), { message: /"X"/ });
  t.throws(() => axisMoves(directionsOfCodes('RAS'), directionsOfCodes('RRS')), { message: /world axis 1/ });
});
