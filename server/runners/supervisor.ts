// One version of one workflow and the process that serves it: loaded, restarted after a crash, put out of memory and
// brought back. The model is in memory at most once.
import { Cancelled, toPlainError, VoxhostError } from '../errors.js';
import type { Log } from '../log.js';
import type { WorkflowDescription } from '../workflows/workflow.js';
import type { LoadSlots } from './load-slots.js';
import type { DeviceAttempt } from './messages.js';
import type { ModelMemory, ResidentModel } from './model-memory.js';
import { type RunJob, type RunListener, Runner, type RunnerDone } from './runner.js';

/**
 * `loading`: for the first time, or again after a crash or an eviction. `idle` and `busy`: the model is in memory.
 * `cold`: it is not, and `warm` brings it back. `failed`: it has never been able to run. `closed`: over.
 */
export type SupervisorState = 'loading' | 'idle' | 'busy' | 'cold' | 'failed' | 'closed';

/** Crashes in a row after which a process is no longer started again by itself, but when a run needs it. */
const EAGER_RESTARTS = 3;
/** Processes that may crash while loading before loading counts as failed. */
const LOAD_ATTEMPTS = 3;
/** Long enough for an execution provider that compiles the model (TensorRT); one that takes longer hangs. */
const LOAD_TIMEOUT_MS = 30 * 60_000;

/** The process of a workflow, taken for one run. */
export interface RunnerUse {
  /** @throws as `Runner.run`. */
  run(job: RunJob, listener: RunListener, signal: AbortSignal): Promise<RunnerDone>;
  /** Once, when the run is over. */
  release(): void;
}

export interface SupervisorOptions {
  readonly workflow: string;
  readonly bundleFolder: string;
  readonly device: string;
  readonly threads: number;
  /** Where models that were converted to ONNX are kept. */
  readonly convertedFolder?: string;
  readonly cancelGraceMs: number;
  /** What the process runs: see `runnerModule`. */
  readonly module: URL;
  /** How long to wait before the start after so many crashes in a row (1 or more). */
  readonly backoffMs: (crashes: number) => number;
  readonly slots: LoadSlots;
  readonly memory: ModelMemory;
  readonly log: Log;
  /** Called after every change of what can be read here. */
  readonly onChange: () => void;
}

/** 0.1 s, 0.2 s, 0.4 s, … up to half a minute. */
export function exponentialBackoffMs(crashes: number): number {
  return Math.min(30_000, 100 * 2 ** (crashes - 1));
}

export class Supervisor implements ResidentModel {
  /** Where the bundle lies now; a deployment moves it from its staging folder into place. */
  bundleFolder: string;
  rssBytes = 0;
  lastUse = 0;

  readonly #options: SupervisorOptions;
  readonly #closing = new AbortController();
  #state: SupervisorState = 'cold';
  #runner: Runner | undefined;
  #loading: Promise<void> | undefined;
  /** Of the process before, while it is being ended. */
  #leaving: Promise<void> = Promise.resolve();
  #crashes = 0;
  #wasReady = false;
  /** Set when this version was replaced while a run used it. */
  #onReleased: (() => void) | undefined;
  #description: WorkflowDescription | undefined;
  #device = '';
  #attempts: readonly DeviceAttempt[] = [];
  #failure: VoxhostError | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.bundleFolder = options.bundleFolder;
  }

  get workflow(): string {
    return this.#options.workflow;
  }
  get state(): SupervisorState {
    return this.#state;
  }
  get idle(): boolean {
    return this.#state === 'idle';
  }
  get resident(): boolean {
    return this.#state === 'idle' || this.#state === 'busy';
  }
  /** True once it has been warm: from then on it can run, or be made able to. */
  get wasReady(): boolean {
    return this.#wasReady;
  }
  /** Absent until the bundle has been read. */
  get description(): WorkflowDescription | undefined {
    return this.#description;
  }
  /** The device that its model is on; empty until it was warm for the first time. */
  get device(): string {
    return this.#device;
  }
  get attempts(): readonly DeviceAttempt[] {
    return this.#attempts;
  }
  /** Why the last load failed. */
  get failure(): VoxhostError | undefined {
    return this.#failure;
  }

  /**
   * Brings the model into memory, if it is not there, and resolves when it is warm.
   * @throws what the bundle lacks; RUNNER_CRASHED when process after process crashed; Cancelled when closed.
   */
  async warm(): Promise<void> {
    if (this.resident) return;
    if (this.#state === 'closed') throw this.#closed();
    if (this.#state === 'failed') throw this.#failure!;
    // Not begun within this call: a listener that hears of it may ask for the same again.
    this.#loading ??= Promise.resolve()
      .then(() => this.#load())
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  /** Takes the idle process for one run; only when `state` is `idle`. */
  take(): RunnerUse {
    const runner = this.#runner;
    if (!this.idle || !runner) throw new Error(`the runner of ${this.workflow} is ${this.#state}, not idle`);
    this.lastUse = this.#options.memory.nextUse();
    this.#change('busy');
    return {
      run: async (job, listener, signal) => {
        const done = await runner.run(job, listener, signal);
        this.#crashes = 0;
        return done;
      },
      release: () => {
        this.rssBytes = runner.rssBytes;
        // Unless the process has ended meanwhile, which `#watch` deals with.
        if (this.#runner === runner && runner.alive && this.#state === 'busy') this.#change('idle');
        if (this.#onReleased) this.#onReleased();
        else void this.#options.memory.settle();
      },
    };
  }

  /** Ends the idle process; resolves when its memory is free. */
  async evict(): Promise<void> {
    const runner = this.#runner;
    if (!this.idle || !runner) return;
    this.#leaving = runner.shutdown();
    this.#letGo('cold');
    await this.#leaving;
  }

  /** Ends the process as soon as no run uses it, and resolves when it is gone. */
  async retire(): Promise<void> {
    if (this.#state === 'busy') {
      await new Promise<void>((resolve) => {
        this.#onReleased = resolve;
      });
    }
    await this.close();
  }

  /** Ends the process, whatever it does, and resolves when it is gone. */
  async close(): Promise<void> {
    const runner = this.#runner;
    this.#closing.abort(this.#closed());
    this.#letGo('closed');
    await Promise.all([this.#leaving, runner?.kill(), this.#loading?.catch(() => {})]);
  }

  async #load(): Promise<void> {
    const { slots, memory, log } = this.#options;
    const { signal } = this.#closing;
    this.#change('loading');
    for (let attempt = 1; ; attempt += 1) {
      let giveBack: (() => void) | undefined;
      try {
        if (this.#crashes > 0) await elapsed(this.#options.backoffMs(this.#crashes), signal);
        await this.#leaving;
        giveBack = await slots.take(signal);
        await memory.makeRoomFor(this.rssBytes);
        signal.throwIfAborted();
        await this.#start();
        return;
      } catch (error) {
        signal.throwIfAborted();
        const crashed = error instanceof VoxhostError && error.reason === 'RUNNER_CRASHED';
        if (crashed) this.#crashes += 1;
        if (crashed && attempt < LOAD_ATTEMPTS) continue;
        this.#fail(error);
        log.warn('workflow not loaded', { workflow: this.workflow, error: toPlainError(error).message });
        throw error;
      } finally {
        giveBack?.();
      }
    }
  }

  async #start(): Promise<void> {
    const { module, cancelGraceMs, log, memory, device, threads, convertedFolder } = this.#options;
    const runner = new Runner({ workflow: this.workflow, module, cancelGraceMs, log });
    this.#runner = runner;
    log.info('runner started', { workflow: this.workflow, pid: runner.pid });
    const timeout = setTimeout(() => void runner.kill(this.#loadTimedOut()), LOAD_TIMEOUT_MS);
    try {
      const ready = await runner.load(
        { bundleFolder: this.bundleFolder, device, threads, ...(convertedFolder ? { convertedFolder } : {}) },
        {
          onDescribed: (description) => {
            // The same object each time this version is loaded again.
            this.#description ??= description;
            this.#options.onChange();
          },
          onAttempts: (attempts) => {
            this.#attempts = attempts;
          },
        },
      );
      this.#closing.signal.throwIfAborted();
      this.#device = ready.device;
      this.rssBytes = ready.rssBytes;
      this.lastUse = memory.nextUse();
      this.#wasReady = true;
      memory.add(this);
      this.#change('idle');
      const { loadMs, warmupMs, rssBytes } = ready;
      log.info('workflow ready', { workflow: this.workflow, device: ready.device, loadMs, warmupMs, rssBytes });
      void this.#watch(runner);
    } catch (error) {
      this.#runner = undefined;
      await runner.kill();
      throw error;
    } finally {
      clearTimeout(timeout);
    }
    void memory.settle();
  }

  /** Deals with the end of a process that was warm. */
  async #watch(runner: Runner): Promise<void> {
    const crash = await runner.ended;
    if (this.#runner !== runner) return;
    this.#letGo('cold');
    if (crash) this.#crashes += 1;
    if (this.#crashes <= EAGER_RESTARTS && !this.#onReleased) await this.warm().catch(() => {});
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof VoxhostError ? error : new VoxhostError(toPlainError(error), { cause: error });
    this.#change(this.#wasReady ? 'cold' : 'failed');
  }

  #letGo(state: SupervisorState): void {
    this.#runner = undefined;
    this.#options.memory.remove(this);
    this.#change(state);
  }

  #change(state: SupervisorState): void {
    if (this.#state === 'closed') return;
    this.#state = state;
    this.#options.onChange();
  }

  #loadTimedOut(): VoxhostError {
    return new VoxhostError({
      code: 'DEADLINE_EXCEEDED',
      reason: 'LOAD_TIMED_OUT',
      message: `The workflow ${this.workflow} was not warm ${LOAD_TIMEOUT_MS / 60_000} minutes after its process was started. Try another device.`,
      metadata: { workflow: this.workflow, device: this.#options.device },
    });
  }

  #closed(): Cancelled {
    return new Cancelled(`The workflow ${this.workflow} was taken away, replaced, or its host is stopping.`);
  }
}

function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
