// The memory that idle models may hold together, and which of them goes when it is too much.
import type { Log } from '../log.js';

/** A model in memory. */
export interface ResidentModel {
  readonly workflow: string;
  readonly rssBytes: number;
  /** False while a run uses it. */
  readonly idle: boolean;
  /** Grows with each use of any model. */
  readonly lastUse: number;
  /** Ends its process; resolves when the memory is free again. */
  evict(): Promise<void>;
}

/**
 * Which idle models to put out, the longest unused first, so that those that stay and `incomingBytes` fit the budget.
 * One that is expected next stays. So does the last used one when nothing comes in: a model above the whole budget is
 * of use only while it is there, and putting it out would help no other.
 */
export function planEviction<T extends Omit<ResidentModel, 'evict'>>(
  models: Iterable<T>,
  budgetBytes: number,
  incomingBytes: number | undefined,
  expected: string | undefined,
): T[] {
  const idle = [...models].filter((model) => model.idle).sort((a, b) => a.lastUse - b.lastUse);
  const candidates = incomingBytes === undefined ? idle.slice(0, -1) : idle;
  let bytes = idle.reduce((sum, model) => sum + model.rssBytes, incomingBytes ?? 0);
  const out: T[] = [];
  for (const model of candidates) {
    if (bytes <= budgetBytes) break;
    if (model.workflow === expected) continue;
    out.push(model);
    bytes -= model.rssBytes;
  }
  return out;
}

/** Keeps the budget over all workflows of the host. */
export interface ModelMemory {
  add(model: ResidentModel): void;
  remove(model: ResidentModel): void;
  /** The next value of `lastUse`. */
  nextUse(): number;
  /** Keeps this workflow's model from being put out until another, or none, is expected. */
  expect(workflow: string | undefined): void;
  /** Makes room for a model before it is loaded; 0 bytes when its size is not known yet. */
  makeRoomFor(bytes: number): Promise<void>;
  /** Puts out what is too much, after a model has come in or a run has ended. */
  settle(): Promise<void>;
}

export function createModelMemory(budgetBytes: number, log: Log): ModelMemory {
  const models = new Set<ResidentModel>();
  let uses = 0;
  let expected: string | undefined;

  const evict = async (incomingBytes: number | undefined): Promise<void> => {
    const out = planEviction(models, budgetBytes, incomingBytes, expected);
    await Promise.all(
      out.map((model) => {
        models.delete(model);
        log.info('model put out of memory', { workflow: model.workflow, bytes: model.rssBytes, budgetBytes });
        return model.evict();
      }),
    );
  };

  return {
    add: (model) => void models.add(model),
    remove: (model) => void models.delete(model),
    nextUse: () => ++uses,
    expect: (workflow) => {
      expected = workflow;
    },
    makeRoomFor: (bytes) => evict(bytes),
    settle: () => evict(undefined),
  };
}
