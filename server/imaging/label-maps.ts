// What is done to label maps in place: largest components, holes, small objects; and what is counted in them.
import { type Components, connectRuns, largestComponents } from './components.js';
import type { Image, VoxelArray } from './image.js';
import { complement, findRuns, type RowLayout, type RunPredicate, type Runs, rowLayout } from './runs.js';
import { cOrderVoxels } from './voxel-layout.js';

/** Clears all but the largest components of what matches. */
export function keepLargest(rows: RowLayout, matches: RunPredicate, connectivity: number, keep: number): void {
  clearRuns(rows, ...droppedRuns(rows, matches, connectivity, keep));
}

/** The runs of what matches, and which of their components are not among the largest. */
export function droppedRuns(
  rows: RowLayout,
  matches: RunPredicate,
  connectivity: number,
  keep: number,
): [Runs, (run: number) => boolean] {
  const runs = findRuns(rows, matches);
  const components = connectRuns(runs, rows, connectivity);
  const kept = largestComponents(runs, rows, components, keep);
  return [runs, (run) => kept[components.ofRun[run]!] === 0];
}

/** Sets the runs that are dropped to 0. */
export function clearRuns(rows: RowLayout, runs: Runs, dropped: (run: number) => boolean): void {
  fillRuns(rows, runs, 0, dropped);
}

/** Gives what `label` encloses to it: what does not match and cannot be reached from outside the image. */
export function fillHoles(rows: RowLayout, matches: RunPredicate, label: number, connectivity: number): void {
  const outside = complement(findRuns(rows, matches), rows.length);
  const components = connectRuns(outside, rows, connectivity);
  const open = openComponents(outside, rows, components);
  fillRuns(rows, outside, label, (run) => open[components.ofRun[run]!] === 0);
}

/** Which components reach the edge of the image. */
function openComponents(runs: Runs, rows: RowLayout, { count, ofRun }: Components): Uint8Array {
  const open = new Uint8Array(count);
  const [nc, nh, ng] = rows.across;
  const [slowEdges, middleEdges] = rows.edges;
  let row = 0;
  for (let c = 0; c < nc; c++) {
    for (let h = 0; h < nh; h++) {
      const edgeOfSlow = slowEdges && (h === 0 || h === nh - 1);
      for (let g = 0; g < ng; g++, row++) {
        const edge = edgeOfSlow || (middleEdges && (g === 0 || g === ng - 1));
        const last = runs.firstOfRow[row + 1]!;
        for (let n = runs.firstOfRow[row]!; n < last; n++) {
          if (edge || runs.begin[n] === 0 || runs.end[n] === rows.length) open[ofRun[n]!] = 1;
        }
      }
    }
  }
  return open;
}

/** Clears components of `maxSize` voxels or fewer. */
export function removeSmall(rows: RowLayout, matches: RunPredicate, connectivity: number, maxSize: number): void {
  const runs = findRuns(rows, matches);
  const components = connectRuns(runs, rows, connectivity);
  clearRuns(rows, runs, (run) => components.sizes[components.ofRun[run]!]! <= maxSize);
}

/** Clears values that `maxSize` voxels or fewer have. */
export function removeRareValues(image: Image, maxSize: number): void {
  const counts = countLabels(cOrderVoxels(image));
  const rare = new Set(
    Object.keys(counts)
      .map(Number)
      .filter((value) => counts[value]! <= maxSize),
  );
  filterValues(image, (value) => !rare.has(value));
}

/** Clears all values but those to keep, in place. */
export function filterValues(image: Image, keep: (value: number) => boolean): void {
  const rows = rowLayout(image);
  const { data, starts, length } = rows;
  for (const start of starts) {
    for (let at = start; at < start + length; at++) if (data[at] !== 0 && !keep(data[at]!)) data[at] = 0;
  }
}

/** Puts another value in the place of each, in place. */
export function changeValues(image: Image, change: (value: number) => number): void {
  const { data, starts, length } = rowLayout(image);
  for (const start of starts) for (let at = start; at < start + length; at++) data[at] = change(data[at]!);
}

/** The labels of a map, or the channels that hold anything, in rising order. */
export function labelsOf(image: Image, oneHot: boolean): number[] {
  if (!oneHot) {
    if (image.channels !== 1) throw new RangeError(`labels in ${image.channels} channels: one-hot or one channel`);
    return valuesOf(image);
  }
  const voxels = cOrderVoxels(image);
  const perChannel = voxels.length / image.channels;
  return Array.from({ length: image.channels }, (_, c) => c).filter((c) => {
    let sum = 0;
    for (let i = c * perChannel; i < (c + 1) * perChannel; i++) sum += voxels[i]!;
    return sum > 0;
  });
}

/** The values that occur, in rising order. */
export function valuesOf(image: Image): number[] {
  return Object.keys(countLabels(cOrderVoxels(image)))
    .map(Number)
    .sort((a, b) => a - b);
}

/** A map of 1 where any of the channels is 1. */
export function unionOfChannels(image: Image, channels: readonly number[]): Image {
  const union: Image = { ...image, channels: 1, data: new Uint8Array(image.data.length) };
  for (const channel of channels) {
    const from = rowLayout(image, channel);
    const to = rowLayout(union, 0);
    for (let row = 0; row < from.starts.length; row++) {
      for (let x = 0; x < from.length; x++) {
        if (from.data[from.starts[row]! + x] === 1) to.data[to.starts[row]! + x] = 1;
      }
    }
  }
  return union;
}

/** Voxels of each value. Values that are not whole numbers are counted under themselves. */
export function countLabels(data: VoxelArray): Record<number, number> {
  const counts: Record<number, number> = {};
  if (data instanceof Uint8Array || data instanceof Uint16Array) {
    const table = data instanceof Uint8Array ? countBytes(data) : countWords(data);
    for (let value = 0; value < table.length; value++) if (table[value]! > 0) counts[value] = table[value]!;
    return counts;
  }
  const table = new Map<number, number>();
  for (let i = 0; i < data.length; i++) table.set(data[i]!, (table.get(data[i]!) ?? 0) + 1);
  for (const [value, count] of table) counts[value] = count;
  return counts;
}

function fillRuns(rows: RowLayout, runs: Runs, value: number, wanted: (run: number) => boolean): void {
  const { data, starts } = rows;
  for (let row = 0; row < starts.length; row++) {
    const start = starts[row]!;
    for (let n = runs.firstOfRow[row]!; n < runs.firstOfRow[row + 1]!; n++) {
      if (wanted(n)) data.fill(value, start + runs.begin[n]!, start + runs.end[n]!);
    }
  }
}

/** Neighbours have mostly the same label: runs of equal words are counted, not bytes. */
function countBytes(data: Uint8Array): Float64Array {
  const counts = new Float64Array(256);
  const head = Math.min(data.length, (4 - (data.byteOffset % 4)) % 4);
  for (let i = 0; i < head; i++) counts[data[i]!]!++;
  const words = new Uint32Array(data.buffer, data.byteOffset + head, (data.length - head) >> 2);
  for (let start = 0, at = 0; start < words.length; start = at) {
    const word = words[start]!;
    while (at < words.length && words[at] === word) at++;
    counts[word & 255]! += at - start;
    counts[(word >>> 8) & 255]! += at - start;
    counts[(word >>> 16) & 255]! += at - start;
    counts[word >>> 24]! += at - start;
  }
  for (let i = head + 4 * words.length; i < data.length; i++) counts[data[i]!]!++;
  return counts;
}

/** The same of numbers one by one. */
function countWords(data: Uint16Array): Float64Array {
  const counts = new Float64Array(65536);
  for (let start = 0, at = 0; start < data.length; start = at) {
    const label = data[start]!;
    while (at < data.length && data[at] === label) at++;
    counts[label]! += at - start;
  }
  return counts;
}
