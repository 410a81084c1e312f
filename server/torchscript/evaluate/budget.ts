// What an evaluation may use, counted: steps, depth, items, characters, bytes. Time is never looked at.
import { TorchScriptError } from '../error.js';

export interface EvaluateLimits {
  /** Statements and expressions evaluated, and numbers of constants folded. */
  readonly maxSteps: number;
  /** Calls and expressions inside each other. */
  readonly maxDepth: number;
  /** Items put into lists, tuples and dictionaries, and characters of texts made, together. */
  readonly maxItems: number;
  /** Nodes of the graph. */
  readonly maxNodes: number;
  /** Bytes of weights that do not lie in C order and must be copied. */
  readonly maxCopiedBytes: number;
}

export class Budget {
  readonly limits: EvaluateLimits;
  #steps = 0;
  #depth = 0;
  #items = 0;
  #copiedBytes = 0;

  constructor(limits: EvaluateLimits) {
    this.limits = limits;
  }

  get steps(): number {
    return this.#steps;
  }

  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > this.limits.maxSteps) {
      throw exceeded(`more than ${this.limits.maxSteps} steps: the network's loops do not end soon enough`);
    }
  }

  enter(): void {
    this.#depth += 1;
    if (this.#depth > this.limits.maxDepth) {
      throw exceeded(`calls are nested more than ${this.limits.maxDepth} deep: the network calls itself`);
    }
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** To be called before something of that many items is made. */
  allocate(count: number): void {
    this.#items += count;
    if (this.#items > this.limits.maxItems) {
      throw exceeded(`more than ${this.limits.maxItems} items of lists and characters of texts are made`);
    }
  }

  checkNodes(count: number): void {
    if (count > this.limits.maxNodes) throw exceeded(`more than ${this.limits.maxNodes} operators are called`);
  }

  copy(bytes: number): void {
    this.#copiedBytes += bytes;
    if (this.#copiedBytes > this.limits.maxCopiedBytes) {
      throw exceeded(`more than ${this.limits.maxCopiedBytes} bytes of weights are repeated or out of order`);
    }
  }
}

function exceeded(what: string): TorchScriptError {
  return new TorchScriptError('limit', '', `${what}.`);
}
