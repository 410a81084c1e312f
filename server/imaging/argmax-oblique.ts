// The greatest channel of a tensor sampled on a grid that is turned against it.
import type { ChannelTensor } from './argmax-resample.js';
import { obliqueCorner, type Padding } from './resample.js';
import type { SamplingGrid } from './sampling-grid.js';
import { doubtOf, type LabelArray, newLabels, sureLabels } from './sure-labels.js';
import { definePart, partsFor, rangeOfPart, type Threads } from './threads.js';

/** Labels in C order over the new grid, as if every channel were sampled and the first greatest taken. */
export async function argmaxOblique(
  tensor: ChannelTensor,
  grid: SamplingGrid,
  padding: Padding,
  threads: Threads,
): Promise<LabelArray> {
  const { data, channels } = tensor;
  const [m0, m1, m2] = grid.newSizes;
  const team = threads.seeing(data);
  const labels = newLabels(channels, m0 * m1 * m2, team);
  const sure = await sureLabels(data, channels, team);
  const count = partsFor(team, m0, 1);
  await team.run('obliqueLabels', { tensor, grid, padding, sure, labels, count }, count);
  return labels;
}

export interface ObliqueJob {
  readonly tensor: ChannelTensor;
  readonly grid: SamplingGrid;
  readonly padding: Padding;
  /** Of the tensor, and of the new grid, which are filled. */
  readonly sure: LabelArray;
  readonly labels: LabelArray;
  readonly count: number;
}

/** Some planes of the new grid. */
export const obliqueLabels = definePart({
  begin: ({ padding, ...job }: ObliqueJob) => ({ ...job, corner: obliqueCorner(job.grid, padding) }),
  work({ tensor, grid, sure, labels, count, corner }, part) {
    const { data, channels, sizes } = tensor;
    const [m0, m1, m2] = grid.newSizes;
    const doubt = doubtOf(sure);
    const strides = [0, sizes[1] * sizes[2], sizes[2], 1];
    const perChannel = sizes[0] * sizes[1] * sizes[2];
    const [from, end] = rangeOfPart(m0, count, part);
    let to = from * m1 * m2;
    for (let x = from; x < end; x++) {
      for (let y = 0; y < m1; y++) {
        for (let z = 0; z < m2; z++, to++) {
          corner.moveTo(x, y, z, strides);
          const common = commonLabel(sure, corner.at, corner.weight, doubt);
          labels[to] = common === doubt ? mix(data, channels, perChannel, corner.at, corner.weight) : common;
        }
      }
    }
  },
});

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
