// Expressions: names, constants, lists, calls, attributes, subscripts. Operators are calls in serialised source.
import type { CallExpression, Expression } from './ast.js';
import type { TokenStream } from './token-stream.js';

/** Deeper trees than PyTorch's printer makes: it breaks lines into names long before. */
const MAX_DEPTH = 200;

const CONSTANTS: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ['None', null],
  ['True', true],
  ['False', false],
  ['inf', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

const KEYWORDS = new Set('and as assert async await class def del elif else except finally for from'.split(' '));
for (const word of 'global if import in is lambda nonlocal not or pass raise return try while with yield'.split(' ')) {
  KEYWORDS.add(word);
}

/** @throws TorchScriptError damaged, unsupported, limit */
export function parseExpression(tokens: TokenStream, depth = 0): Expression {
  if (depth > MAX_DEPTH) throw tokens.error('limit', `an expression is nested more than ${MAX_DEPTH} deep.`);
  const { at } = tokens.peek;
  if (tokens.accept('-')) {
    const operand = parseExpression(tokens, depth + 1);
    if (operand.is === 'constant' && (typeof operand.value === 'bigint' || typeof operand.value === 'number')) {
      return { is: 'constant', value: -operand.value, at };
    }
    return { is: 'negate', operand, at };
  }
  return parseTrailers(tokens, parseAtom(tokens, depth), depth);
}

/** Expressions with commas between them, which make a tuple when there is a comma at all. */
export function parseExpressionOrTuple(tokens: TokenStream): Expression {
  const { at } = tokens.peek;
  const first = parseExpression(tokens);
  if (!tokens.is(',')) return first;
  const items = [first];
  while (tokens.accept(',')) {
    if (tokens.peek.type === 'newline' || tokens.is('=')) break;
    items.push(parseExpression(tokens));
  }
  return { is: 'tuple', items, at };
}

function parseAtom(tokens: TokenStream, depth: number): Expression {
  const token = tokens.peek;
  const { at, text } = token;
  switch (token.type) {
    case 'name': {
      if (KEYWORDS.has(text)) throw tokens.unexpected();
      tokens.take();
      const constant = CONSTANTS.get(text);
      return constant === undefined ? { is: 'name', name: text, at } : { is: 'constant', value: constant, at };
    }
    case 'int':
      tokens.take();
      return { is: 'constant', value: BigInt(text), at };
    case 'float':
      tokens.take();
      return { is: 'constant', value: Number(text), at };
    case 'string':
      tokens.take();
      return { is: 'constant', value: text, at };
    default:
      return parseBracketed(tokens, depth);
  }
}

function parseBracketed(tokens: TokenStream, depth: number): Expression {
  const { at } = tokens.peek;
  if (tokens.accept('[')) return { is: 'list', items: parseItems(tokens, ']', depth), at };
  if (tokens.accept('{')) {
    const entries: [Expression, Expression][] = [];
    while (!tokens.accept('}')) {
      const key = parseExpression(tokens, depth + 1);
      tokens.expect(':');
      entries.push([key, parseExpression(tokens, depth + 1)]);
      if (!tokens.is('}')) tokens.expect(',');
    }
    return { is: 'dict', entries, at };
  }
  if (!tokens.accept('(')) throw tokens.unexpected();
  if (tokens.accept(')')) return { is: 'tuple', items: [], at };
  const first = parseExpression(tokens, depth + 1);
  if (tokens.accept(')')) return first;
  tokens.expect(',');
  return { is: 'tuple', items: [first, ...parseItems(tokens, ')', depth)], at };
}

function parseItems(tokens: TokenStream, close: string, depth: number): Expression[] {
  const items: Expression[] = [];
  while (!tokens.accept(close)) {
    items.push(parseExpression(tokens, depth + 1));
    if (!tokens.is(close)) tokens.expect(',');
  }
  return items;
}

/** What follows an expression: `.name`, `(…)`, `[…]`. A long chain is no deeper than a short one when read. */
function parseTrailers(tokens: TokenStream, start: Expression, depth: number): Expression {
  let expression = start;
  for (let count = 0; ; count += 1) {
    if (count > MAX_DEPTH) throw tokens.error('limit', `an expression has more than ${MAX_DEPTH} links.`);
    const { at } = tokens.peek;
    if (tokens.accept('.')) {
      expression = { is: 'attribute', object: expression, name: tokens.expectType('name').text, at };
    } else if (tokens.accept('(')) {
      expression = parseCall(tokens, expression, depth);
    } else if (tokens.accept('[')) {
      expression = parseSubscript(tokens, expression, depth, at);
    } else {
      return expression;
    }
  }
}

/** The place of a call is that of its callee: PyTorch's own ranges begin there. */
function parseCall(tokens: TokenStream, callee: Expression, depth: number): CallExpression {
  const args: Expression[] = [];
  const kwargs: { name: string; value: Expression }[] = [];
  while (!tokens.accept(')')) {
    if (tokens.is('*') || tokens.is('**')) throw tokens.unexpected();
    const argument = parseExpression(tokens, depth + 1);
    if (argument.is === 'name' && tokens.accept('=')) {
      kwargs.push({ name: argument.name, value: parseExpression(tokens, depth + 1) });
    } else {
      if (kwargs.length > 0) throw tokens.error('damaged', 'an argument without a name follows one that has one.');
      args.push(argument);
    }
    if (!tokens.is(')')) tokens.expect(',');
  }
  return { is: 'call', callee, args, kwargs, at: callee.at };
}

function parseSubscript(tokens: TokenStream, object: Expression, depth: number, at: number): Expression {
  const start = tokens.is(':') ? undefined : parseSubscriptIndex(tokens, depth);
  if (!tokens.accept(':')) {
    tokens.expect(']');
    return { is: 'subscript', object, index: start, slice: undefined, at };
  }
  const stop = tokens.is(']') ? undefined : parseExpression(tokens, depth + 1);
  tokens.expect(']');
  return { is: 'subscript', object, index: undefined, slice: { start, stop }, at };
}

/** The index, or the arguments of a type: `Dict[str, int]`. */
function parseSubscriptIndex(tokens: TokenStream, depth: number): Expression {
  const { at } = tokens.peek;
  const first = parseExpression(tokens, depth + 1);
  if (!tokens.is(',')) return first;
  const items = [first];
  while (tokens.accept(',') && !tokens.is(']')) items.push(parseExpression(tokens, depth + 1));
  return { is: 'tuple', items, at };
}
