// Collects what is wrong with a bundle, so that a check tells everything at once.
import { VoxhostError } from '../errors.js';

/** Problems that are kept: a bundle that has as many has more than anyone would read. */
const MAX_PROBLEMS = 100;

export class Problems {
  readonly #byMessage = new Map<string, VoxhostError>();

  /** What was found, in order, each message once. */
  get list(): readonly VoxhostError[] {
    return [...this.#byMessage.values()];
  }

  get count(): number {
    return this.#byMessage.size;
  }

  add(problem: VoxhostError): void {
    if (this.count < MAX_PROBLEMS && !this.#byMessage.has(problem.message)) {
      this.#byMessage.set(problem.message, problem);
    }
  }

  /**
   * Runs `work`; keeps its error and gives `undefined` instead. An error that is not ours goes on. When there are as
   * many problems as are kept, nothing more is run.
   */
  attempt<T>(work: () => T): T | undefined {
    if (this.count >= MAX_PROBLEMS) return undefined;
    try {
      return work();
    } catch (error) {
      if (!(error instanceof VoxhostError)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /** As `attempt`, for work that takes time. */
  async attemptAsync<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof VoxhostError)) throw error;
      this.add(error);
      return undefined;
    }
  }
}
