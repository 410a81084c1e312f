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
  let weights = Float32Array.of(1);
  windowSizes.forEach((size, axis) => {
    const bell = gaussian(size, sigmaScale[axis]! * size);
    const grown = new Float32Array(weights.length * size);
    for (let i = 0; i < weights.length; i++) {
      for (let x = 0; x < size; x++) grown[i * size + x] = axis === 0 ? bell[x]! : weights[i]! * bell[x]!;
    }
    weights = grown;
  });
  const least = Math.fround(
    Math.max(
      weights.reduce((a, b) => Math.min(a, b)),
      1e-3,
    ),
  );
  return weights.map((weight) => Math.max(weight, least));
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
