// One live runner process as an object: load, run, cancel, end. Whatever happens to the process, and whenever, what was
// going on ends with an error that says so.
import { Cancelled, fromPlainError, VoxhostError } from '../errors.js';
import type { Log } from '../log.js';
import type { WorkflowDescription } from '../workflows/workflow.js';
import { explainEnd } from './explain-end.js';
import type { DeviceAttempt, FromRunner, ToRunner } from './messages.js';
import { readMessage } from './read-message.js';
import { type RunnerProcess, spawnRunner } from './spawn-runner.js';

/** How long a runner that was asked to end may take before it is killed. */
const SHUTDOWN_GRACE_MS = 2_000;

type Message<Type extends FromRunner['type']> = Extract<FromRunner, { type: Type }>;

export type RunnerReady = Omit<Message<'ready'>, 'type'>;
export type RunnerProgress = Omit<Message<'progress'>, 'type' | 'run'>;
export type RunnerOutput = Omit<Message<'output'>, 'type' | 'run'>;
export type RunnerDone = Omit<Message<'done'>, 'type' | 'run'>;
export type LoadRequest = Omit<Extract<ToRunner, { type: 'load' }>, 'type'>;
export type RunJob = Omit<Extract<ToRunner, { type: 'run' }>, 'type'>;

export interface LoadListener {
  onDescribed(description: WorkflowDescription): void;
  /** What became of each execution provider; also when loading failed. */
  onAttempts(attempts: readonly DeviceAttempt[]): void;
}

export interface RunListener {
  onProgress(progress: RunnerProgress): void;
  onOutput(output: RunnerOutput): void;
}

const OF_A_RUN: ReadonlySet<FromRunner['type']> = new Set(['progress', 'output', 'done', 'failed', 'cancelled']);

/** What to do with one task's messages until it ends. */
interface Task {
  doing: string;
  /** Called with each message; true when the message belongs to the task. */
  receive(message: FromRunner): boolean;
  fail(error: VoxhostError): void;
}

/** A runner that the front has started. One task at a time: `load` once, then runs. */
export class Runner {
  readonly pid: number | undefined;
  /** Resolves when the process is gone: with its crash, or nothing when it was ended on purpose. */
  readonly ended: Promise<VoxhostError | undefined>;
  /** Memory of the process, as it last said. */
  rssBytes = 0;

  readonly #process: RunnerProcess;
  readonly #workflow: string;
  readonly #cancelGraceMs: number;
  readonly #log: Log;
  #task: Task | undefined;
  #over = false;
  /** Why we ended it; absent while we did not. */
  #endReason: { readonly error: VoxhostError; readonly crash: boolean } | undefined;

  constructor(options: { workflow: string; module: URL; cancelGraceMs: number; log: Log }) {
    this.#workflow = options.workflow;
    this.#cancelGraceMs = options.cancelGraceMs;
    this.#log = options.log;
    this.#process = spawnRunner({ ...options, onMessage: (message) => this.#receive(message) });
    this.pid = this.#process.pid;
    this.ended = this.#process.ended.then((end) => {
      this.#over = true;
      const doing = this.#task?.doing ?? 'idle';
      const reason = this.#endReason ?? { error: explainEnd(this.#workflow, doing, end), crash: true };
      const crash = reason.crash ? reason.error : undefined;
      const fields = { workflow: this.#workflow, pid: this.pid, doing };
      if (crash) this.#log.error('runner crashed', { ...fields, error: crash.message, lastWords: end.lastWords });
      else this.#log.info('runner ended', fields);
      this.#task?.fail(reason.error);
      return crash;
    });
  }

  /** False as soon as the process is gone. */
  get alive(): boolean {
    return !this.#over;
  }

  /**
   * Has the bundle read, planned, loaded and warmed.
   * @throws what the runner answers (InvalidBundle, Unsupported, … as plain VoxhostErrors); RUNNER_CRASHED.
   */
  load(request: LoadRequest, listener: LoadListener): Promise<RunnerReady> {
    return this.#perform('loading its model', { type: 'load', ...request }, (message, resolve, reject) => {
      switch (message.type) {
        case 'described':
          listener.onDescribed(message.description);
          return true;
        case 'ready':
          listener.onAttempts(message.attempts);
          this.rssBytes = message.rssBytes;
          resolve(message);
          return true;
        case 'load-failed':
          listener.onAttempts(message.attempts);
          reject(fromPlainError(message.error));
          return true;
        default:
          return false;
      }
    });
  }

  /**
   * Computes one run. When the signal is aborted the runner is asked to stop, and killed when it has not within the
   * grace; either way the promise is rejected with Cancelled.
   * @throws Cancelled; what the runner answers; RUNNER_CRASHED.
   */
  async run(job: RunJob, listener: RunListener, signal: AbortSignal): Promise<RunnerDone> {
    if (signal.aborted) throw cancelledBy(signal);
    let grace: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.#process.send({ type: 'cancel', run: job.run });
      grace = setTimeout(() => {
        this.#log.warn('runner killed: it did not stop in time', { workflow: this.#workflow, pid: this.pid });
        this.#end(cancelledBy(signal), false);
      }, this.#cancelGraceMs);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const done = await this.#perform<RunnerDone>(
        `run ${job.run}`,
        { type: 'run', ...job },
        (message, resolve, reject, task) => {
          if (!('run' in message) || message.run !== job.run) return false;
          if ('rssBytes' in message) this.rssBytes = message.rssBytes;
          switch (message.type) {
            case 'progress':
              task.doing = `run ${job.run}, stage ${message.stage}`;
              listener.onProgress(message);
              return true;
            case 'output':
              listener.onOutput(message);
              return true;
            case 'done':
              resolve(message);
              return true;
            case 'failed':
              reject(fromPlainError(message.error));
              return true;
            case 'cancelled':
              reject(new Cancelled('The run was stopped.'));
              return true;
          }
        },
      );
      if (signal.aborted) throw cancelledBy(signal);
      return done;
    } catch (error) {
      throw signal.aborted ? cancelledBy(signal) : error;
    } finally {
      signal.removeEventListener('abort', cancel);
      clearTimeout(grace);
    }
  }

  /** Asks an idle process to end, kills it when it does not, and resolves when it is gone. */
  async shutdown(): Promise<void> {
    this.#endReason ??= { error: stopped(this.#workflow), crash: false };
    this.#process.send({ type: 'shutdown' });
    const grace = setTimeout(() => this.#process.kill(), SHUTDOWN_GRACE_MS);
    await this.ended;
    clearTimeout(grace);
  }

  /** Ends it at once and resolves when it is gone. What was going on is rejected with `reason`. */
  async kill(reason: VoxhostError = stopped(this.#workflow)): Promise<void> {
    this.#end(reason, false);
    await this.ended;
  }

  #end(error: VoxhostError, crash: boolean): void {
    this.#endReason ??= { error, crash };
    this.#process.kill();
  }

  #perform<Result>(
    doing: string,
    message: ToRunner,
    receive: (
      message: FromRunner,
      resolve: (result: Result) => void,
      reject: (error: VoxhostError) => void,
      task: Task,
    ) => boolean,
  ): Promise<Result> {
    if (this.#task) throw new Error(`the runner of ${this.#workflow} is still ${this.#task.doing}`);
    if (this.#over) return this.ended.then((crash) => Promise.reject(crash ?? stopped(this.#workflow)));
    return new Promise<Result>((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#task = undefined;
        settle();
      };
      const fail = (error: VoxhostError): void => end(() => reject(error));
      const task: Task = {
        doing,
        receive: (answer) => receive(answer, (result) => end(() => resolve(result)), fail, task),
        fail,
      };
      this.#task = task;
      this.#process.send(message);
    });
  }

  #receive(raw: unknown): void {
    const message = readMessage(raw);
    if (message && this.#task?.receive(message)) return;
    // An answer to a cancel that crossed with the run's end comes late, and that is all right.
    if (message && OF_A_RUN.has(message.type)) return;
    this.#log.error('runner said what it must not', { workflow: this.#workflow, pid: this.pid, message: raw });
    this.#end(
      new VoxhostError({
        code: 'INTERNAL',
        reason: 'RUNNER_CRASHED',
        message: `The process of workflow ${this.#workflow} sent a message that is none of the protocol's, and was ended. This is a bug of the host: please report it with its log.`,
        metadata: { workflow: this.#workflow, doing: this.#task?.doing ?? 'idle' },
      }),
      true,
    );
  }
}

function cancelledBy(signal: AbortSignal): VoxhostError {
  return signal.reason instanceof VoxhostError ? signal.reason : new Cancelled('The run was stopped.');
}

function stopped(workflow: string): Cancelled {
  return new Cancelled(`The process of workflow ${workflow} was stopped.`);
}
