// Whole numbers that follow from open sizes, as nodes: the sizes are read off the inputs, multiplied, moved.
import { DTYPES } from '../dtypes.js';
import { type Constant, makeConstant } from './constant.js';
import type { Ref } from './graph.js';
import type { OnnxNode } from './onnx-schema.js';
import type { SizeNumber } from './sizes.js';
import type { SpreadConstant, Unified } from './unify.js';

export interface SizeNumbers {
  /** Come before all others. Filled as vectors are asked for. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly { readonly name: string; readonly constant: Constant }[];
  /** The name of the value that holds these numbers for the sizes at hand. */
  vector(ref: Ref, numbers: readonly SizeNumber[]): string;
  /** The name of a constant spread over the sizes at hand. */
  spread(ref: Ref, constant: SpreadConstant): string;
  /** The name of a constant with these numbers. */
  plain(numbers: readonly number[]): string;
}

/** The shape for `Reshape` when one size depends on open ones: -1 stands for it. */
export function reshapeWithoutSizes(numbers: readonly SizeNumber[]): readonly number[] | undefined {
  const varying = numbers.filter(({ factor }) => factor !== 0).length;
  const isEmpty = numbers.some(({ factor, offset }) => factor === 0 && offset === 0);
  if (varying !== 1 || isEmpty) return undefined;
  return numbers.map(({ factor, offset }) => (factor === 0 ? offset : -1));
}

type Add = (opType: string, input: readonly string[], output: string, attribute?: OnnxNode['attribute']) => string;

export function emitSizeNumbers(unified: Unified, names: (ref: Ref) => string): SizeNumbers {
  const nodes: OnnxNode[] = [];
  const constants: { name: string; constant: Constant }[] = [];
  const known = new Map<string, string>();
  const add: Add = (opType, input, output, attribute = []) => {
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
      const name = `size.constant.${constants.length}`;
      constants.push({ name, constant: makeConstant('int64', [numbers.length], numbers) });
      return name;
    });
  const steps = (index: number): string => once(`steps ${index}`, () => readSteps(unified, index, names, add, plain));
  /** The product of the steps of open sizes, a vector of one. */
  const product = (of: readonly number[]): string =>
    once(`product ${of}`, () => {
      const [last, ...before] = [...of].reverse();
      if (before.length === 0) return steps(last!);
      return add('Mul', [product(before.reverse()), steps(last!)], `size.product.${known.size}`);
    });
  /** Numbers that are multiples of one product; plain ones are multiples by 0. */
  const multiples = (of: readonly number[], numbers: readonly SizeNumber[]): string => {
    const label = `sizes.${known.size}`;
    const scaled = add('Mul', [product(of), plain(numbers.map(({ factor }) => factor))], `${label}.scaled`);
    return add('Add', [scaled, plain(numbers.map(({ offset }) => offset))], label);
  };
  const vector = (ref: Ref, numbers: readonly SizeNumber[]): string => {
    const constant = unified.numbers.has(ref) ? unified.program.values[ref]! : undefined;
    const isScalar = constant?.shape.length === 0;
    const dtype = constant?.dtype ?? 'int64';
    const convert = (made: string): string =>
      dtype === 'int64'
        ? made
        : add('Cast', [made], `${made}.${dtype}`, [{ name: 'to', type: 2, i: DTYPES[dtype].onnx }]);
    const key = `${dtype} ${isScalar ? 'scalar ' : ''}${numbers.map(({ factor, of, offset }) => `${factor}[${of}]${offset}`)}`;
    return once(key, () => {
      const varying = numbers.filter(({ factor }) => factor !== 0);
      const isOne = varying.every(({ of }) => of.join() === varying[0]!.of.join());
      if (isOne) {
        const made = multiples(varying[0]!.of, numbers);
        return convert(isScalar ? add('Squeeze', [made, plain([0])], `${made}.scalar`) : made);
      }
      const pieces = numbers.map((number) =>
        number.factor === 0
          ? plain([number.offset])
          : once(`number ${JSON.stringify(number)}`, () => multiples(number.of, [number])),
      );
      return convert(add('Concat', pieces, `sizes.${known.size}.joined`, [{ name: 'axis', type: 2, i: 0 }]));
    });
  };
  const spread = (ref: Ref, { constant, sizes }: SpreadConstant): string =>
    once(`spread ${ref}`, () => {
      const name = `size.spread.${ref}`;
      constants.push({ name: `${name}.one`, constant });
      return add('Expand', [`${name}.one`, vector(ref, sizes)], name);
    });
  return { nodes, constants, plain, vector, spread };
}

/** The steps of an open size as a vector of one, from the first input that has it as a size. */
function readSteps(
  unified: Unified,
  index: number,
  names: (ref: Ref) => string,
  add: Add,
  plain: (numbers: readonly number[]) => string,
): string {
  const { name, step } = unified.openSizes[index]!;
  for (const [at, sizes] of unified.inputSizes.entries()) {
    const axis = sizes.findIndex(
      ({ factor, of, offset }) => factor === step && of.length === 1 && of[0] === index && offset === 0,
    );
    if (axis < 0) continue;
    const shape = add('Shape', [names(unified.program.inputs[at]!)], `size.${name}.shape`);
    const size = add('Gather', [shape, plain([axis])], `size.${name}`, [{ name: 'axis', type: 2, i: 0 }]);
    return step === 1 ? size : add('Div', [size, plain([step])], `size.${name}.steps`);
  }
  throw new Error(`No input has ${name} as a size.`);
}
