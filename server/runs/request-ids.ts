// Makes a retry safe: the same `request_id` with the same request is the same run again.
import { InvalidArgument } from '../errors.js';
import type { LiveRun } from './live-run.js';
import type { RunRequest } from './run.js';

export interface RequestIds {
  /**
   * The run that was created for this id, or is being created, or else the one that `create` makes. A creation that
   * failed is not remembered.
   * @throws InvalidArgument when the id was used for another request; what `create` throws
   */
  once(request: RunRequest, create: () => Promise<LiveRun>): Promise<LiveRun>;
  /** Forgets a run with its id. */
  forget(run: LiveRun): void;
}

/** @param rememberMs for how long a retry is taken for one. */
export function createRequestIds(rememberMs: number, nowMs: () => number = Date.now): RequestIds {
  const known = new Map<string, { content: string; timeMs: number; run: Promise<LiveRun> }>();
  return {
    async once(request, create) {
      const { requestId } = request;
      if (requestId === '') return create();
      const content = contentOf(request);
      const before = known.get(requestId);
      if (before && nowMs() - before.timeMs < rememberMs) {
        if (before.content === content) return before.run;
        throw new InvalidArgument('request_id', requestId, 'an id that was not used for another request', {
          reason: 'REQUEST_ID_REUSED',
          remedy: 'Take a new one for each request.',
        });
      }
      const entry = { content, timeMs: nowMs(), run: create() };
      known.set(requestId, entry);
      try {
        return await entry.run;
      } catch (error) {
        if (known.get(requestId) === entry) known.delete(requestId);
        throw error;
      }
    },
    forget(run) {
      const { requestId } = run.request;
      void known.get(requestId)?.run.then((remembered) => {
        if (remembered === run) known.delete(requestId);
      });
    },
  };
}

/** Equal for equal requests, in whatever order their fields came. */
function contentOf({ workflow, inputs, parameters }: RunRequest): string {
  const sorted = (fields: Readonly<Record<string, unknown>>) =>
    Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([workflow, sorted(inputs), sorted(parameters)]);
}
