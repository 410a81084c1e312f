// A run as the other rooms see it: what was asked, where it is, what happened.
import type { PlainError } from '../errors.js';
import type { Volume } from '../volumes/store.js';
import type { ParameterValue, Segment, WorkflowOutput } from '../workflows/workflow.js';

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** What a client asks for. */
export interface RunRequest {
  readonly workflow: string;
  /** Volume names by input name. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Empty: each call is a new run. */
  readonly requestId: string;
}

/** A segment as found in a result. */
export interface SegmentMeasure {
  readonly segment: Segment;
  readonly voxelCount: number;
  readonly volumeMl: number;
}

export interface RunOutput {
  readonly name: string;
  readonly volume: Volume;
  readonly kind: WorkflowOutput['kind'];
  readonly segments: readonly SegmentMeasure[];
}

export interface StageTiming {
  readonly stage: string;
  readonly durationMs: number;
}

/** A run at one moment. */
export interface Run {
  readonly name: string;
  readonly request: RunRequest;
  /** The values in force, defaults included. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly state: RunState;
  readonly outputs: readonly RunOutput[];
  readonly error?: PlainError;
  readonly createTimeMs: number;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly timings: readonly StageTiming[];
}

/** What happened; `sequence` grows from 1 with each event of a run. */
export type RunEvent = { readonly sequence: number; readonly run: string; readonly timeMs: number } & RunHappening;

export type RunHappening =
  | {
      readonly kind: 'queued';
      readonly position: number;
      readonly estimatedWaitMs?: number;
      readonly workflowLoading: boolean;
    }
  | { readonly kind: 'started'; readonly device: string }
  | {
      readonly kind: 'progress';
      readonly stage: string;
      readonly step: number;
      readonly stepCount: number;
      readonly fraction: number;
      readonly timeLeftMs?: number;
    }
  | { readonly kind: 'output-ready'; readonly output: RunOutput }
  /** `result`, since `run` is the name in every event. */
  | { readonly kind: 'succeeded'; readonly result: Run }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'cancelled'; readonly reason: string };

/**
 * The run room, as the wire sees it. A run's inputs cannot be deleted or evicted while it lives. Its results are not
 * evicted for ten minutes after its end, or until it is deleted; their client may delete them at any time.
 */
export interface Runs {
  /** @throws InvalidArgument; NotFound; FailedPrecondition; LimitExceeded */
  createRun(request: RunRequest): Promise<Run>;
  /** @throws NotFound */
  getRun(name: string): Run;
  /** All runs, the newest first. */
  listRuns(): readonly Run[];
  /** Past events after `afterSequence`, then the coming ones, until the last. @throws NotFound */
  watchRun(name: string, afterSequence: number, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** Asks it to stop; resolves when it has ended. @throws NotFound */
  cancelRun(name: string, reason: string): Promise<Run>;
  /** @throws NotFound; FailedPrecondition while it has not ended. */
  deleteRun(name: string): Promise<void>;
  /** Takes no new run; resolves when every run has ended. */
  drain(): Promise<void>;
  /** Cancels what is left and stops. */
  close(): Promise<void>;
}
