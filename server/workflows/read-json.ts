// Reads JSON as Python's `json` module does (NaN and Infinity are numbers), but refuses a key that stands twice.
import { InvalidBundle } from '../errors.js';
import type { ConfigValue } from './bundle.js';

/** Levels of lists and dictionaries that a configuration may have. */
export const MAX_CONFIG_DEPTH = 100;

const WORDS: ReadonlyMap<string, ConfigValue> = new Map<string, ConfigValue>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/**
 * Parses JSON text.
 * @throws InvalidBundle with the line and column of what is wrong, or the key that stands twice.
 */
export function readJson(text: string, file: string): ConfigValue {
  const reader = new JsonReader(text, file);
  return reader.readDocument();
}

class JsonReader {
  #at: number;
  readonly #keys: string[] = [];

  constructor(
    private readonly text: string,
    private readonly file: string,
  ) {
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  readDocument(): ConfigValue {
    const value = this.#readValue(0);
    this.#skipSpace();
    if (this.#at < this.text.length) this.#fail('the end of the file');
    return value;
  }

  #readValue(depth: number): ConfigValue {
    this.#skipSpace();
    const first = this.text[this.#at];
    if (first === '{' || first === '[') {
      if (depth >= MAX_CONFIG_DEPTH) {
        throw new InvalidBundle(
          { file: this.file, key: this.#key() },
          `more than ${MAX_CONFIG_DEPTH} levels of lists and dictionaries.`,
        );
      }
      return first === '{' ? this.#readObject(depth) : this.#readArray(depth);
    }
    if (first === '"') return this.#readString();
    const word = /-?(?:[A-Za-z]+|[0-9][0-9.eE+-]*)/y;
    word.lastIndex = this.#at;
    const token = word.exec(this.text)?.[0];
    if (token === undefined) return this.#fail('a value');
    const known = WORDS.get(token);
    if (known === undefined && !/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(token)) {
      return this.#fail('a value');
    }
    this.#at += token.length;
    return known === undefined ? Number(token) : known;
  }

  #readObject(depth: number): ConfigValue {
    const entries: [string, ConfigValue][] = [];
    const seen = new Set<string>();
    this.#at += 1;
    this.#skipSpace();
    if (this.#take('}')) return {};
    do {
      this.#skipSpace();
      if (this.text[this.#at] !== '"') this.#fail('a key in double quotes');
      const key = this.#readString();
      this.#keys.push(key);
      if (seen.has(key)) {
        throw new InvalidBundle(
          { file: this.file, key: this.#key() },
          `this key stands twice (${this.#position()}). Keep one.`,
        );
      }
      seen.add(key);
      this.#skipSpace();
      if (!this.#take(':')) this.#fail('":"');
      entries.push([key, this.#readValue(depth + 1)]);
      this.#keys.pop();
      this.#skipSpace();
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('"," or "}"');
    return Object.fromEntries(entries);
  }

  #readArray(depth: number): ConfigValue {
    const items: ConfigValue[] = [];
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(']')) return items;
    do {
      this.#keys.push(String(items.length));
      items.push(this.#readValue(depth + 1));
      this.#keys.pop();
      this.#skipSpace();
    } while (this.#take(','));
    if (!this.#take(']')) this.#fail('"," or "]"');
    return items;
  }

  #readString(): string {
    const whole = /"(?:[^"\\]|\\.)*"/sy;
    whole.lastIndex = this.#at;
    const literal = whole.exec(this.text)?.[0];
    if (literal === undefined) return this.#fail('the closing double quote of this string');
    try {
      const value: unknown = JSON.parse(literal);
      this.#at += literal.length;
      return String(value);
    } catch {
      return this.#fail('a string without raw line ends and unknown escapes');
    }
  }

  #take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    const space = /[ \t\r\n]*/y;
    space.lastIndex = this.#at;
    this.#at += space.exec(this.text)?.[0].length ?? 0;
  }

  #key(): string {
    return this.#keys.join('::');
  }

  #position(): string {
    const before = this.text.slice(0, this.#at).split('\n');
    return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  }

  #fail(expected: string): never {
    const got = this.#at < this.text.length ? JSON.stringify(this.text.slice(this.#at, this.#at + 12)) : 'the end';
    throw new InvalidBundle(
      { file: this.file, key: this.#key() },
      `${this.#position()}: expected ${expected}, found ${got}.`,
    );
  }
}
