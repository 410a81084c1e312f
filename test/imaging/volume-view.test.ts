// Volumes to images and back: every component type, channels from components and frames, geometry.
import test from 'ava';
import { axisMoves, directionsOfCodes, moveAxes } from '../../server/imaging/orientation.js';
import { contiguousTensor } from '../../server/imaging/tensor.js';
import type { ComponentType, VolumeHeader } from '../../server/imaging/volume-header.js';
import {
  componentTypeOf,
  imageFromTensor,
  imageFromVolume,
  volumeFromImage,
} from '../../server/imaging/volume-view.js';

const header = (over: Partial<VolumeHeader>): VolumeHeader => ({
  sizes: [2, 3, 2],
  componentType: 'uint8',
  components: 1,
  indexToWorldLps: [2, 0, 0, 10, 0, 3, 0, 20, 0, 0, 4, 30],
  modality: '',
  ...over,
});

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

test('a volume is read with i as the first axis: the tensor has the last axis fastest', (t) => {
  const image = imageFromVolume(
    Uint8Array.from({ length: 12 }, (_, n) => n),
    header({}),
  );
  t.deepEqual([...contiguousTensor(image)], [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
});

test('LPS millimetres become RAS: x and y change sign', (t) => {
  const { affineRas } = imageFromVolume(new Uint8Array(12), header({}));
  t.deepEqual(
    affineRas.map((value) => value + 0),
    [-2, 0, 0, -10, 0, -3, 0, -20, 0, 0, 4, 30, 0, 0, 0, 1],
  );
});

const numbers: readonly [ComponentType, ArrayBufferView, number[]][] = [
  ['int8', Int8Array.of(-128, 127), [-128, 127]],
  ['uint16', Uint16Array.of(0, 65535), [0, 65535]],
  ['int16', Int16Array.of(-32768, 32767), [-32768, 32767]],
  ['uint32', Uint32Array.of(7, 4294967295), [7, 4294967296]],
  ['int32', Int32Array.of(-2147483648, 16777217), [-2147483648, 16777216]],
  ['uint64', BigUint64Array.of(1n, 2n ** 63n), [1, 2 ** 63]],
  ['int64', BigInt64Array.of(-3n, 2n ** 40n), [-3, 2 ** 40]],
  ['float32', Float32Array.of(0.5, Number.NaN), [0.5, Number.NaN]],
  ['float64', Float64Array.of(0.1, -1e300), [Math.fround(0.1), Number.NEGATIVE_INFINITY]],
];

for (const [componentType, array, expected] of numbers) {
  test(`${componentType} is read as the float32 that numpy makes of it`, (t) => {
    const image = imageFromVolume(bytesOf(array), header({ sizes: [2, 1, 1], componentType }));
    t.deepEqual([...contiguousTensor(image)], expected);
  });
}

test('bytes that begin at an odd address are read all the same', (t) => {
  const odd = new Uint8Array(9);
  odd.set(bytesOf(Int32Array.of(5, -6)), 1);
  const image = imageFromVolume(odd.subarray(1), header({ sizes: [2, 1, 1], componentType: 'int32' }));
  t.deepEqual([...contiguousTensor(image)], [5, -6]);
});

test('components side by side become channels, and go back side by side', (t) => {
  const bytes = Uint8Array.from({ length: 12 }, (_, n) => n);
  const rgb = header({ sizes: [2, 2, 1], components: 3 });
  const image = imageFromVolume(bytes, rgb);
  t.deepEqual([image.channels, ...image.sizes], [3, 2, 2, 1]);
  t.deepEqual([...contiguousTensor(image)], [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
  const back = volumeFromImage(image);
  t.deepEqual(back.bytes, bytes);
  t.is(back.header.components, 3);
});

test('frames on the fourth axis become channels', (t) => {
  const image = imageFromVolume(Uint8Array.of(1, 2, 3, 4, 5, 6), header({ sizes: [2, 1, 1, 3] }));
  t.deepEqual([image.channels, ...image.sizes], [3, 2, 1, 1]);
  t.deepEqual([...contiguousTensor(image)], [1, 2, 3, 4, 5, 6]);
});

test('a flat image has two axes when the workflow takes two', (t) => {
  const image = imageFromVolume(Uint8Array.of(1, 2, 3, 4, 5, 6), header({ sizes: [3, 2, 1] }), 2);
  t.deepEqual(image.sizes, [3, 2]);
  t.deepEqual([...contiguousTensor(image)], [1, 4, 2, 5, 3, 6]);
});

test('frames and components at once are refused, and bytes that are too few', (t) => {
  t.throws(() => imageFromVolume(new Uint8Array(12), header({ sizes: [2, 1, 1, 3], components: 2 })), {
    message: /components and as frames/,
  });
  t.throws(() => imageFromVolume(new Uint8Array(11), header({})), { message: /11 numbers, the header says 12/ });
});

test('an image that lies as a volume is written without a copy', (t) => {
  const bytes = Uint8Array.from({ length: 12 }, (_, n) => n);
  const written = volumeFromImage(imageFromVolume(bytes, header({})));
  t.is(written.bytes.buffer, bytes.buffer);
  t.deepEqual(written.header.indexToWorldLps, header({}).indexToWorldLps);
});

test('a turned image is written in the order and with the geometry that it has then', (t) => {
  const voxels = Int16Array.from({ length: 12 }, (_, n) => n);
  const image = imageFromVolume(bytesOf(voxels), header({ componentType: 'int16' }));
  const moves = axisMoves(directionsOfCodes('LPS'), directionsOfCodes('RSA'));
  const turned = { ...image, ...moveAxes(image, moves) };
  const { header: written, bytes } = volumeFromImage(turned);
  t.deepEqual(written.sizes, [2, 2, 3]);
  // New (i, j, k) is old (1 − i, 2 − k, j): the first row is old (1, 2, 0), (0, 2, 0).
  t.deepEqual([...new Int16Array(bytes.buffer)], [5, 4, 11, 10, 3, 2, 9, 8, 1, 0, 7, 6]);
  // Voxel (0, 0, 0) is where old (1, 2, 0) was: 10 + 2, 20 + 6, 30.
  t.deepEqual(
    written.indexToWorldLps.map((value) => value + 0),
    [-2, 0, 0, 12, 0, 0, -3, 26, 0, 4, 0, 30],
  );
});

test('another output type converts as C does: fractions cut off', (t) => {
  const like = imageFromVolume(new Uint8Array(2), header({ sizes: [2, 1, 1] }));
  const image = imageFromTensor(Float32Array.of(1.9, 255), 1, [2, 1, 1], like);
  t.deepEqual([...volumeFromImage(image, 'uint8').bytes], [1, 255]);
  t.is(componentTypeOf(image.data), 'float32');
});
