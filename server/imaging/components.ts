// Connected components of runs, by union-find, with skimage's connectivity: how many axes a neighbour may differ along.
import type { RowLayout, Runs } from './runs.js';

export interface Components {
  readonly count: number;
  /** The component of each run, from 0. */
  readonly ofRun: Int32Array;
  /** Voxels of each component. */
  readonly sizes: Float64Array;
}

/**
 * Joins runs that touch. `connectivity` 1 joins along axes only; 2 and more also across corners.
 * Rows also neighbour each other across channels when the layout has several (a fourth axis).
 */
export function connectRuns(runs: Runs, rows: RowLayout, connectivity: number): Components {
  const parent = new Int32Array(runs.count);
  for (let n = 0; n < runs.count; n++) parent[n] = n;
  const [nc, nh, ng] = rows.across;
  for (const { dc, dh, dg, back, reach } of earlierRows(rows, connectivity)) {
    for (let c = -dc; c < nc; c++) {
      for (let h = Math.max(0, -dh); h < nh - Math.max(0, dh); h++) {
        const row = (c * nh + h) * ng;
        const last = row + ng - Math.max(0, dg);
        for (let at = row + Math.max(0, -dg); at < last; at++) joinRows(runs, at, at - back, reach, parent);
      }
    }
  }
  return numbered(runs, parent);
}

interface EarlierRow {
  readonly dc: number;
  readonly dh: number;
  readonly dg: number;
  /** Rows back in the list. */
  readonly back: number;
  /** 1 when runs that meet only at a corner are neighbours. */
  readonly reach: 0 | 1;
}

function earlierRows(rows: RowLayout, connectivity: number): EarlierRow[] {
  const [nc, nh, ng] = rows.across;
  const neighbours: EarlierRow[] = [];
  for (let dc = -1; dc <= 0; dc++) {
    for (let dh = -1; dh <= 1; dh++) {
      for (let dg = -1; dg <= 1; dg++) {
        const back = -((dc * nh + dh) * ng + dg);
        const earlier = dc < 0 || (dc === 0 && (dh < 0 || (dh === 0 && dg < 0)));
        const apart = Math.abs(dc) + Math.abs(dh) + Math.abs(dg);
        if (!earlier || apart > connectivity || (dc < 0 && nc === 1)) continue;
        neighbours.push({ dc, dh, dg, back, reach: apart < connectivity ? 1 : 0 });
      }
    }
  }
  return neighbours;
}

function joinRows(runs: Runs, row: number, other: number, reach: number, parent: Int32Array): void {
  const { firstOfRow, begin, end } = runs;
  let a = firstOfRow[row]!;
  let b = firstOfRow[other]!;
  const lastA = firstOfRow[row + 1]!;
  const lastB = firstOfRow[other + 1]!;
  while (a < lastA && b < lastB) {
    if (end[a]! + reach <= begin[b]!) a++;
    else if (end[b]! + reach <= begin[a]!) b++;
    else {
      if (parent[a] !== parent[b]) join(parent, a, b);
      if (end[a]! < end[b]!) a++;
      else b++;
    }
  }
}

function rootOf(parent: Int32Array, n: number): number {
  let at = n;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

function join(parent: Int32Array, a: number, b: number): void {
  const [rootA, rootB] = [rootOf(parent, a), rootOf(parent, b)];
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function numbered(runs: Runs, parent: Int32Array): Components {
  const ofRun = new Int32Array(runs.count);
  const sizes = new Float64Array(runs.count);
  const numberOf = new Int32Array(runs.count).fill(-1);
  let count = 0;
  for (let n = 0; n < runs.count; n++) {
    const root = rootOf(parent, n);
    if (numberOf[root] === -1) numberOf[root] = count++;
    const component = numberOf[root]!;
    ofRun[n] = component;
    sizes[component]! += runs.end[n]! - runs.begin[n]!;
  }
  return { count, ofRun, sizes: sizes.subarray(0, count) };
}

/**
 * Which components are the largest. Of equal ones, those that come later in C order are kept, as MONAI's sort has it for
 * few components.
 */
export function largestComponents(runs: Runs, rows: RowLayout, components: Components, keep: number): Uint8Array {
  const kept = new Uint8Array(components.count);
  if (components.count <= keep) return kept.fill(1);
  const { sizes } = components;
  const order = [...kept.keys()].sort((a, b) => sizes[b]! - sizes[a]!);
  if (sizes[order[keep - 1]!] === sizes[order[keep]!]) {
    const first = firstVoxels(runs, rows, components);
    order.sort((a, b) => sizes[b]! - sizes[a]! || first[b]! - first[a]!);
  }
  for (const component of order.slice(0, keep)) kept[component] = 1;
  return kept;
}

/** The first voxel of each component, counted in C order: the order in which skimage numbers them. */
function firstVoxels(runs: Runs, rows: RowLayout, components: Components): Float64Array {
  const first = new Float64Array(components.count).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row + 1 < runs.firstOfRow.length; row++) {
    for (let n = runs.firstOfRow[row]!; n < runs.firstOfRow[row + 1]!; n++) {
      const component = components.ofRun[n]!;
      const low = rows.cOrderIndex(row, runs.begin[n]!);
      const high = rows.cOrderIndex(row, runs.end[n]! - 1);
      first[component] = Math.min(first[component]!, low, high);
    }
  }
  return first;
}
