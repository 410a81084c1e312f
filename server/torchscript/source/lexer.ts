// Text to tokens, with the indentation as tokens of its own.
import { TorchScriptError } from '../error.js';
import { readString } from './strings.js';

export interface Token {
  readonly type: 'name' | 'int' | 'float' | 'string' | 'operator' | 'newline' | 'indent' | 'dedent' | 'end';
  /** As written; the string itself for a string. */
  readonly text: string;
  readonly at: number;
}

const SPACE = /[ \t\f]*(?:#[^\n]*)?/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?j?/y;
const OPERATOR = /->|==|!=|<=|>=|\*\*|\/\/|<<|>>|[-+*/%@&|^~<>()[\]{}.,:=]/y;
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);
const MAX_INDENTATION = 100;

/** @throws TorchScriptError damaged, unsupported, limit: placed by `place` where the token begins that is wrong */
export function tokenize(text: string, maxTokens: number, place: (at: number) => string): Token[] {
  return new Lexer(text, maxTokens, place).run();
}

class Lexer {
  readonly #text: string;
  readonly #maxTokens: number;
  readonly #place: (at: number) => string;
  readonly #tokens: Token[] = [];
  readonly #indents: number[] = [0];
  /** Where the brackets stand that are not closed yet. */
  readonly #open: number[] = [];
  #at = 0;

  constructor(text: string, maxTokens: number, place: (at: number) => string) {
    this.#text = text;
    this.#maxTokens = maxTokens;
    this.#place = place;
  }

  run(): Token[] {
    while (this.#at < this.#text.length) {
      if (this.#atLineStart) this.#indentation();
      this.#match(SPACE);
      if (this.#at >= this.#text.length) break;
      this.#token();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw this.#error('damaged', 'a bracket is not closed.', unclosed);
    this.#newline();
    this.#dedentTo(0);
    this.#add('end', '', this.#at);
    return this.#tokens;
  }

  get #atLineStart(): boolean {
    return this.#open.length === 0 && (this.#at === 0 || this.#text[this.#at - 1] === '\n');
  }

  /** Measures a line's indentation; a line with nothing on it has none. */
  #indentation(): void {
    let end = this.#at;
    while (this.#text[end] === ' ') end += 1;
    const first = this.#text[end];
    if (first === undefined || first === '\n' || first === '\r' || first === '#') return;
    if (first === '\t') throw this.#error('damaged', 'a line begins with a tab.', end);
    const width = end - this.#at;
    this.#at = end;
    if (width > this.#indents.at(-1)!) {
      if (this.#indents.length > MAX_INDENTATION) {
        throw this.#error('limit', `blocks are nested more than ${MAX_INDENTATION} deep.`);
      }
      this.#indents.push(width);
      this.#add('indent', '', end);
    }
    this.#dedentTo(width);
  }

  #dedentTo(width: number): void {
    while (width < this.#indents.at(-1)!) {
      this.#indents.pop();
      this.#add('dedent', '', this.#at);
    }
    if (width !== this.#indents.at(-1)) throw this.#error('damaged', "a line's indentation fits no block.");
  }

  #token(): void {
    const at = this.#at;
    const char = this.#text[at]!;
    if (char === '\r' || char === '\n') {
      if (char === '\n') this.#newline();
      this.#at += 1;
      return;
    }
    if (char === '\\' && this.#text[at + 1] === '\n') {
      this.#at += 2;
      return;
    }
    const name = this.#match(NAME);
    if (name !== undefined) {
      const next = this.#text[this.#at];
      if ((next === '"' || next === "'") && /^[rRbBfFuU]{1,2}$/.test(name)) {
        throw this.#error('unsupported', `texts of the form ${name}"…" are none that TorchScript writes.`, at);
      }
      this.#add('name', name, at);
    } else if (char === '"' || char === "'") {
      const string = readString(this.#text, at);
      if (string === undefined) throw this.#error('damaged', 'a text has no end.');
      this.#at = string.end;
      this.#add('string', string.value, at);
    } else if (!this.#number(at)) {
      const operator = this.#match(OPERATOR);
      if (operator === undefined) throw this.#error('damaged', `${JSON.stringify(char)} belongs to no program.`);
      if (OPENING.has(operator)) this.#open.push(at);
      if (CLOSING.has(operator)) this.#open.pop();
      this.#add('operator', operator, at);
    }
  }

  #number(at: number): boolean {
    const text = this.#match(NUMBER);
    if (text === undefined) return false;
    if (text.endsWith('j')) throw this.#error('unsupported', 'complex numbers are not translated.', at);
    if (text.length > 400) throw this.#error('limit', `a number of ${text.length} digits.`, at);
    this.#add(/^\d+$/.test(text) ? 'int' : 'float', text, at);
    return true;
  }

  /** Ends a line, unless it is within brackets or there was nothing on it. */
  #newline(): void {
    const last = this.#tokens.at(-1)?.type;
    if (this.#open.length === 0 && last !== undefined && !['newline', 'indent', 'dedent'].includes(last)) {
      this.#add('newline', '', this.#at);
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #add(type: Token['type'], text: string, at: number): void {
    if (this.#tokens.length >= this.#maxTokens) {
      throw this.#error('limit', `the source has more than ${this.#maxTokens} words.`, at);
    }
    this.#tokens.push({ type, text, at });
  }

  #error(problem: 'damaged' | 'unsupported' | 'limit', what: string, at = this.#at): TorchScriptError {
    return new TorchScriptError(problem, this.#place(at), what);
  }
}
