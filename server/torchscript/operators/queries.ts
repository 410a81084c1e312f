// Questions about a tensor that have plain answers: sizes, type, device.
import { DTYPES, isFloating } from '../dtypes.js';
import { elementCount, readNumbers } from '../graph/constant.js';
import type { Graph } from '../graph/graph.js';
import { listOf } from '../values.js';
import type { Arguments } from './arguments.js';
import { normalizeAxis } from './axes.js';
import { define, type Operator } from './define.js';

export const QUERIES: readonly Operator[] = [
  define('size', (args) => listOf(args.tensor('self').shape.map(BigInt))),
  define('size.int', (args) => {
    const { shape } = args.tensor('self');
    return BigInt(shape[normalizeAxis(args, args.int('dim'), shape.length)]!);
  }),
  define('dim', (args) => BigInt(args.tensor('self').rank)),
  define('numel', (args) => BigInt(elementCount(args.tensor('self').shape))),
  define('len.Tensor', (args) => BigInt(args.tensor('t').shape[0] ?? 0)),
  define('stride', (args) => listOf(args.tensor('self').strides.map(BigInt))),
  define('dtype', (args) => BigInt(DTYPES[args.tensor('a').dtype].code)),
  define('layout', () => 0n),
  define('device', () => ({ kind: 'device', name: 'cpu' })),
  define(
    ['is_cuda', 'is_mps', 'is_quantized', 'is_sparse', 'is_nested', 'is_mkldnn', 'is_complex', 'requires_grad'],
    () => false,
  ),
  define('equal', (args, { graph }) => areEqual(args, graph)),
  define('is_floating_point', (args) => isFloating(args.tensor('self').dtype)),
  define('is_contiguous', (args) => args.tensor('self').contiguous),
].flat();

/** One tensor is itself, other sizes are another; numbers are compared where they are known. */
function areEqual(args: Arguments, graph: Graph): boolean {
  const [self, other] = [args.tensor('self'), args.tensor('other')];
  if (self.ref(graph) === other.ref(graph)) return true;
  if (self.shape.join() !== other.shape.join()) return false;
  const [left, right] = [self, other].map((tensor) => graph.constantOf(tensor.ref(graph)));
  if (!left || !right) throw args.error('Whether two tensors are equal differs from image to image.');
  const [ours, theirs] = [readNumbers(left), readNumbers(right)];
  return Array.prototype.every.call(ours, (number, index) => number === theirs[index]);
}
