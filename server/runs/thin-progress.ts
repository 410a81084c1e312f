// Thins a run's progress to what a person can follow. A small volume passes ten stages in as many milliseconds, and
// telling of each would cost the host more than the run.

export interface ThinProgress<Step> {
  /** Tells at once, or, when the last was told only just now, of the newest a moment later. */
  tell(step: Step): void;
  /** Tells of nothing any more. */
  end(): void;
}

/** The shortest time between two steps that are told. */
const INTERVAL_MS = 20;

export function thinProgress<Step>(tell: (step: Step) => void): ThinProgress<Step> {
  let lastMs = Number.NEGATIVE_INFINITY;
  let newest: Step | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tellNow = (step: Step): void => {
    newest = undefined;
    lastMs = performance.now();
    tell(step);
  };
  return {
    tell(step) {
      newest = step;
      const leftMs = lastMs + INTERVAL_MS - performance.now();
      if (leftMs <= 0) tellNow(step);
      else
        timer ??= setTimeout(() => {
          timer = undefined;
          if (newest !== undefined) tellNow(newest);
        }, leftMs);
    },
    end() {
      clearTimeout(timer);
      newest = undefined;
    },
  };
}
