// Whole numbers that depend on the batch, as nodes: the batch is read off an input, then scaled.
import { type Constant, makeConstant } from './constant.js';
import type { Ref } from './graph.js';
import type { OnnxNode } from './onnx-schema.js';
import type { BatchNumber, SpreadConstant, Unified } from './unify.js';

export interface BatchNumbers {
  /** Come before all others. Filled as vectors are asked for. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly { readonly name: string; readonly constant: Constant }[];
  /** The name of the value that holds these numbers for the batch at hand. */
  vector(ref: Ref, numbers: readonly BatchNumber[]): string;
  /** The name of a constant spread over the batch at hand. */
  spread(ref: Ref, constant: SpreadConstant): string;
  /** The name of a constant with these numbers. */
  plain(numbers: readonly number[]): string;
}

/** The shape for `Reshape` when one size depends on the batch: -1 stands for it. */
export function reshapeWithoutBatch(numbers: readonly BatchNumber[]): readonly number[] | undefined {
  const varying = numbers.filter(({ factor }) => factor !== 0).length;
  const isEmpty = numbers.some(({ factor, offset }) => factor === 0 && offset === 0);
  if (varying !== 1 || isEmpty) return undefined;
  return numbers.map(({ factor, offset }) => (factor === 0 ? offset : -1));
}

export function emitBatchNumbers(unified: Unified, names: (ref: Ref) => string): BatchNumbers {
  const nodes: OnnxNode[] = [];
  const constants: { name: string; constant: Constant }[] = [];
  const known = new Map<string, string>();
  const add = (opType: string, input: readonly string[], output: string, attribute: OnnxNode['attribute'] = []) => {
    nodes.push({ name: '', opType, input, output: [output], attribute });
    return output;
  };
  const once = (key: string, make: () => string): string => {
    const name = known.get(key) ?? make();
    known.set(key, name);
    return name;
  };
  const plain = (numbers: readonly number[]): string =>
    once(`plain ${numbers}`, () => {
      const name = `batch.constant.${constants.length}`;
      constants.push({ name, constant: makeConstant('int64', [numbers.length], numbers) });
      return name;
    });
  const batch = (): string => once('batch', () => readBatch(unified, names, add, plain));
  const vector = (ref: Ref, numbers: readonly BatchNumber[]): string => {
    const isScalar = unified.numbers.has(ref) && unified.program.values[ref]!.shape.length === 0;
    const key = `${isScalar ? 'scalar ' : ''}${numbers.map(({ factor, offset }) => `${factor}b${offset}`)}`;
    return once(key, () => {
      const label = `batch.sizes.${known.size}`;
      const scaled = add('Mul', [batch(), plain(numbers.map(({ factor }) => factor))], `${label}.scaled`);
      const moved = add('Add', [scaled, plain(numbers.map(({ offset }) => offset))], label);
      return isScalar ? add('Squeeze', [moved, plain([0])], `${label}.scalar`) : moved;
    });
  };
  const spread = (ref: Ref, { constant, sizes }: SpreadConstant): string =>
    once(`spread ${ref}`, () => {
      const name = `batch.spread.${ref}`;
      constants.push({ name: `${name}.one`, constant });
      return add('Expand', [`${name}.one`, vector(ref, sizes)], name);
    });
  return { nodes, constants, plain, vector, spread };
}

/** The batch as a vector of one, from the first input that has an axis of exactly that size. */
function readBatch(
  unified: Unified,
  names: (ref: Ref) => string,
  add: (opType: string, input: readonly string[], output: string, attribute?: OnnxNode['attribute']) => string,
  plain: (numbers: readonly number[]) => string,
): string {
  for (const [index, sizes] of unified.inputSizes.entries()) {
    const axis = sizes.findIndex(({ factor, offset }) => factor === 1 && offset === 0);
    if (axis < 0) continue;
    const shape = add('Shape', [names(unified.program.inputs[index]!)], 'batch.shape');
    return add('Gather', [shape, plain([axis])], 'batch.size', [{ name: 'axis', type: 2, i: 0 }]);
  }
  throw new Error('No input has the batch as a size.');
}
