// A file of `code/`: its classes and functions.
import type { ClassDefinition, Expression, FunctionDefinition, Parameter, SourceFile } from './ast.js';
import { tokenize } from './lexer.js';
import { parseExpression, parseExpressionOrTuple } from './parse-expression.js';
import { parseBlock } from './parse-statement.js';
import { TokenStream } from './token-stream.js';

/**
 * Parses the text of a file. `place` names a character's place for messages.
 * @throws TorchScriptError damaged, unsupported, limit
 */
export function parseFile(text: string, maxTokens: number, place: (at: number) => string): SourceFile {
  const words = tokenize(text, maxTokens, place);
  const tokens = new TokenStream(words, place);
  const classes = new Map<string, ClassDefinition>();
  const functions = new Map<string, FunctionDefinition>();
  while (tokens.peek.type !== 'end') {
    if (tokens.is('class')) {
      const found = parseClass(tokens);
      classes.set(found.name, found);
    } else if (tokens.is('def')) {
      const found = parseFunction(tokens);
      functions.set(found.name, found);
    } else {
      parseSetting(tokens);
    }
  }
  return { tokens: words.length, classes, functions };
}

/** `op_version_set = 1`, which PyTorch 1.5 and older put at the top of each file. */
function parseSetting(tokens: TokenStream): void {
  if (!tokens.is('op_version_set')) throw tokens.unexpected();
  tokens.take();
  tokens.expect('=');
  parseExpression(tokens);
  tokens.expectType('newline');
}

function parseFunction(tokens: TokenStream): FunctionDefinition {
  const { at } = tokens.expect('def');
  const name = tokens.expectType('name').text;
  tokens.expect('(');
  const parameters: Parameter[] = [];
  while (!tokens.accept(')')) {
    // A bare star: the parameters after it are called by name, which changes nothing here.
    if (!tokens.accept('*')) parameters.push(parseParameter(tokens));
    if (!tokens.is(')')) tokens.expect(',');
  }
  const returns = tokens.accept('->') ? parseExpression(tokens) : undefined;
  return { name, parameters, returns, body: parseBlock(tokens), at };
}

function parseParameter(tokens: TokenStream): Parameter {
  const name = tokens.expectType('name').text;
  const type = tokens.accept(':') ? parseExpression(tokens) : undefined;
  return { name, type, default: tokens.accept('=') ? parseExpression(tokens) : undefined };
}

function parseClass(tokens: TokenStream): ClassDefinition {
  const { at } = tokens.expect('class');
  const name = tokens.expectType('name').text;
  let base = '';
  if (tokens.accept('(')) {
    base = tokens.is(')') ? '' : tokens.expectType('name').text;
    tokens.expect(')');
  }
  tokens.expect(':');
  tokens.expectType('newline');
  tokens.expectType('indent');
  const attributes: Parameter[] = [];
  const methods = new Map<string, FunctionDefinition>();
  while (tokens.peek.type !== 'dedent' && tokens.peek.type !== 'end') {
    if (tokens.is('def')) {
      const method = parseFunction(tokens);
      methods.set(method.name, method);
    } else if (!tokens.accept('pass')) {
      attributes.push(parseAttribute(tokens));
    } else {
      tokens.expectType('newline');
    }
  }
  if (tokens.peek.type === 'dedent') tokens.take();
  return { name, base, attributes, methods, at };
}

/** `name : Type`, `name : Final[int] = 4`, `__annotations__["0"] = Type`, `__parameters__ = ["weight", ]`. */
function parseAttribute(tokens: TokenStream): Parameter {
  const target = parseExpression(tokens);
  const type = tokens.accept(':') ? parseExpression(tokens) : undefined;
  const value = tokens.accept('=') ? parseExpressionOrTuple(tokens) : undefined;
  if (tokens.peek.type !== 'newline') throw tokens.unexpected();
  tokens.take();
  const annotated = annotatedName(target);
  if (annotated !== undefined) return { name: annotated, type: value, default: undefined };
  if (target.is !== 'name') throw tokens.error('damaged', 'an attribute of a class has no name.');
  return { name: target.name, type, default: value };
}

/** The name in `__annotations__["name"]`. */
function annotatedName(target: Expression): string | undefined {
  if (target.is !== 'subscript' || target.object.is !== 'name' || target.object.name !== '__annotations__') {
    return undefined;
  }
  return target.index?.is === 'constant' && typeof target.index.value === 'string' ? target.index.value : undefined;
}
