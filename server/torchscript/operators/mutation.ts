// Operators that write to a tensor, and those that do nothing when a network predicts.
import type { Graph, Ref } from '../graph/graph.js';
import { cast, expand, sameShape } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { operand } from './arithmetic.js';
import { operandRef } from './build.js';
import { define, type Operator } from './define.js';

/**
 * Gives a tensor new numbers, spread and cast to what it is.
 * @throws OperatorError when they do not fit, or when it is a view that shares places.
 */
export function writeTo(args: Arguments, graph: Graph, self: Tensor, ref: Ref): Tensor {
  const { shape } = graph.value(ref);
  const isLarger =
    shape.length > self.rank ||
    shape.some((size, axis) => size !== 1 && size !== self.shape[axis + self.rank - shape.length]);
  if (isLarger) throw args.error(`Numbers of shape [${shape}] do not fit into [${self.shape}].`);
  const converted = cast(graph, ref, self.dtype);
  const fitted = sameShape(shape, self.shape) ? converted : expand(graph, converted, self.shape);
  if (!self.write(graph, fitted)) {
    throw args.error('It writes to a view whose places share numbers: clone() it before.');
  }
  return self;
}

const isTraining = (args: Arguments) => args.bool(args.names.includes('train') ? 'train' : 'training');

export const MUTATION: readonly Operator[] = [
  define('copy_', (args, { graph }) => writeTo(args, graph, args.tensor('self'), args.tensor('src').ref(graph))),
  define(['copy_.Tensor', 'copy_.int', 'copy_.float'], (args, { graph }) => {
    const self = args.tensor('self');
    return writeTo(args, graph, self, operandRef(graph, operand(args, 'other'), self.dtype));
  }),
  define(['fill_.Scalar', 'fill_.Tensor'], (args, { graph }) => {
    const self = args.tensor('self');
    return writeTo(args, graph, self, operandRef(graph, operand(args, 'value'), self.dtype));
  }),
  define('zero_', (args, { graph }) => {
    const self = args.tensor('self');
    return writeTo(args, graph, self, graph.scalar(self.dtype, 0));
  }),
  define(['dropout', 'feature_dropout', 'alpha_dropout', 'feature_alpha_dropout'], (args) => {
    if (isTraining(args) && args.float('p') !== 0)
      throw args.error('It is random in training: call eval() before saving.');
    return args.tensor('input');
  }),
].flat();
