// Nodes of an ONNX graph: made in one line, their attributes read by name.
import { ATTRIBUTE, type OnnxAttribute, type OnnxNode } from './messages.js';
import { toNumber } from './tensors.js';

/** The value of an attribute that we write: a whole number, a list of them, a text, or `{ float }`. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

/** A node of ONNX's own operators. It has no name: names must differ, and only messages show them. */
export function makeNode(
  opType: string,
  input: readonly string[],
  output: string | readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  const outputs = typeof output === 'string' ? [output] : [...output];
  return {
    name: '',
    opType,
    input: [...input],
    output: outputs,
    attribute: Object.entries(attributes).map(([name, value]) => makeAttribute(name, value)),
  };
}

/** A whole number, or the default. */
export function intAttribute(node: OnnxNode, name: string, defaultValue: number): number {
  const value = find(node, name)?.i;
  return value === undefined ? defaultValue : toNumber(value);
}

/** A list of whole numbers, or undefined when it is not given. */
export function intsAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  return find(node, name)?.ints?.map(toNumber);
}

/** A text, or the default. */
export function textAttribute(node: OnnxNode, name: string, defaultValue: string): string {
  const bytes = find(node, name)?.s;
  return bytes === undefined ? defaultValue : Buffer.from(bytes).toString('utf8');
}

/** True for a node of ONNX's own operators of that name. */
export function isOperator(node: OnnxNode, opType: string): boolean {
  return node.opType === opType && (!node.domain || node.domain === 'ai.onnx');
}

function find(node: OnnxNode, name: string): OnnxAttribute | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

function makeAttribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE.string, s: Buffer.from(value) };
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float };
  return { name, type: ATTRIBUTE.ints, ints: [...value] };
}
