// Activations.
import { type DType, isFloating } from '../dtypes.js';
import type { AttributeValue, Graph, Ref } from '../graph/graph.js';
import { binary, cast, reshape, slice, unary } from '../graph/moves.js';
import type { Arguments } from './arguments.js';
import { clampTo } from './arithmetic.js';
import { normalizeAxis } from './axes.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { pointwise, pointwiseFloat, withNumber } from './elementwise.js';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** An activation that ONNX has under another name. */
function activation(name: string, opType: string, attributes: (args: Arguments) => Attributes = () => ({})) {
  return define(name, (args, { graph }) => {
    const self = args.tensor('self');
    return tensorOf(graph, graph.node(opType, [self.ref(graph)], self, attributes(args)));
  });
}

const float = (args: Arguments, name: string) => ({ float: Number(args.scalar(name)) });

function times(compute: (graph: Graph, ref: Ref) => Ref) {
  return (graph: Graph, ref: Ref) => binary(graph, 'Mul', ref, compute(graph, ref));
}

function softplus(graph: Graph, ref: Ref): Ref {
  return unary(graph, 'Softplus', ref);
}

function softmax(args: Arguments, graph: Graph, opType: string) {
  const self = args.tensor('self');
  const dtype: DType = args.optionalDType('dtype') ?? self.dtype;
  const axis = normalizeAxis(args, args.int('dim'), self.rank);
  const ref = cast(graph, self.ref(graph), dtype);
  return tensorOf(graph, graph.node(opType, [ref], { dtype, shape: self.shape }, { axis }));
}

/** 0.5 · x · (1 + erf(x / √2)): the pattern that ONNX Runtime joins to one kernel. */
function exactGelu(graph: Graph, ref: Ref): Ref {
  const error = unary(graph, 'Erf', withNumber(graph, 'Div', ref, Math.SQRT2));
  return withNumber(graph, 'Mul', binary(graph, 'Mul', ref, withNumber(graph, 'Add', error, 1)), 0.5);
}

function tanhGelu(graph: Graph, ref: Ref): Ref {
  const cube = binary(graph, 'Mul', binary(graph, 'Mul', ref, ref), ref);
  const inner = binary(graph, 'Add', ref, withNumber(graph, 'Mul', cube, 0.044715));
  const tanh = unary(graph, 'Tanh', withNumber(graph, 'Mul', inner, Math.sqrt(2 / Math.PI)));
  return binary(graph, 'Mul', withNumber(graph, 'Mul', ref, 0.5), withNumber(graph, 'Add', tanh, 1));
}

export const ACTIVATIONS: readonly Operator[] = [
  pointwise('relu', (graph, ref, dtype) =>
    isFloating(dtype) ? unary(graph, 'Relu', ref) : withNumber(graph, 'Max', ref, 0),
  ),
  define('relu6', (args, { graph }) => clampTo(args, graph, args.tensor('self'), 0n, 6n)),
  define('hardtanh', (args, { graph }) =>
    clampTo(args, graph, args.tensor('self'), args.scalar('min_val'), args.scalar('max_val')),
  ),
  activation('leaky_relu', 'LeakyRelu', (args) => ({ alpha: float(args, 'negative_slope') })),
  define('rrelu', (args, { graph }) => {
    if (args.bool('training')) throw args.error('It is random in training: call eval() before saving.');
    const self = args.tensor('self');
    const alpha = { float: (Number(args.scalar('lower')) + Number(args.scalar('upper'))) / 2 };
    return tensorOf(graph, graph.node('LeakyRelu', [self.ref(graph)], self, { alpha }));
  }),
  define('prelu', (args, { graph }) => {
    const [self, weight] = [args.tensor('self'), args.tensor('weight')];
    const spread = new Array<number>(Math.max(self.rank - 2, 0)).fill(1);
    const slope = weight.shape[0] === 1 ? [1] : [weight.shape[0]!, ...spread];
    return tensorOf(graph, graph.node('PRelu', [self.ref(graph), reshape(graph, weight.ref(graph), slope)], self));
  }),
  define('elu', (args, { graph }) => {
    if (Number(args.scalar('scale')) !== 1 || Number(args.scalar('input_scale')) !== 1) {
      const alpha = Number(args.scalar('alpha')) * Number(args.scalar('scale'));
      throw args.error(`Only scales of 1 are supported (alpha ${alpha}).`);
    }
    const self = args.tensor('self');
    return tensorOf(graph, graph.node('Elu', [self.ref(graph)], self, { alpha: float(args, 'alpha') }));
  }),
  activation('selu', 'Selu'),
  activation('celu', 'Celu', (args) => ({ alpha: float(args, 'alpha') })),
  define('gelu', (args, { graph }) => {
    const ref = args.tensor('self').ref(graph);
    return tensorOf(graph, args.text('approximate') === 'tanh' ? tanhGelu(graph, ref) : exactGelu(graph, ref));
  }),
  pointwiseFloat(
    'silu',
    times((graph, ref) => unary(graph, 'Sigmoid', ref)),
  ),
  pointwiseFloat(
    'mish',
    times((graph, ref) => unary(graph, 'Tanh', softplus(graph, ref))),
  ),
  activation('hardsigmoid', 'HardSigmoid', () => ({ alpha: { float: 1 / 6 }, beta: { float: 0.5 } })),
  activation('hardswish', 'HardSwish'),
  define('softplus', (args, { graph }) => {
    const self = args.tensor('self');
    const ref = self.ref(graph);
    const [beta, limit] = [Number(args.scalar('beta')), Number(args.scalar('threshold'))];
    const scaled = beta === 1 ? ref : withNumber(graph, 'Mul', ref, beta);
    const curve = beta === 1 ? softplus(graph, scaled) : withNumber(graph, 'Div', softplus(graph, scaled), beta);
    const isLinear = graph.node('Greater', [scaled, graph.scalar(self.dtype, limit)], {
      dtype: 'bool',
      shape: self.shape,
    });
    return tensorOf(graph, graph.node('Where', [isLinear, ref, curve], self));
  }),
  pointwiseFloat('log_sigmoid', (graph, ref) => unary(graph, 'Neg', softplus(graph, unary(graph, 'Neg', ref)))),
  define('threshold', (args, { graph }) => {
    const self = args.tensor('self');
    const [limit, value] = ['threshold', 'value'].map((name) => graph.scalar(self.dtype, Number(args.scalar(name))));
    const isOver = graph.node('Greater', [self.ref(graph), limit], { dtype: 'bool', shape: self.shape });
    return tensorOf(graph, graph.node('Where', [isOver, self.ref(graph), value], self));
  }),
  activation('hardshrink', 'Shrink', (args) => ({ lambd: float(args, 'lambd'), bias: { float: 0 } })),
  activation('softshrink', 'Shrink', (args) => ({ lambd: float(args, 'lambd'), bias: float(args, 'lambd') })),
  define('softmax.int', (args, { graph }) => softmax(args, graph, 'Softmax')),
  define('log_softmax.int', (args, { graph }) => softmax(args, graph, 'LogSoftmax')),
  define('glu', (args, { graph }) => {
    const self = args.tensor('self');
    const axis = normalizeAxis(args, args.int('dim'), self.rank);
    const half = self.shape[axis]! / 2;
    const [left, right] = [
      slice(graph, self.ref(graph), axis, 0, half),
      slice(graph, self.ref(graph), axis, half, half * 2),
    ];
    return tensorOf(graph, binary(graph, 'Mul', left, unary(graph, 'Sigmoid', right)));
  }),
].flat();
