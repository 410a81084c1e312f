// Tokens one after the other, with what is expected of the next.
import { TorchScriptError, type TorchScriptProblem } from '../error.js';
import type { Token } from './lexer.js';

export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #place: (at: number) => string;
  #next = 0;

  constructor(tokens: readonly Token[], place: (at: number) => string) {
    this.#tokens = tokens;
    this.#place = place;
  }

  /** The next token, which stays. The last one is `end`, and is never passed. */
  get peek(): Token {
    return this.#tokens[this.#next]!;
  }

  take(): Token {
    const token = this.peek;
    if (token.type !== 'end') this.#next += 1;
    return token;
  }

  is(text: string): boolean {
    const { type, text: own } = this.peek;
    return own === text && (type === 'operator' || type === 'name');
  }

  /** Takes the next token if it is this one. */
  accept(text: string): boolean {
    const found = this.is(text);
    if (found) this.take();
    return found;
  }

  expect(text: string): Token {
    if (!this.is(text)) throw this.error('damaged', `${this.#show()} stands where "${text}" belongs.`);
    return this.take();
  }

  expectType(type: Token['type']): Token {
    if (this.peek.type !== type) throw this.error('damaged', `${this.#show()} stands where a ${type} belongs.`);
    return this.take();
  }

  unexpected(): TorchScriptError {
    return this.error('unsupported', `${this.#show()} is not of the Python that TorchScript writes.`);
  }

  /** Placed at the next token, unless it is told where. */
  error(problem: TorchScriptProblem, what: string, at = this.peek.at): TorchScriptError {
    return new TorchScriptError(problem, this.#place(at), what);
  }

  #show(): string {
    const { type, text } = this.peek;
    return text === '' || type === 'string' ? `a ${type}` : JSON.stringify(text.slice(0, 60));
  }
}
