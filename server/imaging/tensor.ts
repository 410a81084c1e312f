// Images as the network takes them: float32, channel first, the last axis fastest.
import type { Image } from './image.js';
import { asThreeAxes, cOrderStrides, copyVoxels, isCOrder, voxelsOf } from './voxel-layout.js';

/** Rows that are transposed together: 16 float32 are one cache line of the tensor. */
const ROWS = 16;

/** The image as a contiguous channel-first tensor in C order. Its own array when it lies so already: do not write to it. */
export function contiguousTensor(image: Image): Float32Array {
  if (image.data instanceof Float32Array && isCOrder(image)) return image.data;
  const tensor = new Float32Array(image.channels * voxelsOf(image.sizes));
  if (isCOrder(image)) tensor.set(image.data);
  else if (!transposeRows(asThreeAxes(image), tensor)) copyVoxels(image, tensor, cOrderStrides(image.sizes), 0);
  return tensor;
}

/**
 * The usual case, the first axis fastest in memory: rows along it are converted 16 at a time (neighbours on the last
 * axis) and written across. Returns false for any other layout.
 */
function transposeRows(image: Image, tensor: Float32Array): boolean {
  const { channels, sizes, strides, offset, data } = image;
  const [n0, n1, n2] = sizes as [number, number, number];
  const [sc, s0, s1, s2] = strides as [number, number, number, number];
  if (Math.abs(s0) !== 1) return false;
  const rows = new Float32Array(ROWS * n0);
  const first = s0 === 1 ? 0 : 1 - n0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < n1; y++) {
      for (let z = 0; z < n2; z += ROWS) {
        const count = Math.min(ROWS, n2 - z);
        for (let r = 0; r < count; r++) {
          const start = offset + c * sc + y * s1 + (z + r) * s2 + first;
          rows.set(data.subarray(start, start + n0), r * n0);
        }
        writeAcross(rows, n0, count, s0, tensor, (c * n0 * n1 + y) * n2 + z, n1 * n2);
      }
    }
  }
  return true;
}

function writeAcross(
  rows: Float32Array,
  n0: number,
  count: number,
  direction: number,
  tensor: Float32Array,
  start: number,
  step: number,
): void {
  for (let x = 0; x < n0; x++) {
    let from = direction === 1 ? x : n0 - 1 - x;
    const to = start + x * step;
    for (let r = 0; r < count; r++, from += n0) tensor[to + r] = rows[from]!;
  }
}
