// Our trees as test/golden/torchscript/source_trees.py writes Python's own: plain lists, with places as lines and columns.
import type {
  ClassDefinition,
  ConstantExpression,
  Expression,
  FunctionDefinition,
  SourceFile,
  Statement,
} from '../../../server/torchscript/source/ast.js';

export type Tree = string | null | number | readonly Tree[];

/** Line, from 1 on, and column, from 0 on, of a character, as Python counts them in a text of ASCII. */
export type PlaceOf = (at: number) => readonly [line: number, column: number];

export function placesIn(text: string): PlaceOf {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (at) => {
    let line = starts.length;
    while (starts[line - 1]! > at) line -= 1;
    return [line, at - starts[line - 1]!];
  };
}

export class Normaliser {
  readonly #place: PlaceOf;

  constructor(place: PlaceOf) {
    this.#place = place;
  }

  file({ classes, functions }: SourceFile): Tree {
    return [
      [...classes.values()].map((found) => this.#class(found)),
      [...functions.values()].map((found) => this.#function(found)),
    ];
  }

  expression(node: Expression): Tree {
    switch (node.is) {
      case 'name':
        return ['name', ...this.#place(node.at), node.name];
      case 'constant':
        return this.#constant(node);
      case 'list':
      case 'tuple':
        return [node.is, ...node.items.map((item) => this.expression(item))];
      case 'dict':
        return ['dict', ...node.entries.map((entry) => entry.map((item) => this.expression(item)))];
      case 'attribute':
        return ['attribute', this.expression(node.object), node.name];
      case 'subscript': {
        const { object, index, slice } = node;
        if (slice) return ['slice', this.expression(object), this.#maybe(slice.start), this.#maybe(slice.stop)];
        return ['subscript', this.expression(object), this.#maybe(index)];
      }
      case 'call': {
        const named = node.kwargs.map(({ name, value }) => [name, this.expression(value)]);
        return ['call', this.expression(node.callee), node.args.map((item) => this.expression(item)), named];
      }
      case 'negate':
        return ['negate', this.expression(node.operand)];
    }
  }

  #constant({ value, at }: ConstantExpression): Tree {
    const place = this.#place(at);
    if (value === null) return ['None', ...place];
    if (typeof value === 'boolean') return [value ? 'True' : 'False', ...place];
    if (typeof value === 'bigint') return ['int', ...place, String(value)];
    return typeof value === 'number' ? ['float', ...place, bits(value)] : ['text', ...place, value];
  }

  #maybe(node: Expression | undefined): Tree {
    return node === undefined ? null : this.expression(node);
  }

  #block(body: readonly Statement[]): Tree {
    return body.map((item) => this.#statement(item));
  }

  #statement(node: Statement): Tree {
    const start = [node.does, ...this.#place(node.at)];
    switch (node.does) {
      case 'assign':
        return [...start, this.expression(node.target), this.expression(node.value)];
      case 'unpack':
        return [...start, node.targets.map((target) => this.expression(target)), this.expression(node.value)];
      case 'evaluate':
        return [...start, this.expression(node.value)];
      case 'return':
        return [...start, this.#maybe(node.value)];
      case 'if':
        return [...start, this.expression(node.condition), this.#block(node.then), this.#block(node.otherwise)];
      case 'for':
        return [...start, this.expression(node.target), this.expression(node.over), this.#block(node.body)];
      case 'while':
        return [...start, this.expression(node.condition), this.#block(node.body)];
      case 'with':
        return [...start, this.expression(node.context), node.name ?? null, this.#block(node.body)];
      case 'pass':
        return start;
    }
  }

  #function({ name, at, parameters, returns, body }: FunctionDefinition): Tree {
    const taken = parameters.map((one) => [one.name, this.#maybe(one.type), this.#maybe(one.default)]);
    return [name, ...this.#place(at), taken, this.#maybe(returns), this.#block(body)];
  }

  #class({ name, at, base, attributes, methods }: ClassDefinition): Tree {
    const held = attributes.map((one) => [one.name, this.#maybe(one.type), this.#maybe(one.default)]);
    return [name, ...this.#place(at), base, held, [...methods.values()].map((method) => this.#function(method))];
  }
}

/** The 64 bits of a float, in hexadecimal. */
function bits(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}
