// Ctrl-C: the first cancels what runs on the host, the second leaves at once.
import { EXIT } from './report-error.js';

/** A signal that aborts with the first SIGINT or SIGTERM. `dispose` gives Ctrl-C its usual meaning back. */
export function listenForInterrupt(say: (line: string) => void): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    say('Cancelling the run on the host; once more to leave at once.');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
