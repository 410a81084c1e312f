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
  const bits = new Int32Array(voxels.buffer, voxels.byteOffset, voxels.length);
  const high = new Int32Array(65536);
  const zeros = countHighHalves(bits, high);
  if (hasNaN(bits, high)) return ranks.map(() => Number.NaN);
  const buckets = ranks.map((rank) => findBucket(high, rank));
  const lowCounts = countLowHalves(bits, new Set(buckets.map(({ bucket }) => bucket)), zeros);
  const key = new Int32Array(1);
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

/** What most voxels of a background are. Counting them in a register does not wait for the count before. */
const ZERO = sortable(0);

/** Counts the high halves; returns how many voxels are 0. */
function countHighHalves(bits: Int32Array, counts: Int32Array): number {
  let zeros = 0;
  for (let at = 0; at < bits.length; at += PART) zeros += countHigh(bits, at, Math.min(at + PART, bits.length), counts);
  counts[ZERO >>> 16]! += zeros;
  return zeros;
}

function countHigh(bits: Int32Array, start: number, end: number, counts: Int32Array): number {
  let zeros = 0;
  for (let i = start; i < end; i++) {
    const pattern = bits[i]!;
    if (pattern === 0) zeros++;
    else counts[sortable(pattern) >>> 16]!++;
  }
  return zeros;
}

/** For each of some high halves, how often each low half comes with it. Two of them are looked for at a time. */
function countLowHalves(
  bits: Int32Array,
  buckets: ReadonlySet<number>,
  zeros: number,
): ReadonlyMap<number, Int32Array> {
  const counts = new Map([...buckets].map((bucket) => [bucket, new Int32Array(65536)]));
  const all = [...counts];
  for (let n = 0; n < all.length; n += 2) {
    const [first, firstCounts] = all[n]!;
    const [second, secondCounts] = all[n + 1] ?? [-1, firstCounts];
    for (let at = 0; at < bits.length; at += PART) {
      countLow(bits, at, Math.min(at + PART, bits.length), first, firstCounts, second, secondCounts);
    }
  }
  const ofZero = counts.get(ZERO >>> 16);
  if (ofZero) ofZero[ZERO & 0xffff]! += zeros;
  return counts;
}

function countLow(
  bits: Int32Array,
  start: number,
  end: number,
  first: number,
  firstCounts: Int32Array,
  second: number,
  secondCounts: Int32Array,
): void {
  for (let i = start; i < end; i++) {
    const pattern = bits[i]!;
    if (pattern === 0) continue;
    const key = sortable(pattern);
    const high = key >>> 16;
    if (high === first) firstCounts[key & 0xffff]!++;
    else if (high === second) secondCounts[key & 0xffff]!++;
  }
}

/** Numbers beyond infinity, in either sign's half, are NaN. */
function hasNaN(bits: Int32Array, high: Int32Array): boolean {
  const infinity = sortable(0x7f800000) >>> 16;
  const minusInfinity = sortable(0xff800000 | 0) >>> 16;
  for (let key = infinity + 1; key < 65536; key++) if (high[key]! > 0) return true;
  for (let key = 0; key < minusInfinity; key++) if (high[key]! > 0) return true;
  if (high[infinity]! + high[minusInfinity]! === 0) return false;
  return bits.some((pattern) => (pattern & 0x7fffffff) > 0x7f800000);
}

function findBucket(counts: Int32Array, rank: number): { bucket: number; before: number } {
  let before = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const next = before + counts[bucket]!;
    if (rank < next) return { bucket, before };
    before = next;
  }
  throw new RangeError(`no element ${rank}`);
}
