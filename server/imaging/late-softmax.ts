// Softmax of single voxels of a tensor, in place, when they are needed for the first time.
import { softmaxOfPart } from './activations.js';
import type { ChannelTensor } from './argmax-resample.js';

export interface LateSoftmax {
  /** Sees to the eight corners of the cell whose lowest corner is at the given indices. */
  around(x: number, y: number, z: number): void;
}

export function createLateSoftmax({ data, channels, sizes: [n0, n1, n2] }: ChannelTensor): LateSoftmax {
  const length = n0 * n1 * n2;
  const done = new Uint8Array(length);
  const see = (at: number): void => {
    if (done[at] === 1) return;
    done[at] = 1;
    softmaxOfPart(data, channels, length, at, at + 1);
  };
  return {
    around(x, y, z) {
      const at = (x * n1 + y) * n2 + z;
      const stepX = x + 1 < n0 ? n1 * n2 : 0;
      const stepY = y + 1 < n1 ? n2 : 0;
      const stepZ = z + 1 < n2 ? 1 : 0;
      for (let n = 0; n < 8; n++) see(at + (n & 4 ? stepX : 0) + (n & 2 ? stepY : 0) + (n & 1 ? stepZ : 0));
    },
  };
}
