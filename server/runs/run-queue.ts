// The runs that have not ended: starts what can start, has models brought into memory, tells the others where they stand.
import type { VoxhostError } from '../errors.js';
import type { RunnerPool } from '../runners/runner-pool.js';
import type { WorkflowCatalog } from '../workflows/catalog.js';
import type { Workflow } from '../workflows/workflow.js';
import type { LiveRun } from './live-run.js';
import { nextMove, places } from './plan-queue.js';

export interface RunQueueOptions {
  readonly catalog: WorkflowCatalog & RunnerPool;
  /** Starts a run whose runner and device are free. */
  readonly start: (run: LiveRun) => void;
  /** Ends a waiting run whose workflow cannot run. */
  readonly fail: (run: LiveRun, error: unknown) => void;
  /** How long a waiting run will compute; absent while unknown. */
  readonly expectedMs: (run: LiveRun, workflow: Workflow | undefined) => number | undefined;
}

export interface RunQueue {
  /** At its end. Its first event says where it stands; it may have started already when this returns. */
  add(run: LiveRun): void;
  remove(run: LiveRun): void;
  /** In order of creation. */
  live(): readonly LiveRun[];
  waiting(): readonly LiveRun[];
  /** To be called after whatever may have changed what can start. */
  dispatch(): void;
}

export function createRunQueue({ catalog, start, fail, expectedMs }: RunQueueOptions): RunQueue {
  const runs = new Set<LiveRun>();
  /** Whose model is being brought into memory. */
  let preparing: LiveRun | undefined;
  let telling = false;
  let dispatching: 'no' | 'once' | 'again' = 'no';

  const waiting = (): LiveRun[] => [...runs].filter((run) => run.state === 'queued');

  const prepare = async (run: LiveRun): Promise<void> => {
    preparing = run;
    try {
      await catalog.prepare(run.request.workflow);
    } catch (error) {
      if (run.state === 'queued') fail(run, error);
    }
    if (preparing === run) preparing = undefined;
    dispatch();
  };

  const makeMoves = (): void => {
    for (;;) {
      const next = nextMove(waiting(), (run) => catalog.readiness(run.request.workflow).kind);
      if (next?.move === 'start') start(next.run);
      else if (next?.move === 'fail') fail(next.run, failureOf(next.run));
      else {
        // Goes on when the model has come, or could not.
        if (next && next.run !== preparing) void prepare(next.run);
        return;
      }
    }
  };
  const failureOf = (run: LiveRun): VoxhostError | undefined => {
    const readiness = catalog.readiness(run.request.workflow);
    return readiness.kind === 'failed' ? readiness.error : undefined;
  };

  const tellPlaces = (): void => {
    const live = [...runs];
    const workflows = new Map(catalog.list().map((workflow) => [workflow.name, workflow]));
    const queued = live.map((run) => {
      const workflow = workflows.get(run.request.workflow);
      const isWaiting = run.state === 'queued';
      return {
        workflow: run.request.workflow,
        waiting: isWaiting,
        device: isWaiting ? (workflow?.device ?? '') : run.device,
        leftMs: isWaiting ? expectedMs(run, workflow) : run.timeLeftMs(),
      };
    });
    const isLoading = (workflow: string): boolean => ['loading', 'warming'].includes(catalog.readiness(workflow).kind);
    for (const [index, place] of places(queued, isLoading)) live[index]!.wait(place);
  };

  const dispatch = (): void => {
    // What a move sets off may come back here: one more round then, not one inside the other.
    if (dispatching !== 'no') {
      dispatching = 'again';
      return;
    }
    try {
      do {
        dispatching = 'once';
        makeMoves();
      } while ((dispatching as string) === 'again');
    } finally {
      dispatching = 'no';
    }
    tellPlacesSoon();
  };
  /** Once for all that changes in one turn of the event loop: a queue may be long. */
  const tellPlacesSoon = (): void => {
    if (telling) return;
    telling = true;
    setImmediate(() => {
      telling = false;
      tellPlaces();
    });
  };

  return {
    add(run) {
      runs.add(run);
      tellPlaces();
      dispatch();
    },
    remove: (run) => void runs.delete(run),
    live: () => [...runs],
    waiting,
    dispatch,
  };
}
