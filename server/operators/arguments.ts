// Reads the arguments of a transform, and refuses what MONAI or this host would not take, naming the place.
import { InvalidBundle, Unsupported } from '../errors.js';
import type { PadMode } from '../imaging/crop-pad.js';
import type { Place, PlainValue } from '../workflows/plan.js';
import type { ArgumentSpec, Arguments } from './operator.js';

/** Accepted by every dictionary form; without effect here. */
export const DICTIONARY_ARGUMENTS: readonly ArgumentSpec[] = [
  { name: 'allow_missing_keys', defaultValue: false, ignored: true, dictionaryOnly: true },
];

/** `lazy` of the spatial transforms: merged resampling gives other numbers, so only `false` is taken. */
export const LAZY: ArgumentSpec = { name: 'lazy', defaultValue: false };

/** The types that voxels can be asked to have. */
export const DTYPES = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const;
export type Dtype = (typeof DTYPES)[number];

/** Typed access to the arguments of one transform. Every message names `place` with the argument behind it. */
export class ArgumentReader {
  constructor(
    private readonly args: Arguments,
    private readonly place: Place,
  ) {}

  value(name: string): PlainValue {
    return this.args[name] ?? null;
  }

  invalid(name: string, expected: string): never {
    throw new InvalidBundle(this.placeOf(name), `is ${JSON.stringify(this.value(name))}, expected ${expected}.`);
  }

  unsupported(name: string, feature: string, remedy = ''): never {
    throw new Unsupported(feature, this.placeOf(name), remedy);
  }

  /** As Python's truth: the zoo has `"True"` for `true`. The text "False" would be true in Python and is refused. */
  boolean(name: string): boolean {
    const value = this.single(name);
    if (value === null) return false;
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return value !== 0;
    if (typeof value === 'string' && /^true$/i.test(value)) return true;
    return this.invalid(name, 'true or false');
  }

  number(name: string): number {
    const value = this.single(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : this.invalid(name, 'a number');
  }

  numberOrNull(name: string): number | null {
    return this.single(name) === null ? null : this.number(name);
  }

  integer(name: string, least = Number.NEGATIVE_INFINITY): number {
    const value = this.number(name);
    const bound = least > Number.NEGATIVE_INFINITY ? ` of at least ${least}` : '';
    return Number.isInteger(value) && value >= least ? value : this.invalid(name, `a whole number${bound}`);
  }

  integerOrNull(name: string, least?: number): number | null {
    return this.single(name) === null ? null : this.integer(name, least);
  }

  string(name: string): string {
    const value = this.single(name);
    return typeof value === 'string' ? value : this.invalid(name, 'a text');
  }

  stringOrNull(name: string): string | null {
    return this.single(name) === null ? null : this.string(name);
  }

  /** A number or a list of numbers, as a list. */
  numbers(name: string): readonly number[] {
    const value = this.value(name);
    const list = Array.isArray(value) ? (value as readonly PlainValue[]) : [value];
    for (const one of list) {
      if (typeof one !== 'number' || !Number.isFinite(one)) this.invalid(name, 'a number or a list of numbers');
    }
    return list as readonly number[];
  }

  numbersOrNull(name: string): readonly number[] | null {
    return this.value(name) === null ? null : this.numbers(name);
  }

  integers(name: string): readonly number[] {
    const list = this.numbers(name);
    if (!list.every(Number.isInteger)) this.invalid(name, 'a whole number or a list of whole numbers');
    return list;
  }

  integersOrNull(name: string): readonly number[] | null {
    return this.value(name) === null ? null : this.integers(name);
  }

  /** One of `supported`; one of `known` that is not supported is refused as such. */
  option<T extends string>(name: string, supported: readonly T[], known: readonly string[] = []): T {
    const value = this.single(name);
    if ((supported as readonly PlainValue[]).includes(value)) return value as T;
    const list = supported.map((one) => `"${one}"`).join(', ');
    if (typeof value === 'string' && known.includes(value)) {
      this.unsupported(name, `"${value}" is not supported`, `This host does ${list}.`);
    }
    return this.invalid(name, `one of ${list}`);
  }

  /** A type as MONAI takes it: `np.uint8`, `torch.float32`, `float32`; null stays null. */
  dtype(name: string): Dtype | null {
    const value = this.single(name);
    if (value === null) return null;
    if (typeof value !== 'string') return this.invalid(name, 'the name of a type');
    const bare = value.replace(/^\$?/, '').replace(/^.*\./, '');
    const alias = {
      float: value.includes('torch') ? 'float32' : 'float64',
      double: 'float64',
      int: 'int32',
      long: 'int32',
      int64: 'int32',
    }[bare];
    const dtype = DTYPES.find((one) => one === (alias ?? bare));
    return (
      dtype ?? this.unsupported(name, `the type ${value} is not supported`, `This host does ${DTYPES.join(', ')}.`)
    );
  }

  /** Refuses an argument that is set to anything but what MONAI has when it is left out. */
  mustBeUnset(name: string, feature: string, remedy = ''): void {
    const value = this.value(name);
    if (value !== null && value !== false && value !== '') this.unsupported(name, feature, remedy);
  }

  /** Refuses lazy resampling. */
  notLazy(): void {
    if (this.boolean('lazy')) this.unsupported('lazy', 'lazy resampling is not supported', 'Set it to false.');
  }

  /** A list that stands for one value (`["bilinear"]`, or the same for every key) is that value. */
  private single(name: string): PlainValue {
    const value = this.value(name);
    if (!Array.isArray(value)) return value;
    const list = value as readonly PlainValue[];
    const first = list[0];
    return first !== undefined && list.every((one) => one === first) ? first : value;
  }

  private placeOf(name: string): Place {
    return placeOfArgument(this.place, name);
  }
}

/** Where an argument of the transform at a place stands. */
export function placeOfArgument(place: Place, name: string): Place {
  return { file: place.file, key: `${place.key}::${name}` };
}

/**
 * The type that voxels are cast to on their way. Networks take float32 and nothing here computes in more: float64 is
 * float32, and integers of 64 bits are those of 32.
 */
export function voxelDtype(read: ArgumentReader, name: string): Dtype | null {
  const dtype = read.dtype(name);
  return dtype === 'float64' ? 'float32' : dtype;
}

/** Intensities are computed and kept in float32, as MONAI's default has it. */
export function onlyFloat32(read: ArgumentReader, name: string): void {
  const dtype = read.dtype(name);
  if (dtype !== null && !dtype.startsWith('float')) {
    read.unsupported(name, `${dtype} as the type of intensities is not supported`, 'Use float32.');
  }
}

const PAD_MODES = [
  'constant',
  'replicate',
  'edge',
  'reflect',
  'circular',
  'wrap',
  'symmetric',
  'minimum',
  'maximum',
  'mean',
  'median',
  'linear_ramp',
] as const;

/** How voxels beyond the edge come to be, by torch's names or by numpy's. */
export function padMode(read: ArgumentReader, name: string): PadMode {
  const mode = read.option(name, PAD_MODES, ['empty']);
  return mode === 'edge' ? 'replicate' : mode === 'wrap' ? 'circular' : mode;
}

/** How many axes a neighbour may differ along; null for all. */
export function connectivity(read: ArgumentReader): number | null {
  const value = read.integerOrNull('connectivity', 1);
  return value !== null && value > 4 ? read.invalid('connectivity', '1, 2, 3 or null') : value;
}
