// Which steps become one; that they give the same is held against MONAI's chains in golden.test.ts.
import test from 'ava';
import { operatorNames, operatorOfStep } from '../../server/operators/catalog.js';
import { fuseSteps } from '../../server/operators/fuse-steps.js';
import type { PlannedStep } from '../../server/workflows/plan.js';
import { planned } from './golden-case.js';

const softmax = planned({ transform: 'Activationsd', args: { softmax: true } });
const invert = planned({ transform: 'Invertd', args: { nearest_interp: false } });
const nearest = planned({ transform: 'Invertd', args: {} });
const argmax = planned({ transform: 'AsDiscreted', args: { argmax: true } });
const oneHot = planned({ transform: 'AsDiscreted', args: { argmax: true, to_onehot: 3 } });
const save = planned({ transform: 'SaveImaged', args: {} });

const names = (steps: readonly PlannedStep[]): string[] => fuseSteps(steps).map(({ operator }) => operator);

test('an inversion followed by an argmax is one step', (t) => {
  t.deepEqual(names([softmax, invert, argmax, save]), ['InvertArgmax', 'SaveImage']);
});

test('what else AsDiscrete does is done after it', (t) => {
  const steps = fuseSteps([invert, oneHot]);
  t.deepEqual(
    steps.map(({ operator }) => operator),
    ['InvertArgmax', 'AsDiscrete'],
  );
  t.is(steps[1]!.args['argmax'], false);
  t.is(steps[1]!.args['to_onehot'], 3);
});

test('a softmax is left out only where no resampling stands between it and the argmax', (t) => {
  t.deepEqual(names([softmax, argmax]), ['AsDiscrete']);
  t.deepEqual(names([softmax, nearest, argmax]), ['InvertArgmax']);
  t.deepEqual(names([softmax, invert, argmax]), ['InvertArgmax']);
  t.deepEqual(names([softmax, save, argmax]), ['Activations', 'SaveImage', 'AsDiscrete']);
});

test('steps on different keys stay apart', (t) => {
  t.deepEqual(
    names([
      { ...invert, keys: ['pred'] },
      { ...argmax, keys: ['other'] },
    ]),
    ['Invert', 'AsDiscrete'],
  );
});

test('the fused operator runs but cannot be named by a bundle', (t) => {
  t.truthy(operatorOfStep('InvertArgmax'));
  t.false(operatorNames().includes('InvertArgmax'));
});
