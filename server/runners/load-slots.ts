// How many models are loaded at the same time: loading is hard on memory and disk, so the others wait their turn.

export interface LoadSlots {
  /**
   * Waits for a slot, first come, first served; the returned function gives it back and may be called twice.
   * @throws the signal's reason when it is aborted first.
   */
  take(signal: AbortSignal): Promise<() => void>;
}

/** @param count slots: 1 or more. */
export function createLoadSlots(count: number): LoadSlots {
  let free = count;
  const waiting = new Set<() => void>();

  const giveBack = (): void => {
    free += 1;
    const [next] = waiting;
    next?.();
  };
  const grant = (): (() => void) => {
    free -= 1;
    let held = true;
    return () => {
      if (held) giveBack();
      held = false;
    };
  };

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) return grant();
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          waiting.delete(onTurn);
          reject(signal.reason);
        };
        const onTurn = (): void => {
          waiting.delete(onTurn);
          signal.removeEventListener('abort', onAbort);
          resolve(grant());
        };
        waiting.add(onTurn);
        signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
