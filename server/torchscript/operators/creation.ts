// New tensors, conversions between number types, and numbers read back from tensors.
import { type DType, isFloating } from '../dtypes.js';
import { elementCount, readNumbers } from '../graph/constant.js';
import type { Graph } from '../graph/graph.js';
import { cast, expand } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import { isList, isTensor, type Value } from '../values.js';
import type { Arguments, Scalar } from './arguments.js';
import { scalarType, tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { listed } from './listed.js';

/** One number everywhere. A scalar that is spread, so that large ones cost nothing. */
function filled(graph: Graph, shape: readonly number[], value: number, dtype: DType): Tensor {
  return tensorOf(graph, expand(graph, graph.scalar(dtype, value), shape));
}

const dtypeOf = (args: Arguments, otherwise: DType) => args.optionalDType('dtype') ?? otherwise;

function fillNew(name: string, value: number): readonly Operator[] {
  return define(name, (args, { graph }) => filled(graph, args.ints('size'), value, dtypeOf(args, 'float32')));
}

function fillLike(names: readonly string[], value: (args: Arguments) => number): readonly Operator[] {
  return define(names, (args, { graph }) => {
    const self = args.tensor('self');
    const shape = args.names.includes('size') ? args.ints('size') : self.shape;
    return filled(graph, shape, value(args), dtypeOf(args, self.dtype));
  });
}

function range(args: Arguments, graph: Graph): Tensor {
  const start: Scalar = args.names.includes('start') ? args.scalar('start') : 0n;
  const step: Scalar = args.names.includes('step') ? args.scalar('step') : 1n;
  const end = args.scalar('end');
  const count = Math.max(0, Math.ceil((Number(end) - Number(start)) / Number(step)));
  const isWhole = [start, end, step].every((value) => typeof value === 'bigint');
  const dtype = dtypeOf(args, isWhole ? 'int64' : 'float32');
  if (count > MAX_LISTED) {
    const terms = [start, end, step].map((value) => graph.scalar(dtype, Number(value)));
    return tensorOf(graph, graph.node('Range', terms, { dtype, shape: [count] }));
  }
  const numbers = listed(graph, count, (index) => Number(start) + index * Number(step));
  return tensorOf(graph, graph.numbers(dtype, [count], numbers));
}

const MAX_LISTED = 1 << 20;
const MAX_AXES = 8;

function line(args: Arguments, graph: Graph): Tensor {
  const [start, end, steps] = [Number(args.scalar('start')), Number(args.scalar('end')), args.int('steps')];
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // Torch counts from both ends to the middle.
  const numbers = listed(graph, steps, (index) =>
    index < steps / 2 ? start + step * index : end - step * (steps - index - 1),
  );
  return tensorOf(graph, graph.numbers(dtypeOf(args, 'float32'), [steps], numbers));
}

/** `torch.tensor`: numbers or nested lists of them. */
function literal(args: Arguments, graph: Graph, data: Value): Tensor {
  if (isTensor(data)) return tensorOf(graph, cast(graph, data.ref(graph), dtypeOf(args, data.dtype)));
  const shape: number[] = [];
  for (let level: Value = data; isList(level); level = level.items[0] ?? null) {
    shape.push(level.items.length);
    if (shape.length > MAX_AXES) throw args.error(`Lists are nested more than ${MAX_AXES} deep.`);
  }
  const scalars: Scalar[] = [];
  const collect = (value: Value, axis = 0): void => {
    if (shape[axis] !== (isList(value) ? value.items.length : undefined)) {
      throw args.error(`The lists are not of one length each, [${shape}] by the first of them.`);
    }
    if (isList(value)) for (const item of value.items) collect(item, axis + 1);
    else if (isTensor(value)) scalars.push(scalarOf(args, graph, value));
    else scalars.push(value as Scalar);
  };
  graph.meter.compute(elementCount(shape), 8);
  collect(data);
  const isFloat = scalars.some((value) => typeof value === 'number');
  const natural = scalars.length === 0 || isFloat ? 'float32' : scalarType(scalars[0]!);
  return tensorOf(graph, graph.numbers(dtypeOf(args, natural), shape, scalars.map(Number)));
}

/**
 * The number that a tensor of one element holds.
 * @throws OperatorError when it depends on the image.
 */
export function scalarOf(args: Arguments, graph: Graph, tensor: Tensor): Scalar {
  const constant = graph.constantOf(tensor.ref(graph));
  if (!constant) {
    throw args.error(
      'The program reads a number that depends on the image: such a way through it cannot be translated.',
    );
  }
  if (elementCount(tensor.shape) !== 1) throw args.error(`A tensor of shape [${tensor.shape}] is not one number.`);
  const value = readNumbers(constant)[0]!;
  if (tensor.dtype === 'bool') return value !== 0;
  return isFloating(tensor.dtype) ? value : BigInt(value);
}

function convert(args: Arguments, graph: Graph, dtype: DType): Tensor {
  const self = args.tensor('self');
  if (self.dtype !== dtype) return tensorOf(graph, cast(graph, self.ref(graph), dtype));
  const isCopy = args.names.includes('copy') && args.bool('copy');
  return isCopy ? tensorOf(graph, self.ref(graph)) : self;
}

export const CREATION: readonly Operator[] = [
  fillNew('zeros', 0),
  fillNew('ones', 1),
  define('empty.memory_format', (args, { graph }) => filled(graph, args.ints('size'), 0, dtypeOf(args, 'float32'))),
  define('full', (args, { graph }) => {
    const value = args.scalar('fill_value');
    return filled(graph, args.ints('size'), Number(value), dtypeOf(args, scalarType(value)));
  }),
  fillLike(['zeros_like', 'new_zeros', 'empty_like', 'new_empty'], () => 0),
  fillLike(['ones_like', 'new_ones'], () => 1),
  fillLike(['full_like', 'new_full'], (args) => Number(args.scalar('fill_value'))),
  define(['arange', 'arange.start', 'arange.start_step'], (args, { graph }) => range(args, graph)),
  define('linspace', (args, { graph }) => line(args, graph)),
  define(['eye', 'eye.m'], (args, { graph }) => {
    const rows = args.int('n');
    const columns = args.names.includes('m') ? args.int('m') : rows;
    const numbers = listed(graph, rows * columns, (at) => (at % columns === Math.floor(at / columns) ? 1 : 0));
    return tensorOf(graph, graph.numbers(dtypeOf(args, 'float32'), [rows, columns], numbers));
  }),
  define(
    ['tensor.bool', 'tensor.int', 'tensor.float', 'as_tensor.bool', 'as_tensor.int', 'as_tensor.float'],
    (args, { graph }) => literal(args, graph, args.value('t')),
  ),
  define(['tensor', 'as_tensor', 'as_tensor.list'], (args, { graph }) => literal(args, graph, args.value('data'))),
  define('scalar_tensor', (args, { graph }) => {
    const value = args.scalar('s');
    return tensorOf(graph, graph.scalar(dtypeOf(args, 'float32'), Number(value)));
  }),
  define(['NumToTensor.Scalar', 'NumToTensor.bool'], (args, { graph }) => {
    const value = args.scalar('a');
    return tensorOf(graph, graph.scalar(typeof value === 'number' ? 'float64' : scalarType(value), Number(value)));
  }),
  define(['item', 'ScalarImplicit', 'IntImplicit', 'FloatImplicit'], (args, { graph }) =>
    scalarOf(args, graph, args.tensor(args.names[0]!)),
  ),
  define('Int.Tensor', (args, { graph }) => BigInt(Math.trunc(Number(scalarOf(args, graph, args.tensor('a')))))),
  define('Float.Tensor', (args, { graph }) => Number(scalarOf(args, graph, args.tensor('a')))),
  define('Bool.Tensor', (args, { graph }) => Number(scalarOf(args, graph, args.tensor('a'))) !== 0),
  define(
    ['to.dtype', 'to.device', 'to.dtype_layout', 'to.prim_Device', 'to.prim_dtype', 'to.prim_other'],
    (args, { graph }) =>
      convert(
        args,
        graph,
        args.names.includes('dtype') ? dtypeOf(args, args.tensor('self').dtype) : args.tensor('self').dtype,
      ),
  ),
  define(['to.other', 'type_as'], (args, { graph }) => convert(args, graph, args.tensor('other').dtype)),
  define(['cpu', 'cuda'], (args) => args.tensor('self')),
].flat();
