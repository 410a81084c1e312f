// Percentiles without sorting: two passes over 16-bit halves of the float32 bit patterns find the order statistics.

/** Elements above which MONAI asks numpy instead of torch (its `percentile`). */
const TORCH_LIMIT = 1_000_000;

/**
 * MONAI's `percentile` of float32 voxels for several percentages at once, each rounded to float32: numpy's linear
 * method above a million elements, torch.quantile with percentages of float32 up to there. NaN when any voxel is.
 */
export function percentiles(voxels: Float32Array, percentages: readonly number[]): number[] {
  const last = voxels.length - 1;
  if (last < 0) return percentages.map(() => Number.NaN);
  const { fround } = Math;
  const byNumpy = voxels.length > TORCH_LIMIT;
  const ranks = percentages.map((percentage) => (byNumpy ? percentage / 100 : fround(percentage / 100)) * last);
  const wanted = ranks.flatMap((rank) => [Math.floor(rank), Math.min(Math.floor(rank) + 1, last)]);
  const values = orderStatistics(voxels, wanted);
  return ranks.map((rank, n) => {
    const [below, above] = [values[2 * n]!, values[2 * n + 1]!];
    const part = rank - Math.floor(rank);
    const difference = byNumpy ? fround(above - below) : above - below;
    return fround(part < 0.5 ? below + difference * part : above - difference * (1 - part));
  });
}

/**
 * The values that would stand at the given places (0 the least) if the voxels were sorted; all NaN when any voxel is.
 */
export function orderStatistics(voxels: Float32Array, ranks: readonly number[]): number[] {
  const bits = new Uint32Array(voxels.buffer, voxels.byteOffset, voxels.length);
  const high = new Uint32Array(65536);
  countHighHalves(bits, high);
  if (hasNaN(bits, high)) return ranks.map(() => Number.NaN);
  const buckets = ranks.map((rank) => findBucket(high, rank));
  const lowCounts = new Map<number, Uint32Array>();
  for (const { bucket } of buckets) {
    if (!lowCounts.has(bucket)) {
      const low = new Uint32Array(65536);
      countLowHalves(bits, bucket, low);
      lowCounts.set(bucket, low);
    }
  }
  const key = new Uint32Array(1);
  const value = new Float32Array(key.buffer);
  return buckets.map(({ bucket, before }, n) => {
    const low = findBucket(lowCounts.get(bucket)!, ranks[n]! - before).bucket;
    const sorted = (bucket << 16) | low;
    key[0] = sorted < 0 ? sorted ^ 0x80000000 : ~sorted;
    return value[0]!;
  });
}

/** Bit patterns so that their order as unsigned integers is the order of the numbers. */
function sortable(bits: number): number {
  return bits ^ ((bits >> 31) | 0x80000000);
}

function countHighHalves(bits: Uint32Array, counts: Uint32Array): void {
  for (let i = 0; i < bits.length; i++) counts[sortable(bits[i]! | 0) >>> 16]!++;
}

function countLowHalves(bits: Uint32Array, bucket: number, counts: Uint32Array): void {
  for (let i = 0; i < bits.length; i++) {
    const key = sortable(bits[i]! | 0);
    if (key >>> 16 === bucket) counts[key & 0xffff]!++;
  }
}

/** Numbers beyond infinity, in either sign's half, are NaN. */
function hasNaN(bits: Uint32Array, high: Uint32Array): boolean {
  const infinity = sortable(0x7f800000) >>> 16;
  const minusInfinity = sortable(0xff800000 | 0) >>> 16;
  for (let key = infinity + 1; key < 65536; key++) if (high[key]! > 0) return true;
  for (let key = 0; key < minusInfinity; key++) if (high[key]! > 0) return true;
  if (high[infinity]! + high[minusInfinity]! === 0) return false;
  return bits.some((pattern) => (pattern & 0x7fffffff) > 0x7f800000);
}

function findBucket(counts: Uint32Array, rank: number): { bucket: number; before: number } {
  let before = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const next = before + counts[bucket]!;
    if (rank < next) return { bucket, before };
    before = next;
  }
  throw new RangeError(`no element ${rank}`);
}
