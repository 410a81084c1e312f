// One workflow of the folder: the version that serves, and the newer one that is being tried beside it.
import type { Supervisor } from '../runners/supervisor.js';
import type { Workflow, WorkflowState } from './workflow.js';

/** Runs whose durations the typical one is the median of. */
const REMEMBERED_DURATIONS = 15;

export class Deployment {
  /** Of the bundle that was tried last, whatever became of it; empty until it is known. */
  fingerprint: string;

  readonly #name: string;
  readonly #onChange: () => void;
  #current: Supervisor;
  #candidate: Supervisor | undefined;
  readonly #retiring = new Set<Supervisor>();
  #reloadFailure = '';
  #deployTimeMs = Date.now();
  #durationsMs: number[] = [];

  constructor(options: { name: string; fingerprint: string; version: Supervisor; onChange: () => void }) {
    this.#name = options.name;
    this.fingerprint = options.fingerprint;
    this.#onChange = options.onChange;
    this.#current = options.version;
  }

  /** The version that serves. */
  get current(): Supervisor {
    return this.#current;
  }

  get versions(): readonly Supervisor[] {
    return [this.#current, ...(this.#candidate ? [this.#candidate] : []), ...this.#retiring];
  }

  /**
   * Loads a newer version. It takes over when it is warm; if it cannot be, the old one stays and says why. One that has
   * never been warm is replaced at once.
   */
  async reload(version: Supervisor, fingerprint: string): Promise<void> {
    this.fingerprint = fingerprint;
    const before = this.#candidate;
    this.#candidate = undefined;
    void before?.close();
    if (!this.#current.wasReady) {
      this.replace(version, fingerprint);
      return version.warm().catch(() => {});
    }
    this.#candidate = version;
    try {
      await version.warm();
      if (this.#candidate === version) this.replace(version, fingerprint);
    } catch (error) {
      void version.close();
      if (this.#candidate !== version) return;
      this.#candidate = undefined;
      this.#reloadFailure = error instanceof Error ? error.message : String(error);
      this.#onChange();
    }
  }

  /** Puts a version in the place of the one that serves; a run under way ends on the old one. */
  replace(version: Supervisor, fingerprint: string): void {
    const old = this.#current;
    // What was being tried beside it came before.
    if (this.#candidate !== version) void this.#candidate?.close();
    this.#candidate = undefined;
    this.fingerprint = fingerprint;
    this.#current = version;
    this.#reloadFailure = '';
    this.#deployTimeMs = Date.now();
    this.#durationsMs = [];
    this.#retiring.add(old);
    void old.retire().finally(() => this.#retiring.delete(old));
    this.#onChange();
  }

  recordDuration(version: Supervisor, durationMs: number): void {
    if (version !== this.#current) return;
    this.#durationsMs = [...this.#durationsMs, durationMs].slice(-REMEMBERED_DURATIONS);
    this.#onChange();
  }

  snapshot(): Workflow {
    const { description, failure, device, resident } = this.#current;
    const state = this.#state();
    return {
      name: this.#name,
      state,
      ...(description ? { description } : {}),
      failure: state === 'failed' ? (failure?.message ?? '') : '',
      reloadFailure: this.#reloadFailure,
      device,
      ...(this.#durationsMs.length > 0 ? { typicalDurationMs: median(this.#durationsMs) } : {}),
      resident,
      deployTimeMs: this.#deployTimeMs,
    };
  }

  /** Ends the processes of all versions. */
  async close(): Promise<void> {
    await Promise.all(this.versions.map((version) => version.close()));
  }

  #state(): WorkflowState {
    if (this.#current.wasReady) return 'ready';
    return this.#current.state === 'failed' ? 'failed' : 'loading';
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
