// The names that an expression may use: data types, MONAI's constants, classes of MONAI's. Nothing behind them runs.
import { PythonName, type Value } from './values.js';

/** Data types of torch by the name that a plan keeps, numpy's. */
const TORCH_TYPES: Readonly<Record<string, string>> = {
  float32: 'float32',
  float: 'float32',
  float64: 'float64',
  double: 'float64',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  uint8: 'uint8',
  int8: 'int8',
  int16: 'int16',
  short: 'int16',
  int32: 'int32',
  int: 'int32',
  int64: 'int64',
  long: 'int64',
  bool: 'bool',
};

const NUMPY_TYPES: Readonly<Record<string, string>> = {
  float16: 'float16',
  half: 'float16',
  float32: 'float32',
  single: 'float32',
  float64: 'float64',
  double: 'float64',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  uint64: 'uint64',
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  bool_: 'bool',
};

/** Python's own types, as numpy takes them for a `dtype`. */
const PYTHON_TYPES: Readonly<Record<string, string>> = { float: 'float64', int: 'int64', bool: 'bool' };

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, inf: Number.POSITIVE_INFINITY };

/** Functions of torch that an argument may name, as `other` of Activations does: they stand for a lambda of theirs. */
const VOXEL_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['sigmoid', 'tanh', 'relu', 'abs', 'exp', 'log', 'sqrt'].map((one) => `torch.${one}`),
  ...['sigmoid', 'tanh', 'relu'].map((one) => `torch.nn.functional.${one}`),
]);

/** The enumerations of `monai.utils` that a configuration may need: their members are strings. */
const MONAI_ENUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CommonKeys: { IMAGE: 'image', LABEL: 'label', PRED: 'pred', LOSS: 'loss', METADATA: 'metadata' },
  BlendMode: { CONSTANT: 'constant', GAUSSIAN: 'gaussian' },
  GridSampleMode: { NEAREST: 'nearest', BILINEAR: 'bilinear', BICUBIC: 'bicubic' },
  GridSamplePadMode: { ZEROS: 'zeros', BORDER: 'border', REFLECTION: 'reflection' },
  InterpolateMode: {
    NEAREST: 'nearest',
    NEAREST_EXACT: 'nearest-exact',
    LINEAR: 'linear',
    BILINEAR: 'bilinear',
    BICUBIC: 'bicubic',
    TRILINEAR: 'trilinear',
    AREA: 'area',
  },
  PytorchPadMode: { CONSTANT: 'constant', REFLECT: 'reflect', REPLICATE: 'replicate', CIRCULAR: 'circular' },
  NumpyPadMode: {
    CONSTANT: 'constant',
    EDGE: 'edge',
    LINEAR_RAMP: 'linear_ramp',
    MAXIMUM: 'maximum',
    MEAN: 'mean',
    MEDIAN: 'median',
    MINIMUM: 'minimum',
    REFLECT: 'reflect',
    SYMMETRIC: 'symmetric',
    WRAP: 'wrap',
    EMPTY: 'empty',
  },
  Method: { SYMMETRIC: 'symmetric', END: 'end' },
};

/** The enumerations of MONAI's that are known. */
export function enumNames(): readonly string[] {
  return Object.keys(MONAI_ENUMS);
}

/** What a dotted name stands for; `undefined` when this language does not have it. */
export function findName(name: string): Value | undefined {
  const path = name.split('.');
  const last = path.at(-1) ?? '';
  const owner = path.slice(0, -1).join('.');
  if (owner === '') return typeName(PYTHON_TYPES, last, name);
  if (VOXEL_FUNCTIONS.has(name)) return new PythonName('function', name, `lambda x: torch.${last}(x)`);
  if (owner === 'torch') return typeName(TORCH_TYPES, last, name) ?? constant(last);
  if (owner === 'np' || owner === 'numpy') return typeName(NUMPY_TYPES, last, name) ?? constant(last);
  if (owner === 'math') return constant(last);
  if (path[0] !== 'monai') return undefined;
  if (path[1] === 'utils' && (path.length === 4 || (path.length === 5 && path[2] === 'enums'))) {
    return enumMember(path.at(-2) ?? '', last);
  }
  const isClass = /^monai\.(?:data|transforms|inferers|engines)(?:\.[a-z_]+)*\.[A-Z][A-Za-z0-9]*$/.test(name);
  return isClass ? new PythonName('class', name, last) : undefined;
}

function typeName(types: Readonly<Record<string, string>>, last: string, name: string): PythonName | undefined {
  const plain = Object.hasOwn(types, last) ? types[last] : undefined;
  return plain === undefined ? undefined : new PythonName('data type', name, plain);
}

function constant(name: string): number | undefined {
  return Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
}

function enumMember(owner: string, member: string): string | undefined {
  const members = Object.hasOwn(MONAI_ENUMS, owner) ? MONAI_ENUMS[owner] : undefined;
  return members !== undefined && Object.hasOwn(members, member) ? members[member] : undefined;
}
