// The tree of an expression: what the parser makes and the evaluator walks. `at` is a column, from 1 after the `$`.
import type { Value } from './values.js';

/** `&` and `|` occur in lambdas only. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '&' | '|';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not';

export type Expression = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: Value }
  /** `@a::b`; `id` is `a::b`. */
  | { readonly kind: 'reference'; readonly id: string }
  /** `torch.float32`, `len`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'unary'; readonly operator: '+' | '-' | 'not' | '~'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `a < b <= c`: each operand is evaluated once at most. */
  | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly ComparisonStep[] }
  | { readonly kind: 'logical'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: 'index'; readonly subject: Expression; readonly index: Expression }
  /** `x[start:stop:step]`, each of them optional. */
  | {
      readonly kind: 'slice';
      readonly subject: Expression;
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    }
  /** `f(a, b, c=1)`; a keyword's `at` is its name's. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly keywords: readonly (readonly [string, Expression])[];
    }
  /** `x.f(a, b, c=1)`, in lambdas only; `at` is the dot's. */
  | {
      readonly kind: 'method';
      readonly subject: Expression;
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly keywords: readonly (readonly [string, Expression])[];
    }
);

export interface ComparisonStep {
  readonly operator: Comparison;
  readonly operand: Expression;
}
