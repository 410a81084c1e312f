// Nodes of constants, computed while the program is read: index arithmetic, masks, tables of positions.
import type { Constant } from './constant.js';
import type { AttributeValue, ValueFacts } from './graph.js';

/** The node's answer, or undefined for operators that are left to ONNX Runtime. */
export function foldNode(
  _opType: string,
  _inputs: readonly (Constant | undefined)[],
  _attributes: Readonly<Record<string, AttributeValue>>,
  _output: ValueFacts,
): Constant | undefined {
  return undefined;
}
