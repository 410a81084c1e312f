// One abort signal out of several, that can be let go of again.

/** A signal that follows others until `cleanup` is called. Whoever made it calls `cleanup`, whatever happened. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Stops following: a long-lived signal keeps no trace of a short call. Safe to call twice. */
  cleanup(): void;
}

/**
 * A signal that aborts with the first of `signals` and with its reason; at once when one has aborted already.
 * Unlike `AbortSignal.any` it holds on to its sources only until `cleanup`.
 */
export function linkSignals(...signals: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  const abort = (event: Event): void => follow(event.target as AbortSignal);
  const cleanup = (): void => {
    for (const source of sources) source.removeEventListener('abort', abort);
  };
  const follow = (source: AbortSignal): void => {
    cleanup();
    controller.abort(source.reason);
  };
  const aborted = sources.find((source) => source.aborted);
  if (aborted) follow(aborted);
  else for (const source of sources) source.addEventListener('abort', abort);
  return { signal: controller.signal, cleanup };
}
