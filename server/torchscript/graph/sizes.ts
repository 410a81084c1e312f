// Whole numbers that follow from sizes which are left open: found by what they are for several of those sizes.

/** A size that is left open: an image's batch, or its axis. Numbers count in steps of it. */
export interface OpenSize {
  /** Part of the names of ONNX's dimensions. */
  readonly name: string;
  /** The size is a multiple of this many cells: one step. */
  readonly step: number;
}

/** Steps of each open size, in their order. */
export type Sample = readonly number[];

/** `factor · product of the steps of some open sizes + offset`; a plain number has the factor 0. */
export interface SizeNumber {
  readonly factor: number;
  /** Which open sizes, by their index; empty when the factor is 0. */
  readonly of: readonly number[];
  readonly offset: number;
}

/**
 * What a number follows from.
 * @param samples The first; then one for each open size, in which that one alone differs; then any that must agree.
 * @param values What the number is for each of them.
 * @returns Undefined when nothing of this form explains them
 */
export function sizeThrough(values: readonly number[], samples: readonly Sample[]): SizeNumber | undefined {
  const [base, first] = [values[0]!, samples[0]!];
  const of = first.flatMap((_, index) => (values[index + 1] === base ? [] : [index]));
  const found = of.length === 1 ? onLine(values, samples, of[0]!) : asProduct(base, first, of);
  if (found === undefined) return undefined;
  return samples.every((sample, index) => valueFor(found, sample) === values[index]) ? found : undefined;
}

/** The number for some steps of the open sizes. */
export function valueFor({ factor, of, offset }: SizeNumber, sample: Sample): number {
  return factor === 0 ? offset : factor * productOf(of, sample) + offset;
}

/** The same for each number of a list, such as a shape. */
export function sizesThrough(
  lists: readonly ArrayLike<number>[],
  samples: readonly Sample[],
): readonly SizeNumber[] | undefined {
  const [first] = lists;
  if (first === undefined || lists.some((list) => list.length !== first.length)) return undefined;
  const found: SizeNumber[] = [];
  for (let at = 0; at < first.length; at++) {
    const values = lists.map((list) => list[at]!);
    const number = sizeThrough(values, samples);
    if (number === undefined) return undefined;
    found.push(number);
  }
  return found;
}

function onLine(values: readonly number[], samples: readonly Sample[], index: number): SizeNumber | undefined {
  const [from, to] = [samples[0]![index]!, samples[index + 1]![index]!];
  const factor = (values[index + 1]! - values[0]!) / (to - from);
  const offset = values[0]! - factor * from;
  return Number.isInteger(factor) && Number.isInteger(offset) ? { factor, of: [index], offset } : undefined;
}

function asProduct(base: number, sample: Sample, of: readonly number[]): SizeNumber | undefined {
  if (of.length === 0) return { factor: 0, of, offset: base };
  const factor = base / productOf(of, sample);
  return Number.isInteger(factor) ? { factor, of, offset: 0 } : undefined;
}

function productOf(of: readonly number[], sample: Sample): number {
  return of.reduce((product, index) => product * sample[index]!, 1);
}
