// Runs from their creation to their end: checked, queued, computed one at a time on each device, and remembered.
import { FailedPrecondition, LimitExceeded, NotFound, toPlainError, VoxhostError } from '../errors.js';
import type { Log } from '../log.js';
import type { RunnerPool } from '../runners/runner-pool.js';
import type { VolumeStore } from '../volumes/store.js';
import type { WorkflowCatalog } from '../workflows/catalog.js';
import type { Workflow, WorkflowDescription } from '../workflows/workflow.js';
import { checkRequest, checkRequestId } from './check-request.js';
import { executeRun } from './execute-run.js';
import { createHeldVolumes } from './held-volumes.js';
import { createLearnedDurations, type LearnedDurations } from './learned-durations.js';
import { LiveRun } from './live-run.js';
import { createRequestIds } from './request-ids.js';
import type { Run, RunEvent, RunRequest, Runs } from './run.js';
import { createRunQueue } from './run-queue.js';

export interface RunsOptions {
  readonly catalog: WorkflowCatalog & RunnerPool;
  readonly store: VolumeStore;
  readonly maxQueuedRuns: number;
  readonly log: Log;
  /** Runs that have ended and are remembered, at most; the oldest are forgotten. */
  readonly maxEndedRuns?: number;
  /** How long a `request_id` makes a retry safe. */
  readonly rememberRequestsMs?: number;
  /** How long a run may compute without a word of progress. */
  readonly maxSilenceMs?: number;
  /** How long the results of a run that has ended are not evicted. */
  readonly keepResultsMs?: number;
}

/** Opens the run room. Nothing is running yet: what a host had queued when it ended is forgotten. */
export function openRuns(options: RunsOptions): Runs {
  return new HostRuns(options);
}

class HostRuns implements Runs {
  readonly #catalog: WorkflowCatalog & RunnerPool;
  readonly #options: RunsOptions;
  readonly #held;
  readonly #requestIds;
  /** In order of creation. */
  readonly #runs = new Map<string, LiveRun>();
  readonly #queue;
  readonly #learned = new WeakMap<WorkflowDescription, LearnedDurations>();
  readonly #stopping = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#catalog = options.catalog;
    this.#held = createHeldVolumes(options.store, options.keepResultsMs ?? 10 * 60_000);
    this.#requestIds = createRequestIds(options.rememberRequestsMs ?? 60 * 60_000);
    this.#queue = createRunQueue({
      catalog: options.catalog,
      start: (run) => this.#start(run),
      fail: (run, error) => this.#end(run, error),
      expectedMs: (run, workflow) => this.#expectedMs(run, workflow),
    });
    this.#unsubscribe = options.catalog.subscribe((name, workflow) => this.#onWorkflow(name, workflow));
  }

  async createRun(request: RunRequest): Promise<Run> {
    if (this.#stopping.signal.aborted) throw stopping();
    checkRequestId(request.requestId);
    const run = await this.#requestIds.once(request, () => this.#create(request));
    return run.snapshot();
  }

  getRun(name: string): Run {
    return this.#find(name).snapshot();
  }

  listRuns(): readonly Run[] {
    return [...this.#runs.values()].reverse().map((run) => run.snapshot());
  }

  watchRun(name: string, afterSequence: number, signal: AbortSignal): AsyncIterable<RunEvent> {
    return this.#find(name).events.watch(afterSequence, signal);
  }

  async cancelRun(name: string, reason: string): Promise<Run> {
    const run = this.#find(name);
    this.#cancel(run, reason);
    this.#queue.dispatch();
    await run.ended;
    return run.snapshot();
  }

  async deleteRun(name: string): Promise<void> {
    const run = this.#find(name);
    if (!run.isOver) {
      throw new FailedPrecondition('RUN_NOT_ENDED', `Run ${name} is ${run.state}: cancel it first.`, { run: name });
    }
    this.#forget(run);
  }

  async drain(): Promise<void> {
    this.#stopping.abort(stopping());
    while (this.#queue.live().length > 0) await Promise.all(this.#queue.live().map((run) => run.ended));
  }

  async close(): Promise<void> {
    this.#stopping.abort(stopping());
    for (const run of this.#queue.live()) this.#cancel(run, 'The host is stopping.');
    await this.drain();
    this.#unsubscribe();
    for (const run of [...this.#runs.values()]) this.#forget(run);
  }

  async #create(request: RunRequest): Promise<LiveRun> {
    this.#checkRoom();
    const description = await this.#describe(request.workflow);
    const { volumes, unpin } = this.#held.pin(request.inputs);
    try {
      const parameters = checkRequest(description, volumes, request.parameters);
      this.#stopping.signal.throwIfAborted();
      this.#checkRoom();
      const run = new LiveRun({ request, inputs: volumes, description, parameters });
      this.#held.own(run, unpin);
      this.#runs.set(run.name, run);
      this.#queue.add(run);
      return run;
    } catch (error) {
      unpin();
      throw error;
    }
  }

  #checkRoom(): void {
    const waiting = this.#queue.waiting().length;
    const { maxQueuedRuns } = this.#options;
    if (waiting < maxQueuedRuns) return;
    throw new LimitExceeded('runs that wait', 'runs', waiting + 1, maxQueuedRuns, 'Try again later.');
  }

  /** What a workflow takes; waits while its bundle is being read. @throws NotFound; FailedPrecondition */
  async #describe(name: string): Promise<WorkflowDescription> {
    const { signal } = this.#stopping;
    for (;;) {
      signal.throwIfAborted();
      const { state, failure, description } = this.#catalog.get(name);
      if (state === 'failed') {
        throw new FailedPrecondition('WORKFLOW_FAILED', `The workflow ${name} cannot run: ${failure}`, {
          workflow: name,
        });
      }
      if (description) return description;
      await new Promise<void>((resolve) => {
        const proceed = (): void => {
          unsubscribe();
          signal.removeEventListener('abort', proceed);
          resolve();
        };
        const unsubscribe = this.#catalog.subscribe((changed) => {
          if (changed === name) proceed();
        });
        signal.addEventListener('abort', proceed, { once: true });
      });
    }
  }

  #start(run: LiveRun): void {
    const lease = this.#catalog.lease(run.request.workflow);
    try {
      if (lease.description !== run.description) {
        run.parameters = checkRequest(lease.description, run.inputs, run.request.parameters);
        run.description = lease.description;
      }
      void this.#execute(run, lease);
    } catch (error) {
      lease.release();
      this.#end(run, changed(run, error));
    }
  }

  async #execute(run: LiveRun, lease: ReturnType<RunnerPool['lease']>): Promise<void> {
    const { store, log } = this.#options;
    const onVolume = (volume: string): void => this.#held.keep(run, volume);
    try {
      const learned = this.#learnedOf(run.description);
      const timings = await executeRun(run, lease, {
        store,
        learned,
        log,
        maxSilenceMs: this.#options.maxSilenceMs ?? 60 * 60_000,
        onVolume,
        onReleased: () => this.#queue.dispatch(),
      });
      this.#end(run, undefined, timings);
    } catch (error) {
      this.#end(run, error);
    }
    this.#queue.dispatch();
  }

  /** Asks a run to stop; one that waits has ended at once. */
  #cancel(run: LiveRun, reason: string): void {
    run.cancel(reason);
    if (run.state === 'queued') this.#end(run, run.signal.reason);
  }

  /** Ends a run: what it held is let go of first, so that its last event is the truth. */
  #end(run: LiveRun, error: unknown, timings: Run['timings'] = []): void {
    this.#held.letGo(run);
    this.#queue.remove(run);
    if (error === undefined) run.end({ kind: 'succeeded', timings });
    else run.endWith(error);
    const fields = { run: run.name, workflow: run.request.workflow, state: run.state };
    if (run.state !== 'failed') this.#options.log.info('run ended', fields);
    else if (error instanceof VoxhostError) this.#options.log.warn('run ended', { ...fields, error: error.message });
    else this.#options.log.error('run ended with an error of our own', { ...fields, error });
    this.#forgetOldest();
  }

  #onWorkflow(name: string, workflow: Workflow | undefined): void {
    if (!workflow) {
      for (const run of this.#queue.live()) {
        if (run.request.workflow === name) this.#cancel(run, `The workflow ${name} was taken away.`);
      }
    }
    this.#queue.dispatch();
  }

  #expectedMs(run: LiveRun, workflow: Workflow | undefined): number | undefined {
    return this.#learned.get(run.description)?.expectMs(run.voxels) ?? workflow?.typicalDurationMs;
  }

  #learnedOf(description: WorkflowDescription): LearnedDurations {
    const learned = this.#learned.get(description) ?? createLearnedDurations();
    this.#learned.set(description, learned);
    return learned;
  }

  #find(name: string): LiveRun {
    const run = this.#runs.get(name);
    if (!run)
      throw new NotFound('run', name, 'The host forgets the oldest runs that have ended, and all at its own end.');
    return run;
  }

  #forgetOldest(): void {
    const ended = [...this.#runs.values()].filter((run) => run.isOver);
    const max = this.#options.maxEndedRuns ?? 1000;
    for (const run of ended.slice(0, Math.max(0, ended.length - max))) this.#forget(run);
  }

  #forget(run: LiveRun): void {
    this.#runs.delete(run.name);
    this.#held.forget(run);
    this.#requestIds.forget(run);
  }
}

function stopping(): VoxhostError {
  return new VoxhostError({
    code: 'UNAVAILABLE',
    reason: 'HOST_STOPPING',
    message: 'The host is stopping and takes no new run. Try again when it is back.',
    metadata: {},
  });
}

/** The workflow was replaced while the run waited, and its new version does not take what the run asks for. */
function changed(run: LiveRun, error: unknown): VoxhostError {
  const why = toPlainError(error);
  return new VoxhostError(
    {
      code: 'FAILED_PRECONDITION',
      reason: 'WORKFLOW_CHANGED',
      message: `The workflow ${run.request.workflow} was replaced while the run waited, and does not take it any more: ${why.message}`,
      metadata: { ...why.metadata, workflow: run.request.workflow },
    },
    { cause: error },
  );
}
