// What happened to one run, in order: kept thin, read from any point by many watchers, each at its own pace.
import type { RunEvent, RunHappening } from './run.js';

export interface EventLog {
  /** Adds an event. After the last one (succeeded, failed, cancelled) nothing is added any more. */
  append(happening: RunHappening): void;
  /**
   * Past events after `afterSequence`, then the coming ones, until the last or until the signal is aborted. A watcher
   * that is slow holds up nobody: it misses progress that newer progress has made stale.
   */
  watch(afterSequence: number, signal: AbortSignal): AsyncGenerator<RunEvent, void, undefined>;
}

/** @param run its name. */
export function createEventLog(run: string, nowMs: () => number = Date.now): EventLog {
  const events: RunEvent[] = [];
  const waiting = new Set<() => void>();
  let sequence = 0;
  let over = false;

  return {
    append(happening) {
      if (over) return;
      over = isLast(happening);
      const stale = events.findIndex((event) => makesStale(happening, event));
      if (stale >= 0) events.splice(stale, 1);
      sequence += 1;
      events.push({ sequence, run, timeMs: nowMs(), ...happening });
      for (const wake of waiting) wake();
    },
    async *watch(afterSequence, signal) {
      let seen = afterSequence;
      while (!signal.aborted) {
        const next = events.find((event) => event.sequence > seen);
        if (next) {
          seen = next.sequence;
          yield next;
          if (isLast(next)) return;
        } else if (over) return;
        else await wakeOrAbort(waiting, signal);
      }
    },
  };
}

function isLast({ kind }: RunHappening): boolean {
  return kind === 'succeeded' || kind === 'failed' || kind === 'cancelled';
}

/** Of its place in the queue, and of its way through one stage, a run's log keeps the newest word only. */
function makesStale(newer: RunHappening, older: RunHappening): boolean {
  if (newer.kind === 'progress') return older.kind === 'progress' && older.stage === newer.stage;
  return newer.kind === 'queued' && older.kind === 'queued';
}

function wakeOrAbort(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
