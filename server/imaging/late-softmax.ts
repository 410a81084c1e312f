// Softmax of a tensor's rows along the last axis, in place, each when it is needed for the first time.
import { createSoftmaxStrips } from './activations.js';
import type { ChannelTensor } from './argmax-resample.js';

export interface LateSoftmax {
  /** Sees to all rows that hold corners of the cells of a row. */
  around(x: number, y: number): void;
}

export function createLateSoftmax({ data, channels, sizes: [n0, n1, n2] }: ChannelTensor): LateSoftmax {
  const done = new Uint8Array(n0 * n1);
  const strips = createSoftmaxStrips(channels, n2);
  const see = (row: number): void => {
    if (done[row] === 1) return;
    done[row] = 1;
    strips.apply(data, n0 * n1 * n2, row * n2, (row + 1) * n2);
  };
  return {
    around(x, y) {
      const row = x * n1 + y;
      const [right, below] = [x + 1 < n0 ? n1 : 0, y + 1 < n1 ? 1 : 0];
      see(row);
      see(row + below);
      see(row + right);
      see(row + right + below);
    },
  };
}
