// Questions about a tensor that have plain answers: sizes, type, device.
import { DTYPES, isFloating } from '../dtypes.js';
import { elementCount, stridesOf } from '../graph/constant.js';
import { listOf } from '../values.js';
import { normalizeAxis } from './axes.js';
import { define, type Operator } from './define.js';

export const QUERIES: readonly Operator[] = [
  define('size(Tensor self) -> int[]', (args) => listOf(args.tensor('self').shape.map(BigInt))),
  define('size.int(Tensor self, int dim) -> int', (args) => {
    const { shape } = args.tensor('self');
    return BigInt(shape[normalizeAxis(args, args.int('dim'), shape.length)]!);
  }),
  define('dim(Tensor self) -> int', (args) => BigInt(args.tensor('self').rank)),
  define('numel(Tensor self) -> int', (args) => BigInt(elementCount(args.tensor('self').shape))),
  define('len.Tensor(Tensor t) -> int', (args) => BigInt(args.tensor('t').shape[0] ?? 0)),
  define('stride(Tensor self) -> int[]', (args) => listOf(stridesOf(args.tensor('self').shape).map(BigInt))),
  define('dtype(Tensor a) -> int', (args) => BigInt(DTYPES[args.tensor('a').dtype].code)),
  define('layout(Tensor a) -> Layout', () => 0n),
  define('device(Tensor a) -> Device', () => ({ kind: 'device', name: 'cpu' })),
  define(
    [
      'is_cuda(Tensor a) -> bool',
      'is_mps(Tensor a) -> bool',
      'is_quantized(Tensor a) -> bool',
      'is_sparse(Tensor a) -> bool',
      'is_mkldnn(Tensor a) -> bool',
      'is_complex(Tensor self) -> bool',
      'requires_grad(Tensor a) -> bool',
    ],
    () => false,
  ),
  define('is_floating_point(Tensor self) -> bool', (args) => isFloating(args.tensor('self').dtype)),
  define('is_contiguous(Tensor self) -> bool', (args) => args.tensor('self').contiguous),
].flat();
