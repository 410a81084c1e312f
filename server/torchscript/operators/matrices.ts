// Products of matrices: linear layers, attention, einsum.
import { elementCount } from '../graph/constant.js';
import type { Graph, Ref } from '../graph/graph.js';
import { binary, broadcastShapes, cast, reshape, squeeze, transpose, unsqueeze } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { planEinsum } from './einsum.js';
import { withNumber } from './elementwise.js';
import { listed } from './listed.js';

/** NumPy's product, as ONNX has it. */
export function matmul(args: Arguments, graph: Graph, a: Ref, b: Ref): Ref {
  const [left, right] = [graph.value(a), graph.value(b)];
  const [x, y] = [left.shape, right.shape];
  if (x.length === 0 || y.length === 0) throw args.error('It takes no scalars.');
  const inner = [x.at(-1)!, y.length === 1 ? y[0]! : y.at(-2)!];
  const batch = broadcastShapes(x.slice(0, -2), y.slice(0, -2));
  if (inner[0] !== inner[1] || !batch) throw args.error(`Shapes [${x}] and [${y}] do not fit.`);
  const shape = [...batch, ...(x.length > 1 ? [x.at(-2)!] : []), ...(y.length > 1 ? [y.at(-1)!] : [])];
  return graph.node('MatMul', [a, b], { dtype: left.dtype, shape });
}

/** x · Wᵀ + b. Rows are put together: one product, whose weights stay as the file has them. */
function linear(args: Arguments, graph: Graph): Tensor {
  const [input, weight, bias] = [args.tensor('input'), args.tensor('weight'), args.optionalTensor('bias')];
  const [outputs, inputs] = weight.rank === 2 ? weight.shape : [1, weight.shape[0]!];
  if (input.shape.at(-1) !== inputs)
    throw args.error(`The input has shape [${input.shape}], the weights [${weight.shape}].`);
  const rows = reshape(graph, input.ref(graph), [elementCount(input.shape.slice(0, -1)), inputs!]);
  const matrix = reshape(graph, weight.ref(graph), [outputs!, inputs!]);
  const terms = [rows, matrix, ...(bias ? [bias.ref(graph)] : [])];
  const shape = [graph.value(rows).shape[0]!, outputs!];
  const product = graph.node('Gemm', terms, { dtype: input.dtype, shape }, { transB: 1 });
  const sizes = [...input.shape.slice(0, -1), ...(weight.rank === 2 ? [outputs!] : [])];
  return tensorOf(graph, reshape(graph, product, sizes));
}

/** β · self + α · a · b. */
function scaledSum(args: Arguments, graph: Graph, first: string, second: string): Tensor {
  const product = matmul(args, graph, args.tensor(first).ref(graph), args.tensor(second).ref(graph));
  const scale = (ref: Ref, name: string) => {
    const factor = Number(args.scalar(name));
    return factor === 1 ? ref : withNumber(graph, 'Mul', ref, factor);
  };
  const scaled = scale(product, 'alpha');
  if (Number(args.scalar('beta')) === 0) return tensorOf(graph, scaled);
  return tensorOf(graph, binary(graph, 'Add', scale(args.tensor('self').ref(graph), 'beta'), scaled));
}

function addmm(args: Arguments, graph: Graph): Tensor {
  const [first, second, self] = [args.tensor('mat1'), args.tensor('mat2'), args.tensor('self')];
  const shape = [first.shape[0]!, second.shape[1]!];
  const attributes = { alpha: { float: Number(args.scalar('alpha')) }, beta: { float: Number(args.scalar('beta')) } };
  const terms = [first, second, self].map((tensor) => tensor.ref(graph));
  return tensorOf(graph, graph.node('Gemm', terms, { dtype: first.dtype, shape }, attributes));
}

/** softmax(q · kᵀ · scale + mask) · v. */
function attention(args: Arguments, graph: Graph): Tensor {
  if (args.float('dropout_p') !== 0) throw args.error('Dropout is random: call eval() before saving.');
  if (args.names.includes('enable_gqa') && args.bool('enable_gqa'))
    throw args.error('Grouped queries are not supported.');
  const [query, key, value] = [args.tensor('query'), args.tensor('key'), args.tensor('value')];
  const width = query.shape.at(-1)!;
  const scale = (args.names.includes('scale') ? args.optionalFloat('scale') : undefined) ?? 1 / Math.sqrt(width);
  const perm = key.shape.map((_, axis) => axis);
  perm.push(perm.splice(-2, 1)[0]!);
  const scaled = withNumber(graph, 'Mul', query.ref(graph), scale);
  let scores = matmul(args, graph, scaled, transpose(graph, key.ref(graph), perm));
  const mask = args.optionalTensor('attn_mask');
  if (mask) scores = addMask(graph, scores, mask.ref(graph));
  if (args.bool('is_causal')) {
    const [rows, columns] = graph.value(scores).shape.slice(-2) as [number, number];
    const allowed = listed(graph, rows * columns, (at) => (at % columns <= Math.floor(at / columns) ? 1 : 0));
    scores = addMask(graph, scores, graph.numbers('bool', [rows, columns], allowed));
  }
  const weights = graph.node('Softmax', [scores], graph.value(scores), { axis: graph.value(scores).shape.length - 1 });
  return tensorOf(graph, matmul(args, graph, weights, value.ref(graph)));
}

/** A mask of booleans keeps or drops; one of numbers is added. */
function addMask(graph: Graph, scores: Ref, mask: Ref): Ref {
  const { dtype, shape } = graph.value(scores);
  if (graph.value(mask).dtype !== 'bool') return binary(graph, 'Add', scores, cast(graph, mask, dtype));
  return graph.node('Where', [mask, scores, graph.scalar(dtype, Number.NEGATIVE_INFINITY)], { dtype, shape });
}

function einsum(args: Arguments, graph: Graph): Tensor {
  const tensors = args.tensors('tensors');
  const plan = planEinsum(
    args,
    args.text('equation'),
    tensors.map((tensor) => tensor.shape),
  );
  const refs = tensors.map((tensor) => tensor.ref(graph));
  return tensorOf(
    graph,
    graph.node('Einsum', refs, { dtype: tensors[0]!.dtype, shape: plan.shape }, { equation: plan.equation }),
  );
}

function vectorProduct(args: Arguments, graph: Graph): Tensor {
  return tensorOf(graph, matmul(args, graph, args.tensor('self').ref(graph), args.tensor(secondOf(args)).ref(graph)));
}

function secondOf(args: Arguments): string {
  return args.names.find((name) => name !== 'self')!;
}

export const MATRICES: readonly Operator[] = [
  define(['matmul', 'mm', 'bmm', 'mv', 'dot'], (args, { graph }) => vectorProduct(args, graph)),
  define('linear', (args, { graph }) => linear(args, graph)),
  define('addmm', (args, { graph }) => addmm(args, graph)),
  define('baddbmm', (args, { graph }) => scaledSum(args, graph, 'batch1', 'batch2')),
  define('addmv', (args, { graph }) => scaledSum(args, graph, 'mat', 'vec')),
  define('outer', (args, { graph }) => {
    const [column, row] = [
      unsqueeze(graph, args.tensor('self').ref(graph), [1]),
      unsqueeze(graph, args.tensor('vec2').ref(graph), [0]),
    ];
    return tensorOf(graph, binary(graph, 'Mul', column, row));
  }),
  define('bilinear', (args, { graph }) => {
    const [first, second, weight] = [args.tensor('input1'), args.tensor('input2'), args.tensor('weight')];
    // Σᵢⱼ xᵢ Wₒᵢⱼ yⱼ, row by row.
    const rows = unsqueeze(graph, first.ref(graph), [first.rank - 1, first.rank]);
    const half = matmul(args, graph, rows, weight.ref(graph));
    const sums = matmul(args, graph, half, unsqueeze(graph, second.ref(graph), [second.rank - 1, second.rank + 1]));
    const plain = squeeze(graph, sums, [first.rank, first.rank + 1]);
    const bias = args.optionalTensor('bias');
    return tensorOf(graph, bias ? binary(graph, 'Add', plain, bias.ref(graph)) : plain);
  }),
  define('einsum', (args, { graph }) => einsum(args, graph)),
  define('scaled_dot_product_attention', (args, { graph }) => attention(args, graph)),
].flat();
