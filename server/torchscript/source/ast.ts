// The program as a tree: the part of Python that TorchScript's own printer writes, and no more.

/** Where a node stands: characters from the beginning of its file. */
interface Placed {
  readonly at: number;
}

export type Expression =
  | NameExpression
  | ConstantExpression
  | SequenceExpression
  | DictExpression
  | AttributeExpression
  | SubscriptExpression
  | CallExpression
  | NegateExpression;

export interface NameExpression extends Placed {
  readonly is: 'name';
  readonly name: string;
}

/** `null` is None, a `bigint` an int, a `number` a float. */
export interface ConstantExpression extends Placed {
  readonly is: 'constant';
  readonly value: null | boolean | bigint | number | string;
}

export interface SequenceExpression extends Placed {
  readonly is: 'list' | 'tuple';
  readonly items: readonly Expression[];
}

export interface DictExpression extends Placed {
  readonly is: 'dict';
  readonly entries: readonly (readonly [Expression, Expression])[];
}

export interface AttributeExpression extends Placed {
  readonly is: 'attribute';
  readonly object: Expression;
  readonly name: string;
}

/** `object[index]`, or `object[start:stop]` when `slice` is there. */
export interface SubscriptExpression extends Placed {
  readonly is: 'subscript';
  readonly object: Expression;
  readonly index: Expression | undefined;
  readonly slice: { readonly start: Expression | undefined; readonly stop: Expression | undefined } | undefined;
}

export interface CallExpression extends Placed {
  readonly is: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly kwargs: readonly { readonly name: string; readonly value: Expression }[];
}

export interface NegateExpression extends Placed {
  readonly is: 'negate';
  readonly operand: Expression;
}

export type Target = NameExpression | AttributeExpression | SubscriptExpression;

export type Statement =
  | { readonly does: 'assign'; readonly at: number; readonly target: Target; readonly value: Expression }
  | { readonly does: 'unpack'; readonly at: number; readonly targets: readonly Target[]; readonly value: Expression }
  | { readonly does: 'evaluate'; readonly at: number; readonly value: Expression }
  | { readonly does: 'return'; readonly at: number; readonly value: Expression | undefined }
  | IfStatement
  | ForStatement
  | WhileStatement
  | WithStatement
  | { readonly does: 'pass'; readonly at: number };

export interface IfStatement extends Placed {
  readonly does: 'if';
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface ForStatement extends Placed {
  readonly does: 'for';
  readonly target: NameExpression;
  readonly over: Expression;
  readonly body: readonly Statement[];
}

export interface WhileStatement extends Placed {
  readonly does: 'while';
  readonly condition: Expression;
  readonly body: readonly Statement[];
}

/** `with torch.no_grad():` and contexts of the network's own. */
export interface WithStatement extends Placed {
  readonly does: 'with';
  readonly context: Expression;
  readonly name: string | undefined;
  readonly body: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  /** The annotation: a type is written as an expression. */
  readonly type: Expression | undefined;
  readonly default: Expression | undefined;
}

export interface FunctionDefinition extends Placed {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: Expression | undefined;
  readonly body: readonly Statement[];
}

export interface ClassDefinition extends Placed {
  readonly name: string;
  /** `Module`, `NamedTuple`, `Enum`, `Interface`, or empty. */
  readonly base: string;
  /** Attributes in order, with their types, and the values of constants. */
  readonly attributes: readonly Parameter[];
  readonly methods: ReadonlyMap<string, FunctionDefinition>;
}

/** A file of `code/`. */
export interface SourceFile {
  /** How many words it was. */
  readonly tokens: number;
  readonly classes: ReadonlyMap<string, ClassDefinition>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
}
