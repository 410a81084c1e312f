// RunService: runs of workflows, one by one or all in one call.
import type { RunServiceHandlers } from '../../proto/generated/voxhost/v1/RunService.js';
import type { Run } from '../runs/run.js';
import type { Calls } from './calls.js';
import { createPages } from './pages.js';
import { predict } from './predict.js';
import type { Rooms } from './rooms.js';
import { runEventToWire, runRequestFromWire, runToWire } from './runs-wire.js';

/** @param secret for page tokens */
export function createRunService(calls: Calls, rooms: Rooms, secret: Uint8Array): RunServiceHandlers {
  const { runs } = rooms;
  const pages = createPages<Run>(
    {
      name: 'runs',
      remember: (run) => `${run.createTimeMs} ${run.name}`,
      isAfter: (run, remembered) => comesAfter(run, remembered),
    },
    secret,
  );

  return {
    CreateRun: calls.unary(async (request) => runToWire(await runs.createRun(runRequestFromWire(request)))),

    WatchRun: calls.serverStreaming(async function* ({ name, afterSequence }, { signal }) {
      for await (const event of runs.watchRun(name, afterSequence, signal)) yield runEventToWire(event);
    }),

    GetRun: calls.unary(({ name }) => runToWire(runs.getRun(name))),

    ListRuns: calls.unary((request) => {
      const { items, nextPageToken } = pages([...runs.listRuns()].sort(newestFirst), request);
      return { runs: items.map(runToWire), nextPageToken };
    }),

    CancelRun: calls.unary(async ({ name }) => runToWire(await runs.cancelRun(name, 'It was asked to stop.'))),

    DeleteRun: calls.unary(async ({ name }) => {
      await runs.deleteRun(name);
      return {};
    }),

    Predict: calls.bidi((requests, context) => predict(requests, context, rooms)),
  };
}

/** A total order, so that a page goes on where the last one ended, even when that run is gone. */
function newestFirst(a: Pick<Run, 'createTimeMs' | 'name'>, b: Pick<Run, 'createTimeMs' | 'name'>): number {
  return b.createTimeMs - a.createTimeMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function comesAfter(run: Run, remembered: string): boolean {
  const [createTimeMs, name] = remembered.split(' ') as [string, string];
  return newestFirst(run, { createTimeMs: Number(createTimeMs), name }) > 0;
}
