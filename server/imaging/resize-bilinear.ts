// Bilinear resizing of images of two axes with torch's arithmetic, which is another than for three: the products of both
// axes' weights, rounded to float32, and four values fused onto each other. Equal to the last bit.
import { resizeTable } from './axis-table.js';
import type { Image } from './image.js';
import { contiguousTensor } from './tensor.js';

/** The resized voxels as a C-order tensor, channel first. */
export function resizeBilinear(image: Image, newSizes: readonly number[], alignCorners: boolean): Float32Array {
  const { fround } = Math;
  const [n0, n1] = image.sizes as [number, number];
  const [m0, m1] = newSizes as [number, number];
  const t0 = resizeTable(n0, m0, alignCorners, true);
  const t1 = resizeTable(n1, m1, alignCorners, true);
  const tensor = contiguousTensor(image);
  const result = new Float32Array(image.channels * m0 * m1);
  let to = 0;
  for (let c = 0; c < image.channels; c++) {
    for (let x = 0; x < m0; x++) {
      const above = (c * n0 + t0.low[x]!) * n1;
      const below = (c * n0 + t0.high[x]!) * n1;
      const [a, b] = [t0.lowWeight[x]!, t0.highWeight[x]!];
      for (let y = 0; y < m1; y++) {
        const [left, right] = [t1.low[y]!, t1.high[y]!];
        const [l, r] = [t1.lowWeight[y]!, t1.highWeight[y]!];
        let sum = fround(tensor[above + right]! * fround(a * r));
        sum = fround(tensor[above + left]! * fround(a * l) + sum);
        sum = fround(tensor[below + left]! * fround(b * l) + sum);
        result[to++] = tensor[below + right]! * fround(b * r) + sum;
      }
    }
  }
  return result;
}
