// What translations share: tensors from nodes, views, operands brought to one type.
import { type DType, isFloating, promoteTypes } from '../dtypes.js';
import type { Graph, Ref } from '../graph/graph.js';
import { broadcastShapes, cast } from '../graph/moves.js';
import { Tensor } from '../graph/tensor.js';
import type { Arguments, Scalar } from './arguments.js';

export type Operand = Tensor | Scalar;

/** A tensor of its own for a value of the graph. */
export function tensorOf(graph: Graph, ref: Ref): Tensor {
  const { dtype, shape } = graph.value(ref);
  return new Tensor(ref, { dtype, shape });
}

export function isOperandTensor(operand: Operand): operand is Tensor {
  return operand instanceof Tensor;
}

/** `torch.result_type`: tensors with axes count more than those without, and those more than plain numbers. */
export function resultType(...operands: readonly Operand[]): DType {
  const tensors = operands.filter(isOperandTensor);
  const ranked = promoteAll(tensors.filter(({ rank }) => rank > 0).map(({ dtype }) => dtype));
  const single = promoteAll(tensors.filter(({ rank }) => rank === 0).map(({ dtype }) => dtype));
  const plain = promoteAll(
    operands.filter((operand) => !isOperandTensor(operand)).map((value) => scalarType(value as Scalar)),
  );
  return combine(combine(ranked, single), plain) ?? 'float32';
}

export function scalarType(value: Scalar): DType {
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'int64' : 'float32';
}

/** The result type, or float32 when that would be whole numbers: what division and `exp` give. */
export function floatResultType(...operands: readonly Operand[]): DType {
  const dtype = resultType(...operands);
  return isFloating(dtype) ? dtype : 'float32';
}

/** An operand's numbers in a type. */
export function operandRef(graph: Graph, operand: Operand, dtype: DType): Ref {
  return isOperandTensor(operand) ? cast(graph, operand.ref(graph), dtype) : graph.scalar(dtype, Number(operand));
}

/** A node of two operands, cast to `dtype` before and spread over each other. */
export function elementwise(
  args: Arguments,
  graph: Graph,
  opType: string,
  operands: readonly Operand[],
  dtype: DType,
  resultDType: DType = dtype,
): Tensor {
  const refs = operands.map((operand) => operandRef(graph, operand, dtype));
  return tensorOf(graph, graph.node(opType, refs, { dtype: resultDType, shape: commonShape(args, operands) }));
}

/** @throws OperatorError when the shapes do not broadcast. */
export function commonShape(args: Arguments, operands: readonly Operand[]): number[] {
  const shapes = operands.map((operand) => (isOperandTensor(operand) ? operand.shape : []));
  const shape = broadcastShapes(...shapes);
  if (!shape) throw args.error(`Shapes ${shapes.map((one) => `[${one}]`).join(' and ')} do not fit each other.`);
  return shape;
}

function promoteAll(dtypes: readonly DType[]): DType | undefined {
  return dtypes.length === 0 ? undefined : dtypes.reduce(promoteTypes);
}

/** The lower rank decides only where it is of a higher kind: bool, whole numbers, floats. */
function combine(higher: DType | undefined, lower: DType | undefined): DType | undefined {
  if (higher === undefined || lower === undefined) return higher ?? lower;
  if (isFloating(higher)) return higher;
  return higher === 'bool' || isFloating(lower) ? promoteTypes(higher, lower) : higher;
}
