// Normalizations with the statistics that a network uses when it predicts.

import { elementCount } from '../graph/constant.js';
import type { Graph, Ref } from '../graph/graph.js';
import { binary, reshape, unary } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { withNumber } from './elementwise.js';
import { listed } from './listed.js';

/** A parameter, or as many equal numbers where the module has none. */
function parameter(graph: Graph, tensor: Tensor | undefined, like: Tensor, count: number, value: number): Ref {
  return tensor
    ? tensor.ref(graph)
    : graph.numbers(
        like.dtype,
        [count],
        listed(graph, count, () => value),
      );
}

function batchNorm(args: Arguments, graph: Graph): Tensor {
  const input = args.tensor('input');
  const [mean, variance] = [args.optionalTensor('running_mean'), args.optionalTensor('running_var')];
  if (!mean || !variance)
    throw args.error('Statistics of the batch are not supported: the module has no running ones.');
  const channels = input.shape[1]!;
  const inputs = [
    input.ref(graph),
    parameter(graph, args.optionalTensor('weight'), input, channels, 1),
    parameter(graph, args.optionalTensor('bias'), input, channels, 0),
    mean.ref(graph),
    variance.ref(graph),
  ];
  return tensorOf(graph, graph.node('BatchNormalization', inputs, input, { epsilon: { float: args.float('eps') } }));
}

function instanceNorm(args: Arguments, graph: Graph): Tensor {
  const input = args.tensor('input');
  const channels = input.shape[1]!;
  const inputs = [
    input.ref(graph),
    parameter(graph, args.optionalTensor('weight'), input, channels, 1),
    parameter(graph, args.optionalTensor('bias'), input, channels, 0),
  ];
  return tensorOf(graph, graph.node('InstanceNormalization', inputs, input, { epsilon: { float: args.float('eps') } }));
}

/** Groups become the channels of an instance norm: what torch's own exporter writes. */
function groupNorm(args: Arguments, graph: Graph): Tensor {
  const input = args.tensor('input');
  const groups = args.int('num_groups');
  const [batch, channels, ...spatial] = input.shape as [number, number, ...number[]];
  const perGroup = (channels / groups) * elementCount(spatial);
  const grouped = reshape(graph, input.ref(graph), [batch, groups, perGroup]);
  const inputs = [
    grouped,
    parameter(graph, undefined, input, groups, 1),
    parameter(graph, undefined, input, groups, 0),
  ];
  const attributes = { epsilon: { float: args.float('eps') } };
  const normalized = graph.node('InstanceNormalization', inputs, graph.value(grouped), attributes);
  let ref = reshape(graph, normalized, input.shape);
  const spread = [channels, ...spatial.map(() => 1)];
  const [weight, bias] = [args.optionalTensor('weight'), args.optionalTensor('bias')];
  if (weight) ref = binary(graph, 'Mul', ref, reshape(graph, weight.ref(graph), spread));
  if (bias) ref = binary(graph, 'Add', ref, reshape(graph, bias.ref(graph), spread));
  return tensorOf(graph, ref);
}

function layerNorm(args: Arguments, graph: Graph): Tensor {
  const input = args.tensor('input');
  const shape = args.ints('normalized_shape');
  const [weight, bias] = [args.optionalTensor('weight'), args.optionalTensor('bias')];
  const ones = () =>
    graph.numbers(
      input.dtype,
      shape,
      listed(graph, elementCount(shape), () => 1),
    );
  const inputs = [input.ref(graph), weight ? weight.ref(graph) : ones(), ...(bias ? [bias.ref(graph)] : [])];
  const attributes = { axis: input.rank - shape.length, epsilon: { float: args.float('eps') } };
  return tensorOf(graph, graph.node('LayerNormalization', inputs, input, attributes));
}

/** x / √(mean(x²) + ε) · weight. */
function rmsNorm(args: Arguments, graph: Graph): Tensor {
  const input = args.tensor('input');
  const ref = input.ref(graph);
  const count = args.ints('normalized_shape').length;
  const axes = Array.from({ length: count }, (_, index) => input.rank - count + index);
  const shape = input.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const mean = graph.node(
    'ReduceMean',
    [binary(graph, 'Mul', ref, ref)],
    { dtype: input.dtype, shape },
    { axes, keepdims: 1 },
  );
  const root = unary(graph, 'Sqrt', withNumber(graph, 'Add', mean, args.optionalFloat('eps') ?? FLOAT32_EPSILON));
  const normalized = binary(graph, 'Div', ref, root);
  const weight = args.optionalTensor('weight');
  return tensorOf(graph, weight ? binary(graph, 'Mul', normalized, weight.ref(graph)) : normalized);
}

const FLOAT32_EPSILON = 2 ** -23;

export const NORMALIZATION: readonly Operator[] = [
  define('batch_norm', (args, { graph }) => {
    if (args.bool('training'))
      throw args.error('It takes statistics of the batch in training: call eval() before saving.');
    return batchNorm(args, graph);
  }),
  define('instance_norm', (args, { graph }) =>
    args.bool('use_input_stats') ? instanceNorm(args, graph) : batchNorm(args, graph),
  ),
  define('group_norm', (args, { graph }) => groupNorm(args, graph)),
  define('layer_norm', (args, { graph }) => layerNorm(args, graph)),
  define('rms_norm', (args, { graph }) => rmsNorm(args, graph)),
].flat();
