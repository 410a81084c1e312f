// Transforms that work on the keys themselves: which images there are afterwards, and that none is overwritten twice.

import test from 'ava';
import type { Image } from '../../server/imaging/image.js';
import { ONE_THREAD } from '../../server/imaging/one-thread.js';
import { operatorOfStep } from '../../server/operators/catalog.js';
import type { PlainValue } from '../../server/workflows/plan.js';
import { planned } from './golden-case.js';

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function imageOf(value: number): Image {
  const data = Float32Array.of(value, value + 1);
  return { channels: 1, sizes: [2], data, strides: [2, 1], offset: 0, affineRas: IDENTITY, applied: [], owned: true };
}

const IMAGES = new Map([
  ['a', imageOf(1)],
  ['b', imageOf(2)],
  ['c', imageOf(3)],
]);

/** The step's answer; the keys that it said it would leave must be those it leaves. */
function combine(transform: string, keys: readonly string[], args: Record<string, PlainValue> = {}) {
  const step = planned({ transform, args });
  const operator = operatorOfStep(step.operator)!;
  const context = { images: IMAGES, threads: ONE_THREAD, throwIfCancelled: () => undefined };
  const after = operator.combine!(IMAGES, keys, step.args, context);
  const expected = operator.keysAfter!(new Set(IMAGES.keys()), keys, step.args);
  return { after, agree: [...after.keys()].sort().join() === [...expected].sort().join() };
}

test('SelectItems leaves only its keys', (t) => {
  const { after, agree } = combine('SelectItemsd', ['c', 'a']);
  t.true(agree);
  t.deepEqual([...after.keys()].sort(), ['a', 'c']);
  t.is(after.get('c'), IMAGES.get('c'));
});

test('DeleteItems leaves all others', (t) => {
  const { after, agree } = combine('DeleteItemsd', ['a', 'x']);
  t.true(agree);
  t.deepEqual([...after.keys()], ['b', 'c']);
});

// MONAI 1.6.1: CopyItemsd(keys=["a", "b"], times=2) gives a_0 of a, a_1 of b, b_0 of a, b_1 of b.
test("CopyItems deals MONAI's own names out in rounds, as MONAI does", (t) => {
  const { after, agree } = combine('CopyItemsd', ['a', 'b'], { times: 2 });
  t.true(agree);
  const first = (key: string): number | undefined => after.get(key)?.data[0];
  t.deepEqual(['a_0', 'a_1', 'b_0', 'b_1'].map(first), [1, 2, 1, 2]);
});

test('CopyItems takes names, and neither the copy nor its source may be overwritten any more', (t) => {
  const { after, agree } = combine('CopyItemsd', ['a'], { names: 'backup' });
  t.true(agree);
  t.false(after.get('backup')!.owned);
  t.false(after.get('a')!.owned);
  t.true(after.get('b')!.owned);
});

test('CopyItems refuses a key that is there, and another number of names', (t) => {
  t.throws(() => combine('CopyItemsd', ['a'], { names: ['b'] }), { message: /already/ });
  t.throws(() => combine('CopyItemsd', ['a', 'b'], { names: ['x'] }), { message: /1 names for 1 copies of 2/ });
});

test('a step on a key without an image says which', (t) => {
  t.throws(() => combine('ConcatItemsd', ['a', 'x'], { name: 'y' }), { message: /no image "x"/ });
  t.throws(() => combine('MeanEnsembled', ['a'], {}), { message: /several keys/ });
});
