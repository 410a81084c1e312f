// The outline of labels: MONAI's Laplace kernel, its answer between 0 and 1.
import { voxelsOf } from './voxel-layout.js';

/**
 * For each voxel of a channel-first float32 tensor in C order: its value as often as it has neighbours (8 or 26), less
 * the neighbours', those beyond the edge being 0; then clamped. Exact for whole numbers.
 */
export function contour(tensor: Float32Array, channels: number, sizes: readonly number[]): Float32Array {
  const flat = sizes.length === 2;
  const [n0, n1, n2] = (flat ? [1, ...sizes] : sizes) as [number, number, number];
  const neighbours = flat ? 8 : 26;
  const reach = flat ? 0 : 1;
  const result = new Float32Array(tensor.length);
  const length = voxelsOf(sizes);
  for (let c = 0; c < channels; c++) {
    let at = c * length;
    for (let x = 0; x < n0; x++) {
      for (let y = 0; y < n1; y++) {
        for (let z = 0; z < n2; z++, at++) {
          let sum = (neighbours + 1) * tensor[at]!;
          for (let i = Math.max(x - reach, 0); i <= Math.min(x + reach, n0 - 1); i++) {
            for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, n1 - 1); j++) {
              const row = c * length + (i * n1 + j) * n2;
              for (let k = Math.max(z - 1, 0); k <= Math.min(z + 1, n2 - 1); k++) sum -= tensor[row + k]!;
            }
          }
          result[at] = Math.min(Math.max(sum, 0), 1);
        }
      }
    }
  }
  return result;
}
