// Cuts an expression into tokens: Python's, and MONAI's `@` references.
import { InvalidBundle, Unsupported } from '../errors.js';
import type { Place } from '../workflows/plan.js';

export type Token = { readonly at: number; readonly end: number; readonly text: string } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'reference'; readonly id: string }
  | { readonly kind: 'name' | 'operator' | 'end' }
);

/** Characters of one expression, and tokens in it. */
export const MAX_EXPRESSION_LENGTH = 10_000;
export const MAX_EXPRESSION_TOKENS = 2_000;

const SPACE = /[ \t\r\n]+/y;
/** As MONAI finds references: `@`, word characters, `::`. */
const REFERENCE = /@[\p{L}\p{N}_]*(?:::[\p{L}\p{N}_]*)*/uy;
const NUMBER =
  /(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)[\p{L}\p{N}_]*/uy;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const OPERATOR = /\*\*|\/\/|<<|>>|[=!<>:]=|->|[-+*/%()[\]{},:.<>=&|^~;]/y;
const STRING = /(?:'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/y;

/**
 * Cuts `source`, an expression without its `$`, into tokens; the last is of kind `end`.
 * @throws Unsupported for f-strings, bytes, complex numbers; InvalidBundle for what Python would not read either.
 */
export function readTokens(source: string, place: Place): readonly Token[] {
  if (source.length > MAX_EXPRESSION_LENGTH) {
    throw new InvalidBundle(place, `an expression of more than ${MAX_EXPRESSION_LENGTH} characters.`);
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const space = match(SPACE, source, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = readToken(source, at, place);
    tokens.push(token);
    if (tokens.length > MAX_EXPRESSION_TOKENS) {
      throw new InvalidBundle(place, `an expression of more than ${MAX_EXPRESSION_TOKENS} tokens.`);
    }
    at = token.end - 1;
  }
  tokens.push({ kind: 'end', at: source.length + 1, end: source.length + 1, text: '' });
  return tokens;
}

/** `at` and `end` of the token count from 1, `offset` from 0. */
function readToken(source: string, offset: number, place: Place): Token {
  const at = offset + 1;
  const reference = match(REFERENCE, source, offset);
  if (reference !== undefined) {
    return { kind: 'reference', id: reference.slice(1), at, end: at + reference.length, text: reference };
  }
  const number = match(NUMBER, source, offset);
  if (number !== undefined) {
    return { kind: 'number', value: parseNumber(number, at, place), at, end: at + number.length, text: number };
  }
  const string = match(STRING, source, offset);
  if (string !== undefined) {
    return { kind: 'string', value: readEscapes(string, at, place), at, end: at + string.length, text: string };
  }
  const word = match(WORD, source, offset);
  if (word !== undefined) {
    const quote = source[offset + word.length];
    if ((quote === "'" || quote === '"') && /^(?:[fF]?[rR]|[rR]?[fF]|[bB]?[rR]|[rR]?[bB]|[uU])$/.test(word)) {
      throw new Unsupported(`the string prefix "${word}" at column ${at} of the expression is not read here`, place);
    }
    return { kind: 'name', at, end: at + word.length, text: word };
  }
  const operator = match(OPERATOR, source, offset);
  if (operator !== undefined) return { kind: 'operator', at, end: at + operator.length, text: operator };
  const found = String.fromCodePoint(source.codePointAt(offset) ?? 0);
  throw new InvalidBundle(place, `column ${at} of the expression: ${JSON.stringify(found)} is not expected here.`);
}

/** What a sticky pattern finds at an offset. */
function match(pattern: RegExp, source: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  const text = pattern.exec(source)?.[0];
  return text === '' ? undefined : text;
}

function parseNumber(text: string, at: number, place: Place): number {
  if (/^[0-9._eE+-]*[jJ]$/.test(text)) {
    throw new Unsupported(`the complex number ${text} at column ${at} of the expression is not read here`, place);
  }
  const digits = text.replaceAll('_', '');
  const value = Number(digits);
  if (Number.isNaN(value) || /_(?![0-9a-fA-F])|__/.test(text) || /^0[0-9]*[1-9][0-9]*$/.test(digits)) {
    throw new InvalidBundle(place, `column ${at} of the expression: ${text} is not a number.`);
  }
  if (/^[0-9]+$/.test(digits) && !Number.isSafeInteger(value)) {
    throw new Unsupported(`the integer ${text} at column ${at} of the expression is beyond 2⁵³`, place);
  }
  return value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

function readEscapes(literal: string, at: number, place: Place): string {
  if (literal.includes('@')) {
    // MONAI would put the reference's value between the quotes as Python source, and Python would not read the rest.
    throw new Unsupported(`an "@" inside the string at column ${at} of the expression`, place);
  }
  return literal.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/g, (whole, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const plain = Object.hasOwn(ESCAPES, code) ? ESCAPES[code] : undefined;
    if (plain === undefined) {
      throw new Unsupported(`the escape ${whole} in the string at column ${at} of the expression`, place);
    }
    return plain;
  });
}
