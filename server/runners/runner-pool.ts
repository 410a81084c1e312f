// The runners of all workflows, as the run room sees them: whether a run could start now, and what it starts with.
import type { VoxhostError } from '../errors.js';
import type { WorkflowDescription } from '../workflows/workflow.js';
import type { RunJob, RunListener, RunnerDone } from './runner.js';

/**
 * Whether a run of a workflow could start now.
 * - `free`: at once.
 * - `busy`: its model is in memory, but it or its device is taken.
 * - `cold`: its model is not in memory; `prepare` brings it there.
 * - `warming`: its model is on its way back into memory.
 * - `loading`: it was deployed just now and has never been warm.
 * - `failed`: never.
 */
export type Readiness =
  | { readonly kind: 'free' | 'busy' | 'cold' | 'warming' | 'loading' }
  | { readonly kind: 'failed'; readonly error: VoxhostError };

/** A warm runner and its device, for one run. */
export interface RunnerLease {
  readonly device: string;
  /** Of the version that will compute. */
  readonly description: WorkflowDescription;
  /** @throws Cancelled when the signal is aborted; what the runner answers; RUNNER_CRASHED. */
  run(job: RunJob, listener: RunListener, signal: AbortSignal): Promise<RunnerDone>;
  /** Gives both back. Safe to call twice. */
  release(): void;
}

export interface RunnerPool {
  readiness(workflow: string): Readiness;
  /**
   * Brings a workflow's model into memory for the run that starts next, and keeps it there until then.
   * @throws what keeps it from being loaded.
   */
  prepare(workflow: string): Promise<void>;
  /** Takes runner and device; only when `readiness` is `free`. */
  lease(workflow: string): RunnerLease;
}
