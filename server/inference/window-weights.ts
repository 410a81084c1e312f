// How much each voxel of a window counts where windows overlap: MONAI's compute_importance_map, in its own float32.
import type { PlannedInferer } from '../workflows/plan.js';

type SlidingWindow = Extract<PlannedInferer, { kind: 'sliding-window' }>;

/**
 * Weights of one window, the last axis fastest. `gaussian`: the product over the axes of exp(−x² / 2σ²) with x from the
 * window's centre and σ = sigmaScale·size; never less than the smallest of them or 0.001, whichever is greater.
 */
export function windowWeights(
  windowSizes: readonly number[],
  { mode, sigmaScale }: Pick<SlidingWindow, 'mode' | 'sigmaScale'>,
): Float32Array {
  if (mode === 'constant') return new Float32Array(product(windowSizes)).fill(1);
  const weights = windowSizes
    .map((size, axis) => gaussian(size, sigmaScale[axis]! * size))
    .reduce((before, bell, axis) => (axis === 0 ? bell : outerProduct(before, bell)), Float32Array.of(1));
  const least = Math.fround(Math.max(smallest(weights), 1e-3));
  for (let i = 0; i < weights.length; i++) if (weights[i]! < least) weights[i] = least;
  return weights;
}

function outerProduct(slow: Float32Array, fast: Float32Array): Float32Array {
  const result = new Float32Array(slow.length * fast.length);
  let at = 0;
  for (let i = 0; i < slow.length; i++) {
    for (let j = 0; j < fast.length; j++) result[at++] = slow[i]! * fast[j]!;
  }
  return result;
}

function smallest(values: Float32Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!;
  return least;
}

function gaussian(size: number, sigma: number): Float32Array {
  const denominator = Math.fround(-2 * sigma ** 2);
  return Float32Array.from({ length: size }, (_, i) => {
    const x = i - (size - 1) / 2;
    return Math.exp(Math.fround(Math.fround(x * x) / denominator));
  });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
