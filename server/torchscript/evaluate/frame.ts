// The calls under way, and where in the source each of them is.
import type { Code } from '../source/code.js';
import type { Value } from '../values.js';

/** One call of a function of the archive. */
export interface Frame {
  /** The record of the function's source. */
  readonly record: string;
  readonly locals: Map<string, Value>;
  /** Where in the record it is: what is being evaluated. */
  at: number;
}

/**
 * The stack of calls. An error leaves it as it was, so that its place can be told afterwards: frames are taken off by
 * calls that return, and by nothing else.
 */
export class Frames {
  readonly #code: Code;
  readonly #frames: Frame[] = [];

  constructor(code: Code) {
    this.#code = code;
  }

  get top(): Frame | undefined {
    return this.#frames.at(-1);
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
  }

  pop(): void {
    this.#frames.pop();
  }

  /** Where the innermost call is; empty when none is under way. */
  place(): string {
    const { top } = this;
    return top === undefined ? '' : this.#code.place(top.record, top.at);
  }
}
