// Parses an expression to a tree: the subset of Python's grammar that docs/expressions.md writes down.
import { InvalidBundle, Unsupported } from '../errors.js';
import type { Place } from '../workflows/plan.js';
import { readTokens, type Token } from './tokens.js';
import type { BinaryOperator, Comparison, ComparisonStep, Expression } from './tree.js';

/** Levels of an expression: brackets, calls, operators. */
export const MAX_EXPRESSION_DEPTH = 64;

/** Words that Python keeps for itself and this language does not have. */
const REFUSED_WORDS = new Set(
  (
    'lambda await yield import from for while def class return del with assert raise try global nonlocal pass ' +
    'async'
  ).split(' '),
);

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

/**
 * Parses `source`, an expression without its `$`.
 * @param ofVoxels the body of a lambda: methods are read, and `&`, `|` and `~`.
 * @throws Unsupported for Python that this language leaves out, by name and column; InvalidBundle for what is not
 *   Python either.
 */
export function parseExpression(source: string, place: Place, ofVoxels = false): Expression {
  return new Parser(readTokens(source, place), place, ofVoxels).parse();
}

class Parser {
  #next = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly place: Place,
    private readonly ofVoxels: boolean,
  ) {}

  parse(): Expression {
    if (this.#peek().kind === 'end') throw new InvalidBundle(this.place, 'an empty expression.');
    const tree = this.#tupleOrOne();
    const rest = this.#peek();
    if (rest.kind !== 'end') this.#refuse(rest);
    return tree;
  }

  /** `a, b` without brackets is a tuple. */
  #tupleOrOne(): Expression {
    const first = this.#conditional();
    if (!this.#isOperator(',')) return first;
    const items = [first];
    while (this.#takeOperator(',')) {
      if (this.#peek().kind === 'end') break;
      items.push(this.#conditional());
    }
    return { kind: 'list', items, at: first.at };
  }

  #conditional(): Expression {
    return this.#deeper(() => {
      const whenTrue = this.#or();
      if (!this.#takeWord('if')) return whenTrue;
      const condition = this.#or();
      if (!this.#takeWord('else')) this.#refuse(this.#peek(), '"else"');
      return { kind: 'conditional', condition, whenTrue, whenFalse: this.#conditional(), at: whenTrue.at };
    });
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord('or')) left = { kind: 'logical', operator: 'or', left, right: this.#and(), at: left.at };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takeWord('and')) left = { kind: 'logical', operator: 'and', left, right: this.#not(), at: left.at };
    return left;
  }

  #not(): Expression {
    const { at } = this.#peek();
    if (!this.#takeWord('not')) return this.#comparison();
    return this.#deeper(() => ({ kind: 'unary', operator: 'not', operand: this.#not(), at }));
  }

  #comparison(): Expression {
    const first = this.#bits();
    const rest: ComparisonStep[] = [];
    for (let operator = this.#comparisonOperator(); operator; operator = this.#comparisonOperator()) {
      rest.push({ operator, operand: this.#bits() });
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, at: first.at };
  }

  #comparisonOperator(): Comparison | undefined {
    const token = this.#peek();
    if (token.kind === 'operator' && COMPARISONS.has(token.text)) {
      this.#next += 1;
      return token.text as Comparison;
    }
    if (this.#takeWord('in')) return 'in';
    if (this.#takeWord('is')) return this.#takeWord('not') ? 'is not' : 'is';
    if (!this.#takeWord('not')) return undefined;
    if (!this.#takeWord('in')) this.#refuse(this.#peek(), '"in"');
    return 'not in';
  }

  #bits(): Expression {
    if (!this.ofVoxels) return this.#sum();
    return this.#leftToRight(['|'], () => this.#leftToRight(['&'], () => this.#sum()));
  }

  #sum(): Expression {
    return this.#leftToRight(['+', '-'], () => this.#product());
  }

  #product(): Expression {
    return this.#leftToRight(['*', '/', '//', '%'], () => this.#unary());
  }

  #leftToRight(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((one) => this.#isOperator(one));
      if (operator === undefined) return left;
      this.#next += 1;
      left = { kind: 'binary', operator, left, right: operand(), at: left.at };
    }
  }

  #unary(): Expression {
    const { at, text } = this.#peek();
    const operator = (['-', '+', '~'] as const).find((one) => one === text && this.#isOperator(one));
    if (operator === undefined || (operator === '~' && !this.ofVoxels)) return this.#power();
    this.#next += 1;
    return this.#deeper(() => ({ kind: 'unary', operator, operand: this.#unary(), at }));
  }

  #power(): Expression {
    const left = this.#postfix();
    if (!this.#takeOperator('**')) return left;
    return this.#deeper(() => ({ kind: 'binary', operator: '**', left, right: this.#unary(), at: left.at }));
  }

  #postfix(): Expression {
    let subject = this.#atom();
    while (this.#isOperator('[') || this.#isOperator('(') || this.#isOperator('.')) {
      const token = this.#peek();
      if (token.text === '[') subject = this.#deeper(() => this.#indexOrSlice(subject));
      else if (token.text === '(') subject = this.#deeper(() => this.#call(subject));
      else subject = this.#method(subject);
    }
    return subject;
  }

  #method(subject: Expression): Expression {
    const dot = this.#peek();
    const name = this.tokens[this.#next + 1]?.text ?? '';
    const open = this.tokens[this.#next + 2];
    if (!this.ofVoxels || open?.kind !== 'operator' || open.text !== '(') {
      this.#unsupported(`the attribute ".${name}"`, dot);
    }
    this.#next += 2;
    return this.#deeper(() => ({ kind: 'method', subject, name, ...this.#arguments(), at: dot.at }));
  }

  #indexOrSlice(subject: Expression): Expression {
    this.#next += 1;
    const start = this.#isOperator(':') ? undefined : this.#tupleFreeIndex();
    if (!this.#takeOperator(':')) {
      this.#expect(']');
      return { kind: 'index', subject, index: start ?? this.#refuse(this.#peek()), at: subject.at };
    }
    const stop = this.#isOperator(':') || this.#isOperator(']') ? undefined : this.#conditional();
    const step = this.#takeOperator(':') && !this.#isOperator(']') ? this.#conditional() : undefined;
    this.#expect(']');
    return { kind: 'slice', subject, start, stop, step, at: subject.at };
  }

  #tupleFreeIndex(): Expression {
    const index = this.#conditional();
    if (this.#isOperator(',')) this.#unsupported('an index of several axes', this.#peek());
    return index;
  }

  #call(subject: Expression): Expression {
    const open = this.#peek();
    if (subject.kind !== 'name') {
      const what = subject.kind === 'reference' ? `@${subject.id}` : 'a value';
      return this.#unsupported(`calling ${what}`, open);
    }
    return { kind: 'call', name: subject.name, ...this.#arguments(), at: subject.at };
  }

  /** From the bracket that opens to the one that closes. */
  #arguments(): { arguments: Expression[]; keywords: [string, Expression][] } {
    this.#next += 1;
    const keywords: [string, Expression][] = [];
    const items = this.#items(')', () => {
      const token = this.#peek();
      if (this.#isOperator('*') || this.#isOperator('**')) this.#unsupported(`unpacking with "${token.text}"`, token);
      const following = this.tokens[this.#next + 1];
      if (token.kind === 'name' && following?.kind === 'operator' && following.text === '=') {
        this.#next += 2;
        const value = { ...this.#conditional(), at: token.at };
        keywords.push([token.text, value]);
        return value;
      }
      if (keywords.length > 0) this.#refuse(token, 'a keyword');
      return this.#conditional();
    });
    return { arguments: items.slice(0, items.length - keywords.length), keywords };
  }

  #atom(): Expression {
    const token = this.#peek();
    this.#next += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: token.value, at: token.at };
      case 'string':
        return { kind: 'literal', value: token.value + this.#adjacentStrings(), at: token.at };
      case 'reference':
        return { kind: 'reference', id: token.id, at: token.at };
      case 'name':
        return this.#name(token);
      case 'operator':
        if (token.text === '(') return this.#deeper(() => this.#parenthesis(token.at));
        if (token.text === '[') return this.#deeper(() => ({ kind: 'list', items: this.#items(']'), at: token.at }));
        if (token.text === '{') return this.#deeper(() => this.#dict(token.at));
    }
    this.#next -= 1;
    return this.#refuse(token, 'a value');
  }

  #adjacentStrings(): string {
    let text = '';
    for (let token = this.#peek(); token.kind === 'string'; token = this.#peek()) {
      text += token.value;
      this.#next += 1;
    }
    return text;
  }

  #name(token: Token): Expression {
    const { at } = token;
    if (token.text === 'True' || token.text === 'False') return { kind: 'literal', value: token.text === 'True', at };
    if (token.text === 'None') return { kind: 'literal', value: null, at };
    if (REFUSED_WORDS.has(token.text)) this.#unsupported(`"${token.text}"`, token);
    if (['if', 'else', 'and', 'or', 'not', 'in', 'is'].includes(token.text)) {
      this.#next -= 1;
      return this.#refuse(token, 'a value');
    }
    let name = token.text;
    while (this.#isOperator('.') && this.tokens[this.#next + 1]?.kind === 'name') {
      name += `.${this.tokens[this.#next + 1]?.text}`;
      this.#next += 2;
    }
    return { kind: 'name', name, at };
  }

  /** `()` and `(a,)` are tuples, `(a)` is `a`. */
  #parenthesis(at: number): Expression {
    const items: Expression[] = [];
    while (!this.#isOperator(')')) {
      items.push(this.#element());
      if (this.#takeOperator(',')) continue;
      this.#expect(')');
      return items.length === 1 ? items[0]! : { kind: 'list', items, at };
    }
    this.#next += 1;
    return { kind: 'list', items, at };
  }

  #dict(at: number): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.#isOperator('}')) {
      const key = this.#element();
      if (!this.#isOperator(':')) this.#unsupported('a set', { ...this.#peek(), at });
      this.#next += 1;
      entries.push([key, this.#element()]);
      if (!this.#takeOperator(',')) break;
    }
    this.#expect('}');
    return { kind: 'dict', entries, at };
  }

  #items(close: string, element: () => Expression = () => this.#element()): Expression[] {
    const items: Expression[] = [];
    while (!this.#isOperator(close)) {
      items.push(element());
      if (this.#isWord('for')) this.#unsupported('a comprehension', this.#peek());
      if (!this.#takeOperator(',')) break;
    }
    this.#expect(close);
    return items;
  }

  #element(): Expression {
    const token = this.#peek();
    if (this.#isOperator('*') || this.#isOperator('**')) this.#unsupported(`unpacking with "${token.text}"`, token);
    const value = this.#conditional();
    if (this.#isWord('for')) this.#unsupported('a comprehension', this.#peek());
    return value;
  }

  #deeper<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_EXPRESSION_DEPTH) {
      throw new InvalidBundle(this.place, `an expression of more than ${MAX_EXPRESSION_DEPTH} levels.`);
    }
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  #peek(): Token {
    return this.tokens[this.#next] ?? this.tokens.at(-1)!;
  }

  #isOperator(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'operator' && token.text === text;
  }

  #isWord(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'name' && token.text === text;
  }

  #takeOperator(text: string): boolean {
    if (!this.#isOperator(text)) return false;
    this.#next += 1;
    return true;
  }

  #takeWord(text: string): boolean {
    if (!this.#isWord(text)) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takeOperator(text)) this.#refuse(this.#peek(), `"${text}"`);
  }

  #unsupported(what: string, token: Token): never {
    throw new Unsupported(
      `${what} at column ${token.at} of the expression is not read here`,
      this.place,
      'Write the value itself.',
    );
  }

  #refuse(token: Token, expected = 'the end'): never {
    if (token.kind === 'operator' && ['<<', '>>', '&', '|', '^', '~', ':=', '->', ';'].includes(token.text)) {
      this.#unsupported(`the operator "${token.text}"`, token);
    }
    if (token.kind === 'name' && REFUSED_WORDS.has(token.text)) this.#unsupported(`"${token.text}"`, token);
    const found = token.kind === 'end' ? 'the end' : `"${token.text.slice(0, 40)}"`;
    throw new InvalidBundle(this.place, `column ${token.at} of the expression: expected ${expected}, found ${found}.`);
  }
}
