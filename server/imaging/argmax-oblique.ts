// The greatest channel of a tensor sampled on a grid that is turned against it.
import type { ChannelTensor } from './argmax-resample.js';
import { obliqueCorner, type Padding } from './resample.js';
import type { SamplingGrid } from './sampling-grid.js';
import { doubtOf, type LabelArray, newLabels, sureLabels } from './sure-labels.js';

/** Labels in C order over the new grid, as if every channel were sampled and the first greatest taken. */
export function argmaxOblique(tensor: ChannelTensor, grid: SamplingGrid, padding: Padding): LabelArray {
  const { data, channels, sizes } = tensor;
  const [m0, m1, m2] = grid.newSizes;
  const labels = newLabels(channels, m0 * m1 * m2);
  const sure = sureLabels(data, channels);
  const doubt = doubtOf(sure);
  const strides = [0, sizes[1] * sizes[2], sizes[2], 1];
  const perChannel = sizes[0] * sizes[1] * sizes[2];
  const corner = obliqueCorner(grid, padding);
  let to = 0;
  for (let x = 0; x < m0; x++) {
    for (let y = 0; y < m1; y++) {
      for (let z = 0; z < m2; z++, to++) {
        corner.moveTo(x, y, z, strides);
        const common = commonLabel(sure, corner.at, corner.weight, doubt);
        labels[to] = common === doubt ? mix(data, channels, perChannel, corner.at, corner.weight) : common;
      }
    }
  }
  return labels;
}

/** The label of all corners that count; doubt when they differ, or when weights are cut by the image's edge. */
function commonLabel(sure: LabelArray, at: Float64Array, weight: Float64Array, doubt: number): number {
  let label = -1;
  let whole = 0;
  for (let n = 0; n < 8; n++) {
    if (weight[n] === 0) continue;
    whole += weight[n]!;
    const here = sure[at[n]!]!;
    if (label === -1) label = here;
    else if (label !== here) return doubt;
  }
  return label === -1 ? 0 : whole > 0.999 ? label : doubt;
}

function mix(data: Float32Array, channels: number, perChannel: number, at: Float64Array, weight: Float64Array): number {
  let best = Number.NEGATIVE_INFINITY;
  let label = 0;
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let n = 0; n < 8; n++) if (weight[n] !== 0) sum += data[c * perChannel + at[n]!]! * weight[n]!;
    const value = Math.fround(sum);
    if (value <= best) continue;
    if (value > best || !Number.isNaN(best)) {
      best = value;
      label = c;
    }
  }
  return label;
}
