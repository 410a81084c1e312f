// Who starts next and who stands where: the queue's rules, without doing anything. Pure.
import type { Readiness } from '../runners/runner-pool.js';

/** A run that has not ended, as the queue sees it. */
export interface QueuedRun {
  readonly workflow: string;
  readonly waiting: boolean;
  /** The device that it computes or will compute on; empty while unknown. */
  readonly device: string;
  /** How long it still computes, or will; absent while unknown. */
  readonly leftMs: number | undefined;
}

/** Where a waiting run stands. */
export interface Place {
  /** Runs before it on its device, the one that computes included. */
  readonly position: number;
  readonly estimatedWaitMs?: number;
  /** True while what it waits for is its workflow's model. */
  readonly workflowLoading: boolean;
}

/**
 * Goes through the waiting runs, the oldest first.
 * - A run whose runner and device are free starts; it may pass an older one whose model is not in memory.
 * - Of those that cannot start, only the oldest has its model brought into memory meanwhile: with two, the one's model
 *   could put the other's out again. A workflow that was just deployed is loaded anyway and counts for nothing here.
 * The first move only, since each changes what the rest depends on: ask again after it. Nothing when all have to wait.
 */
export function nextMove<T>(
  waiting: readonly T[],
  readinessOf: (run: T) => Readiness['kind'],
): { readonly move: 'start' | 'prepare' | 'fail'; readonly run: T } | undefined {
  let prepared = false;
  for (const run of waiting) {
    const kind = readinessOf(run);
    if (kind === 'free') return { move: 'start', run };
    if (kind === 'failed') return { move: 'fail', run };
    if (kind === 'cold' && !prepared) return { move: 'prepare', run };
    if (kind !== 'loading') prepared = true;
  }
  return undefined;
}

/** The places of the waiting ones among `runs`, which are in the order of their creation, by index. */
export function places(
  runs: readonly QueuedRun[],
  isLoading: (workflow: string) => boolean,
): ReadonlyMap<number, Place> {
  const found = new Map<number, Place>();
  const line = createLine();
  for (const run of runs) if (!run.waiting) line.add(run);
  runs.forEach((run, index) => {
    if (!run.waiting) return;
    const { position, waitMs } = line.before(run.device);
    const workflowLoading = isLoading(run.workflow);
    const wait = waitMs === undefined || workflowLoading ? {} : { estimatedWaitMs: waitMs };
    found.set(index, { position, ...wait, workflowLoading });
    line.add(run);
  });
  return found;
}

/** Counts runs by device in one pass: a queue may be long. */
function createLine() {
  const byDevice = new Map<string, { runs: number; unknown: number; ms: number }>();
  const sum = (counts: Iterable<{ runs: number; unknown: number; ms: number }>) => {
    const all = { runs: 0, unknown: 0, ms: 0 };
    for (const { runs, unknown, ms } of counts) {
      all.runs += runs;
      all.unknown += unknown;
      all.ms += ms;
    }
    return all;
  };
  return {
    add({ device, leftMs }: QueuedRun): void {
      const before = byDevice.get(device) ?? { runs: 0, unknown: 0, ms: 0 };
      byDevice.set(device, {
        runs: before.runs + 1,
        unknown: before.unknown + (leftMs === undefined ? 1 : 0),
        ms: before.ms + (leftMs ?? 0),
      });
    },
    /** A run whose device is not known yet may stand in the way of any, and any in its way. */
    before(device: string): { position: number; waitMs: number | undefined } {
      const inTheWay = device === '' ? byDevice.keys() : [device, ''];
      const all = sum([...inTheWay].flatMap((one) => byDevice.get(one) ?? []));
      return { position: all.runs, waitMs: all.unknown > 0 ? undefined : all.ms };
    },
  };
}
