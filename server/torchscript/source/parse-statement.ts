// Statements: assignments, branches, loops, returns. What TorchScript's printer never writes is refused by its name.
import type { Expression, NameExpression, Statement, Target } from './ast.js';
import { parseExpression, parseExpressionOrTuple } from './parse-expression.js';
import type { TokenStream } from './token-stream.js';

/** A block: a newline, an indented run of statements. */
export function parseBlock(tokens: TokenStream): Statement[] {
  tokens.expect(':');
  tokens.expectType('newline');
  tokens.expectType('indent');
  const statements: Statement[] = [];
  while (tokens.peek.type !== 'dedent' && tokens.peek.type !== 'end') statements.push(parseStatement(tokens));
  if (tokens.peek.type === 'dedent') tokens.take();
  return statements;
}

function parseStatement(tokens: TokenStream): Statement {
  const { at, type, text } = tokens.peek;
  if (type === 'name') {
    switch (text) {
      case 'if':
        return parseIf(tokens);
      case 'for':
        return parseFor(tokens);
      case 'while': {
        tokens.take();
        const condition = parseExpression(tokens);
        return { does: 'while', at, condition, body: parseBlock(tokens) };
      }
      case 'with': {
        tokens.take();
        const context = parseExpression(tokens);
        const name = tokens.accept('as') ? tokens.expectType('name').text : undefined;
        return { does: 'with', at, context, name, body: parseBlock(tokens) };
      }
      case 'return': {
        tokens.take();
        const value = tokens.peek.type === 'newline' ? undefined : parseExpressionOrTuple(tokens);
        tokens.expectType('newline');
        return { does: 'return', at, value };
      }
      case 'pass':
        tokens.take();
        tokens.expectType('newline');
        return { does: 'pass', at };
    }
  }
  return parseSimple(tokens);
}

function parseIf(tokens: TokenStream): Statement {
  const { at } = tokens.take();
  const condition = parseExpression(tokens);
  const then = parseBlock(tokens);
  if (tokens.is('elif')) return { does: 'if', at, condition, then, otherwise: [parseIf(tokens)] };
  const otherwise = tokens.accept('else') ? parseBlock(tokens) : [];
  return { does: 'if', at, condition, then, otherwise };
}

function parseFor(tokens: TokenStream): Statement {
  const { at } = tokens.take();
  const name = tokens.expectType('name');
  const target: NameExpression = { is: 'name', name: name.text, at: name.at };
  tokens.expect('in');
  const over = parseExpression(tokens);
  return { does: 'for', at, target, over, body: parseBlock(tokens) };
}

function parseSimple(tokens: TokenStream): Statement {
  const { at } = tokens.peek;
  const left = parseExpressionOrTuple(tokens);
  if (tokens.accept(':')) {
    parseExpression(tokens); // The type, which the value has anyway.
    tokens.expect('=');
    return finish(tokens, {
      does: 'assign',
      at,
      target: toTarget(tokens, left),
      value: parseExpressionOrTuple(tokens),
    });
  }
  if (!tokens.accept('=')) return finish(tokens, { does: 'evaluate', at, value: left });
  const value = parseExpressionOrTuple(tokens);
  if (left.is === 'tuple') {
    const targets = left.items.map((item) => toTarget(tokens, item));
    return finish(tokens, { does: 'unpack', at, targets, value });
  }
  return finish(tokens, { does: 'assign', at, target: toTarget(tokens, left), value });
}

function finish(tokens: TokenStream, statement: Statement): Statement {
  if (tokens.peek.type !== 'newline') throw tokens.unexpected();
  tokens.take();
  return statement;
}

function toTarget(tokens: TokenStream, expression: Expression): Target {
  const { is } = expression;
  if (is === 'name' || is === 'attribute' || (is === 'subscript' && expression.index !== undefined)) return expression;
  throw tokens.error('damaged', 'something is assigned to what is no name.', expression.at);
}
