// The volumes that runs need: inputs are pinned until the run ends, results are kept from eviction for a while longer.
import type { Volume, VolumeStore } from '../volumes/store.js';
import type { LiveRun } from './live-run.js';

export interface HeldVolumes {
  /** Pins the volumes of a run to be. @throws NotFound, with none of them pinned */
  pin(names: Readonly<Record<string, string>>): { volumes: Readonly<Record<string, Volume>>; unpin: () => void };
  /** The run, now that there is one, has these pins. */
  own(run: LiveRun, unpin: () => void): void;
  /** Keeps a result of a run. Its client may delete it. */
  keep(run: LiveRun, volume: string): void;
  /** The run has ended: its inputs are let go of now, its results when they had time to be read. */
  letGo(run: LiveRun): void;
  /** Lets go of everything a run has. */
  forget(run: LiveRun): void;
}

/** @param keepResultsMs from the run's end on. */
export function createHeldVolumes(store: VolumeStore, keepResultsMs: number): HeldVolumes {
  const inputs = new Map<LiveRun, () => void>();
  const results = new Map<LiveRun, (() => void)[]>();
  const timers = new Map<LiveRun, NodeJS.Timeout>();

  const releaseInputs = (run: LiveRun): void => {
    inputs.get(run)?.();
    inputs.delete(run);
  };
  const releaseResults = (run: LiveRun): void => {
    clearTimeout(timers.get(run));
    timers.delete(run);
    for (const release of results.get(run) ?? []) release();
    results.delete(run);
  };

  return {
    pin(names) {
      const pins: (() => void)[] = [];
      const unpin = (): void => {
        for (const release of pins.splice(0)) release();
      };
      try {
        const volumes = Object.entries(names).map(([input, name]) => {
          pins.push(store.pinVolume(name));
          return [input, store.getVolume(name)] as const;
        });
        return { volumes: Object.fromEntries(volumes), unpin };
      } catch (error) {
        unpin();
        throw error;
      }
    },
    own: (run, unpin) => void inputs.set(run, unpin),
    keep(run, volume) {
      results.set(run, [...(results.get(run) ?? []), store.keepVolume(volume)]);
    },
    letGo(run) {
      releaseInputs(run);
      if (results.has(run)) timers.set(run, setTimeout(() => releaseResults(run), keepResultsMs).unref());
    },
    forget(run) {
      releaseInputs(run);
      releaseResults(run);
    },
  };
}
