// Rewrites planned steps to fewer and faster ones that give the same. Pure.
import type { PlannedStep } from '../workflows/plan.js';

/**
 * - `Invert`, then `AsDiscrete(argmax)`: `InvertArgmax`, then what is left of AsDiscrete; with a softmax just before it,
 *   `InvertArgmax` does that too, and only where the answer depends on it.
 * - `Activations(softmax)`, then at once an argmax: in one, without most of the softmax, which keeps the order of the
 *   channels but where rounding makes neighbours equal.
 */
export function fuseSteps(steps: readonly PlannedStep[]): PlannedStep[] {
  const fused: PlannedStep[] = [];
  for (let n = 0; n < steps.length; n++) {
    const [step, next, afterNext] = [steps[n]!, steps[n + 1], steps[n + 2]];
    if (isSoftmax(step) && isArgmax(next) && sameKeys(step, next)) {
      fused.push({ ...next!, args: { ...next!.args, softmax: true } });
      n++;
      continue;
    }
    if (
      isSoftmax(step) &&
      sameKeys(step, next) &&
      isPlainInvert(next!) &&
      isArgmax(afterNext) &&
      sameKeys(next!, afterNext)
    ) {
      fused.push({ ...next!, operator: 'InvertArgmax', args: { ...next!.args, softmax: true } });
      if (hasMore(afterNext!)) fused.push({ ...afterNext!, args: { ...afterNext!.args, argmax: false } });
      n += 2;
      continue;
    }
    if (isPlainInvert(step) && isArgmax(next) && sameKeys(step, next)) {
      fused.push({ ...step, operator: 'InvertArgmax' });
      if (hasMore(next!)) fused.push({ ...next!, args: { ...next!.args, argmax: false } });
      n++;
      continue;
    }
    fused.push(step);
  }
  return fused;
}

function isSoftmax({ operator, args }: PlannedStep): boolean {
  const { softmax, sigmoid, other } = args;
  return operator === 'Activations' && softmax === true && sigmoid === false && other === null;
}

function isPlainInvert({ operator, args }: PlannedStep): boolean {
  return operator === 'Invert' && args['post_func'] === null;
}

function isArgmax(step: PlannedStep | undefined): boolean {
  return step?.operator === 'AsDiscrete' && step.args['argmax'] === true;
}

function hasMore({ args }: PlannedStep): boolean {
  return ['to_onehot', 'threshold', 'rounding'].some((name) => args[name] !== null && args[name] !== undefined);
}

function sameKeys(step: PlannedStep, other: PlannedStep | undefined): boolean {
  return step.keys.length === other?.keys.length && step.keys.every((key, n) => key === other.keys[n]);
}
