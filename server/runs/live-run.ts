// One run from its creation until it is forgotten: its state, its events, and what it holds in the store.
import { randomUUID } from 'node:crypto';
import { Cancelled, type PlainError, toPlainError } from '../errors.js';
import { voxelCount } from '../imaging/volume-header.js';
import type { Volume } from '../volumes/store.js';
import type { ParameterValue, WorkflowDescription } from '../workflows/workflow.js';
import { createEventLog, type EventLog } from './event-log.js';
import type { Run, RunHappening, RunOutput, RunRequest, RunState, StageTiming } from './run.js';

/** How a run ends. */
export type RunOutcome =
  | { readonly kind: 'succeeded'; readonly timings: readonly StageTiming[] }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'cancelled'; readonly reason: string };

export class LiveRun {
  readonly name = randomUUID();
  readonly events: EventLog = createEventLog(this.name);
  readonly createTimeMs = Date.now();
  /** Resolves when the run has ended. */
  readonly ended: Promise<void>;
  /** Where it computes; empty while it waits. */
  device = '';
  /** How long until its end, while it runs. */
  timeLeftMs: () => number | undefined = () => undefined;

  readonly request: RunRequest;
  readonly inputs: Readonly<Record<string, Volume>>;
  /** Of all its inputs, each component counted. */
  readonly voxels: number;
  /** What its parameters and inputs were checked against. */
  description: WorkflowDescription;
  parameters: Readonly<Record<string, ParameterValue>>;
  #state: RunState = 'queued';
  #outputs: readonly RunOutput[] = [];
  #error: PlainError | undefined;
  #startTimeMs: number | undefined;
  #endTimeMs: number | undefined;
  #timings: readonly StageTiming[] = [];
  readonly #cancelling = new AbortController();
  #onEnded: () => void = () => {};
  #lastQueued = '';

  constructor(options: {
    request: RunRequest;
    inputs: Readonly<Record<string, Volume>>;
    description: WorkflowDescription;
    parameters: Readonly<Record<string, ParameterValue>>;
  }) {
    this.request = options.request;
    this.inputs = options.inputs;
    this.voxels = Object.values(this.inputs).reduce(
      (sum, { header }) => sum + voxelCount(header) * header.components,
      0,
    );
    this.description = options.description;
    this.parameters = options.parameters;
    this.ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
  }

  get state(): RunState {
    return this.#state;
  }
  get isOver(): boolean {
    return this.#state !== 'queued' && this.#state !== 'running';
  }
  /** Aborted when the run shall stop; its reason is a Cancelled. */
  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }
  get outputs(): readonly RunOutput[] {
    return this.#outputs;
  }

  /** Tells of its place in the queue, when that is news. */
  wait(place: Omit<Extract<RunHappening, { kind: 'queued' }>, 'kind'>): void {
    const news = `${place.position} ${place.workflowLoading}`;
    if (news === this.#lastQueued) return;
    this.#lastQueued = news;
    this.events.append({ kind: 'queued', ...place });
  }

  start(device: string): void {
    this.#state = 'running';
    this.device = device;
    this.#startTimeMs = Date.now();
    this.events.append({ kind: 'started', device });
  }

  addOutput(output: RunOutput): void {
    this.#outputs = [...this.#outputs, output];
    this.events.append({ kind: 'output-ready', output });
  }

  /** Asks it to stop. Nothing happens when it has been asked before. */
  cancel(reason: string): void {
    if (!this.isOver) this.#cancelling.abort(new Cancelled(reason));
  }

  /** Ends it, once. */
  end(outcome: RunOutcome): void {
    if (this.isOver) return;
    this.#state = outcome.kind;
    this.#endTimeMs = Date.now();
    if (outcome.kind === 'succeeded') {
      this.#timings = outcome.timings;
      this.events.append({ kind: 'succeeded', result: this.snapshot() });
    } else {
      if (outcome.kind === 'failed') this.#error = outcome.error;
      this.events.append(outcome);
    }
    this.#onEnded();
  }

  /** Ends it with what went wrong, or as cancelled when it was asked to stop. */
  endWith(error: unknown): void {
    if (this.signal.aborted) this.end({ kind: 'cancelled', reason: (this.signal.reason as Cancelled).message });
    else if (error instanceof Cancelled) this.end({ kind: 'cancelled', reason: error.message });
    else this.end({ kind: 'failed', error: toPlainError(error) });
  }

  snapshot(): Run {
    return {
      name: this.name,
      request: this.request,
      parameters: this.parameters,
      state: this.#state,
      outputs: this.#outputs,
      ...(this.#error ? { error: this.#error } : {}),
      createTimeMs: this.createTimeMs,
      ...(this.#startTimeMs === undefined ? {} : { startTimeMs: this.#startTimeMs }),
      ...(this.#endTimeMs === undefined ? {} : { endTimeMs: this.#endTimeMs }),
      timings: this.#timings,
    };
  }
}
