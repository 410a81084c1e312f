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
  const lowCounts = countLowHalves(bits, new Set(buckets.map(({ bucket }) => bucket)));
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

/** Numbers that are counted in one call: short calls are compiled well before the first image is done. */
const PART = 32768;

/** Two tables in turn: neighbours are alike, and counting the same bucket twice at once would wait for itself. */
function countHighHalves(bits: Uint32Array, counts: Uint32Array): void {
  const others = new Uint32Array(65536);
  for (let at = 0; at < bits.length; at += PART) countHigh(bits, at, Math.min(at + PART, bits.length), counts, others);
  for (let key = 0; key < 65536; key++) counts[key]! += others[key]!;
}

function countHigh(bits: Uint32Array, start: number, end: number, counts: Uint32Array, others: Uint32Array): void {
  let i = start;
  for (; i + 1 < end; i += 2) {
    counts[sortable(bits[i]! | 0) >>> 16]!++;
    others[sortable(bits[i + 1]! | 0) >>> 16]!++;
  }
  if (i < end) counts[sortable(bits[i]! | 0) >>> 16]!++;
}

/** For each of some high halves, how often each low half comes with it. Two of them are looked for at a time. */
function countLowHalves(bits: Uint32Array, buckets: ReadonlySet<number>): ReadonlyMap<number, Uint32Array> {
  const counts = new Map([...buckets].map((bucket) => [bucket, new Uint32Array(65536)]));
  const all = [...counts];
  for (let n = 0; n < all.length; n += 2) {
    const [first, firstCounts] = all[n]!;
    const [second, secondCounts] = all[n + 1] ?? [-1, firstCounts];
    for (let at = 0; at < bits.length; at += PART) {
      countLow(bits, at, Math.min(at + PART, bits.length), first, firstCounts, second, secondCounts);
    }
  }
  return counts;
}

function countLow(
  bits: Uint32Array,
  start: number,
  end: number,
  first: number,
  firstCounts: Uint32Array,
  second: number,
  secondCounts: Uint32Array,
): void {
  for (let i = start; i < end; i++) {
    const key = sortable(bits[i]! | 0);
    const high = key >>> 16;
    if (high === first) firstCounts[key & 0xffff]!++;
    else if (high === second) secondCounts[key & 0xffff]!++;
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
