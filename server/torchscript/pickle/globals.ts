// The globals that a pickle of TorchScript may name. None is ever called: each is a rule for plain data.
import type { DType } from '../dtypes.js';

/** What a `GLOBAL` stands for. */
export type PickleGlobal =
  | { readonly kind: 'class'; readonly typeName: string }
  | { readonly kind: 'storage'; readonly dtype: DType }
  | { readonly kind: 'ordered-dict' | 'list' | 'tensor' | 'parameter' | 'device' | 'tag' };

const STORAGES: ReadonlyMap<string, DType> = new Map([
  ['ByteStorage', 'uint8'],
  ['CharStorage', 'int8'],
  ['ShortStorage', 'int16'],
  ['IntStorage', 'int32'],
  ['LongStorage', 'int64'],
  ['HalfStorage', 'float16'],
  ['FloatStorage', 'float32'],
  ['DoubleStorage', 'float64'],
  ['BoolStorage', 'bool'],
  ['BFloat16Storage', 'bfloat16'],
]);

const FIXED: ReadonlyMap<string, PickleGlobal> = new Map<string, PickleGlobal>([
  ['collections.OrderedDict', { kind: 'ordered-dict' }],
  ['torch._utils._rebuild_tensor_v2', { kind: 'tensor' }],
  ['torch._utils._rebuild_parameter', { kind: 'parameter' }],
  ['torch.device', { kind: 'device' }],
  ['torch.jit._pickle.build_intlist', { kind: 'list' }],
  ['torch.jit._pickle.build_doublelist', { kind: 'list' }],
  ['torch.jit._pickle.build_boollist', { kind: 'list' }],
  ['torch.jit._pickle.build_tensorlist', { kind: 'list' }],
  ['torch.jit._pickle.restore_type_tag', { kind: 'tag' }],
]);

/** A class of the archive: dotted names, nothing else. */
const CLASS = /^__torch__(?:\.[A-Za-z_]\w*)+$/;

/** The rule for a global, or undefined when nothing may name it. */
export function findGlobal(module: string, name: string): PickleGlobal | undefined {
  const qualified = `${module}.${name}`;
  const fixed = FIXED.get(qualified);
  if (fixed !== undefined) return fixed;
  const dtype = module === 'torch' ? STORAGES.get(name) : undefined;
  if (dtype !== undefined) return { kind: 'storage', dtype };
  const isTorchbind = qualified.startsWith('__torch__.torch.classes.');
  return CLASS.test(qualified) && !isTorchbind ? { kind: 'class', typeName: qualified } : undefined;
}
