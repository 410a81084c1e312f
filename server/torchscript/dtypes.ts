// The number types of torch: their codes in TorchScript, their ONNX types, their sizes, and how they promote.

export interface DTypeFacts {
  /** `c10::ScalarType`: the int that TorchScript's source holds for a dtype. */
  readonly code: number;
  /** `TensorProto.DataType`. */
  readonly onnx: number;
  readonly sizeBytes: number;
  readonly category: 'bool' | 'integer' | 'float';
}

export const DTYPES = {
  uint8: { code: 0, onnx: 2, sizeBytes: 1, category: 'integer' },
  int8: { code: 1, onnx: 3, sizeBytes: 1, category: 'integer' },
  int16: { code: 2, onnx: 5, sizeBytes: 2, category: 'integer' },
  int32: { code: 3, onnx: 6, sizeBytes: 4, category: 'integer' },
  int64: { code: 4, onnx: 7, sizeBytes: 8, category: 'integer' },
  float16: { code: 5, onnx: 10, sizeBytes: 2, category: 'float' },
  float32: { code: 6, onnx: 1, sizeBytes: 4, category: 'float' },
  float64: { code: 7, onnx: 11, sizeBytes: 8, category: 'float' },
  bool: { code: 11, onnx: 9, sizeBytes: 1, category: 'bool' },
  bfloat16: { code: 15, onnx: 16, sizeBytes: 2, category: 'float' },
} as const satisfies Record<string, DTypeFacts>;

export type DType = keyof typeof DTYPES;

export const DTYPE_NAMES = Object.keys(DTYPES) as readonly DType[];

/** The dtype of a code, or undefined for those that no network here uses (complex, quantized, …). */
export function dtypeOfCode(code: number): DType | undefined {
  return DTYPE_NAMES.find((name) => DTYPES[name].code === code);
}

export function isFloating(dtype: DType): boolean {
  return DTYPES[dtype].category === 'float';
}

const SIGNED_BY_SIZE = ['int8', 'int16', 'int32', 'int64'] as const;

/** `torch.promote_types`. */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a === 'bool') return b;
  if (b === 'bool') return a;
  const [floatA, floatB] = [isFloating(a), isFloating(b)];
  if (floatA !== floatB) return floatA ? a : b;
  if (floatA) {
    if (DTYPES[a].sizeBytes === DTYPES[b].sizeBytes) return 'float32';
    return DTYPES[a].sizeBytes > DTYPES[b].sizeBytes ? a : b;
  }
  if (a === 'uint8' || b === 'uint8') {
    const other = a === 'uint8' ? b : a;
    return other === 'int8' ? 'int16' : other;
  }
  const rank = (dtype: DType) => SIGNED_BY_SIZE.indexOf(dtype as (typeof SIGNED_BY_SIZE)[number]);
  return rank(a) > rank(b) ? a : b;
}
