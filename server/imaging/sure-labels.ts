// The label of each voxel of a channel-first tensor where it is beyond doubt, and a mark where it is not.
//
// Linear interpolation only mixes: where all corners of a cell have the same greatest channel by a margin larger than
// what rounding can do, every sample in the cell has it too. So only the other cells need arithmetic.

/** A map of labels, or of doubt. */
export type LabelArray = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** A margin below this part of the values is doubt. Float32 interpolation errs by less than a tenth of it. */
const MARGIN = 1e-5;

/** An array for labels 0 to `channels` − 1 and one value more. */
export function newLabels(channels: number, length: number): LabelArray {
  return channels <= 255 ? new Uint8Array(length) : new Uint16Array(length);
}

/** The value that stands for doubt in such an array. */
export function doubtOf(labels: LabelArray): number {
  return labels instanceof Uint8Array ? 255 : 65535;
}

/** The greatest channel of each voxel, the first of equal ones, in the tensor's own order. */
export function argmaxChannels(tensor: Float32Array, channels: number): LabelArray {
  return greatest(tensor, channels, Number.NEGATIVE_INFINITY);
}

/** The same, but doubt where a channel before the greatest one is nearly as great. */
export function sureLabels(tensor: Float32Array, channels: number): LabelArray {
  return greatest(tensor, channels, MARGIN);
}

function greatest(tensor: Float32Array, channels: number, margin: number): LabelArray {
  const length = tensor.length / channels;
  const labels = newLabels(channels, length);
  if (channels === 2) {
    compareTwo(tensor, length, margin, labels, doubtOf(labels));
    return labels;
  }
  const best = tensor.slice(0, length);
  for (let c = 1; c < channels; c++) raise(tensor, c * length, best, labels, c, margin, doubtOf(labels));
  return labels;
}

function compareTwo(tensor: Float32Array, length: number, margin: number, labels: LabelArray, doubt: number): void {
  for (let i = 0; i < length; i++) {
    const first = tensor[i]!;
    const second = tensor[length + i]!;
    if (second <= first) continue;
    if (second > first) labels[i] = second - first > margin * Math.max(second, -first) ? 1 : doubt;
    else labels[i] = withNaN(0, first, 1, margin, doubt);
  }
}

/** Channel `c` against the best before it. Doubt is about the channels before, so a clear winner takes it away. */
function raise(
  tensor: Float32Array,
  start: number,
  best: Float32Array,
  labels: LabelArray,
  c: number,
  margin: number,
  doubt: number,
): void {
  for (let i = 0; i < best.length; i++) {
    const value = tensor[start + i]!;
    const before = best[i]!;
    if (value <= before) continue;
    if (value > before) {
      labels[i] = value - before > margin * Math.max(value, -before) ? c : doubt;
      best[i] = value;
    } else {
      labels[i] = withNaN(labels[i]!, before, c, margin, doubt);
      if (!Number.isNaN(before)) best[i] = value;
    }
  }
}

/** One of the two is NaN, which counts as the greatest, the first of them as torch has it. Nothing is sure around it. */
function withNaN(label: number, before: number, c: number, margin: number, doubt: number): number {
  if (margin > 0) return doubt;
  return Number.isNaN(before) ? label : c;
}
