// What an evaluation may use, counted: steps, depth, items, characters, bytes. Time is never looked at.
import { TorchScriptError } from '../error.js';
import type { GraphMeter } from '../graph/graph.js';

export interface EvaluateLimits {
  /** Statements and expressions evaluated; a call of an operator counts for forty. */
  readonly maxSteps: number;
  /** Calls and expressions inside each other. */
  readonly maxDepth: number;
  /** Items put into lists, tuples and dictionaries, and characters of texts made, together. */
  readonly maxItems: number;
  /** Values of the graph: results of its nodes, constants, inputs. */
  readonly maxGraphValues: number;
  /** Bytes of constants that are computed here, four for each number at the least. */
  readonly maxComputedBytes: number;
  /** Bytes of weights that do not lie in C order and must be copied. */
  readonly maxCopiedBytes: number;
}

/** Small numbers take as long as larger ones. */
const MIN_BYTES_A_NUMBER = 4;

export class Budget implements GraphMeter {
  readonly limits: EvaluateLimits;
  #steps = 0;
  #depth = 0;
  #items = 0;
  #copiedBytes = 0;
  #graphValues = 0;
  #computedBytes = 0;

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

  addValue(): void {
    this.#graphValues += 1;
    if (this.#graphValues > this.limits.maxGraphValues) {
      throw exceeded(`operators give more than ${this.limits.maxGraphValues} tensors`);
    }
  }

  compute(numbers: number, sizeBytes: number): void {
    this.#computedBytes += numbers * Math.max(sizeBytes, MIN_BYTES_A_NUMBER);
    if (this.#computedBytes > this.limits.maxComputedBytes) {
      throw exceeded(`constants are computed from constants, more than ${this.limits.maxComputedBytes} bytes of them`);
    }
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
