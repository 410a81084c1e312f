// Collects what is wrong with a bundle, so that a check tells everything at once.
import { VoxhostError } from '../errors.js';

export class Problems {
  readonly #list: VoxhostError[] = [];

  /** What was found, in order, each message once. */
  get list(): readonly VoxhostError[] {
    return this.#list;
  }

  add(problem: VoxhostError): void {
    if (!this.#list.some((one) => one.message === problem.message)) this.#list.push(problem);
  }

  /** Runs `work`; keeps its error and gives `undefined` instead. An error that is not ours goes on. */
  attempt<T>(work: () => T): T | undefined {
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
