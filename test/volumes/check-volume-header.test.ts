import test from 'ava';
import { InvalidArgument, LimitExceeded } from '../../server/errors.js';
import type { VolumeHeader } from '../../server/imaging/volume-header.js';
import { checkVolumeHeader } from '../../server/volumes/check-volume-header.js';

const GIB = 2 ** 30;
const good: VolumeHeader = {
  sizes: [512, 512, 300],
  componentType: 'int16',
  components: 1,
  indexToWorldLps: [0.7, 0, 0, -180, 0, 0.7, 0, -180, 0, 0, 1.25, 40],
  modality: 'CT',
};

/** A 3×4 matrix with these steps along i, j and k. */
const steps = (i: number[], j: number[], k: number[]): number[] =>
  [0, 1, 2].flatMap((row) => [i[row]!, j[row]!, k[row]!, 0]);

const accepted = test.macro((t, change: Partial<VolumeHeader>) => {
  t.notThrows(() => checkVolumeHeader({ ...good, ...change }, 'header', 16 * GIB));
});

test('takes a CT', accepted, {});
test('takes one axis', accepted, { sizes: [1] });
test('takes a series of four axes', accepted, { sizes: [64, 64, 30, 200] });
test('takes 1,024 components', accepted, { sizes: [8, 8], components: 1024 });
test('takes no modality', accepted, { modality: '' });
test('takes nanometres', accepted, { indexToWorldLps: steps([1e-6, 0, 0], [0, 1e-6, 0], [0, 0, 1e-6]) });
test('takes spacings of very different sizes', accepted, {
  indexToWorldLps: steps([1e-9, 0, 0], [0, 1e9, 0], [0, 0, 1]),
});
test('takes numbers near the largest', accepted, {
  indexToWorldLps: steps([1e300, 0, 0], [0, 1e300, 0], [0, 0, 1e300]),
});
test('takes a gantry tilted by 60 degrees', accepted, { indexToWorldLps: steps([1, 0, 0], [0, 1, 0], [0, 1.73, 1]) });

const refused = test.macro((t, change: object, field: string, says: RegExp) => {
  const error = t.throws(() => checkVolumeHeader({ ...good, ...change }, 'header', 16 * GIB), {
    instanceOf: InvalidArgument,
  });
  t.is(error?.metadata['field'], field);
  t.regex(error?.message ?? '', says);
});
const matrix = (at: number, value: number) => good.indexToWorldLps.map((one, index) => (index === at ? value : one));

test('refuses no sizes', refused, { sizes: [] }, 'header.sizes', /\[\].*1 to 4/);
test('refuses five sizes', refused, { sizes: [1, 2, 3, 4, 5] }, 'header.sizes', /1 to 4/);
test('refuses a size of 0', refused, { sizes: [512, 0, 300] }, 'header.sizes[1]', /is 0, expected .*at least 1/);
test('refuses a negative size', refused, { sizes: [512, 512, -3] }, 'header.sizes[2]', /is -3/);
test('refuses half a voxel', refused, { sizes: [0.5] }, 'header.sizes[0]', /is 0\.5/);
test('refuses a size beyond 2^53', refused, { sizes: [2 ** 53] }, 'header.sizes[0]', /9007199254740992/);
test(
  'refuses an unknown component type',
  refused,
  { componentType: 'float16' },
  'header.component_type',
  /float16.*uint8/,
);
test(
  'refuses the name of an object’s method',
  refused,
  { componentType: 'toString' },
  'header.component_type',
  /one of/,
);
test('refuses 0 components', refused, { components: 0 }, 'header.components', /is 0/);
test('refuses 1,025 components', refused, { components: 1025 }, 'header.components', /1 to 1024/);
test('refuses 11 numbers', refused, { indexToWorldLps: [1] }, 'header.index_to_world_lps', /1 numbers.*12/);
test('refuses NaN', refused, { indexToWorldLps: matrix(3, Number.NaN) }, 'header.index_to_world_lps[3]', /NaN/);
test(
  'refuses infinity',
  refused,
  { indexToWorldLps: matrix(5, Number.POSITIVE_INFINITY) },
  'header.index_to_world_lps[5]',
  /Infinity/,
);
test('refuses a zero column', refused, { indexToWorldLps: matrix(0, 0) }, 'header.index_to_world_lps', /inverted/);
test(
  'refuses axes in one plane, however large',
  refused,
  { indexToWorldLps: steps([1e4, 0, 0], [0, 1e4, 0], [1e4, 1e4, 0]) },
  'header.index_to_world_lps',
  /inverted/,
);
test(
  'refuses axes in one plane but for the rounding of 32-bit floats',
  refused,
  { indexToWorldLps: steps([0.1, 0.7, 0.3], [0.2, 1.4, 0.6].map(Math.fround), [0, 0, 1]) },
  'header.index_to_world_lps',
  /inverted/,
);
test('refuses a modality that is a novel', refused, { modality: 'x'.repeat(17) }, 'header.modality', /16/);
test('refuses control characters in a modality', refused, { modality: 'CT\n' }, 'header.modality', /plain/);

const tooLarge = test.macro((t, change: Partial<VolumeHeader>) => {
  const error = t.throws(() => checkVolumeHeader({ ...good, ...change }, 'header', GIB), { instanceOf: LimitExceeded });
  t.regex(error?.message ?? '', /at most 1073741824 bytes/);
});
test('refuses one voxel more than the limit', tooLarge, { sizes: [2 ** 29 + 1] });
test('refuses sizes whose product is beyond 2^53', tooLarge, { sizes: [2 ** 53 - 1, 2 ** 53 - 1, 2 ** 53 - 1, 9] });
