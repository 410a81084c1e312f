// Evaluates a function of voxels (lambda-expression.ts) part by part, as torch would on float32: nothing as large as the
// image is made but the answer.
import { sigmoid, softmax } from '../imaging/activations.js';
import type { Image } from '../imaging/image.js';
import { roundHalfEven } from '../imaging/matrices.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { voxelsOf } from '../imaging/voxel-layout.js';
import type { ChannelPick, Reduction, VoxelFunction, VoxelOperation } from './lambda-expression.js';

/** Voxels of each channel that are worked on at a time. */
const PART = 8192;

/** Channels of one part, or a number: what a subtree gives. One channel stands for as many as are needed. */
type Value = number | readonly Float32Array[];

/** The image of what the function gives for each voxel. @throws RangeError for a channel that is not there. */
export function evaluateLambda(image: Image, tree: VoxelFunction): Image {
  const tensor = contiguousTensor(image);
  const length = voxelsOf(image.sizes);
  const reduced = withoutReductions(tree, (part) => evaluatedParts(part, tensor, image.channels, length));
  let result = new Float32Array(0);
  let channels = 0;
  for (const { start, size, value } of evaluatedParts(reduced, tensor, image.channels, length)) {
    const parts = typeof value === 'number' ? [new Float32Array(size).fill(value)] : value;
    if (start === 0) {
      channels = parts.length;
      result = new Float32Array(channels * length);
    }
    parts.forEach((part, c) => {
      result.set(part, c * length + start);
    });
  }
  return { ...imageFromTensor(result, channels, image.sizes, image), owned: true };
}

interface EvaluatedPart {
  readonly start: number;
  readonly size: number;
  readonly value: Value;
}

function* evaluatedParts(
  tree: VoxelFunction,
  tensor: Float32Array,
  channels: number,
  length: number,
): Generator<EvaluatedPart> {
  for (let start = 0; start < length || start === 0; start += PART) {
    const end = Math.min(start + PART, length);
    const input = Array.from({ length: channels }, (_, c) => tensor.subarray(c * length + start, c * length + end));
    yield { start, size: end - start, value: evaluate(tree, input) };
  }
}

/** The tree with numbers in place of what needs all voxels, the innermost first. */
function withoutReductions(
  tree: VoxelFunction,
  partsOf: (tree: VoxelFunction) => Iterable<EvaluatedPart>,
): VoxelFunction {
  switch (tree.kind) {
    case 'input':
    case 'number':
      return tree;
    case 'apply':
      return { ...tree, operands: tree.operands.map((one) => withoutReductions(one, partsOf)) };
    case 'reduce':
      return { kind: 'number', value: reduce(tree.how, partsOf(withoutReductions(tree.of, partsOf))) };
    default:
      return { ...tree, of: withoutReductions(tree.of, partsOf) };
  }
}

/** Summed in float64, rounded to float32 at the end. */
function reduce(how: Reduction, parts: Iterable<EvaluatedPart>): number {
  let [least, most, count, mean, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const { value } of parts) {
    for (const list of typeof value === 'number' ? [[value]] : value) {
      for (const one of list) {
        count += 1;
        const distance = one - mean;
        mean += distance / count;
        squares += distance * (one - mean);
        least = Math.min(least, one);
        most = Math.max(most, one);
      }
    }
  }
  const results = { min: least, max: most, mean, sum: mean * count, std: Math.sqrt(squares / (count - 1)) };
  return Math.fround(results[how]);
}

function evaluate(tree: VoxelFunction, input: readonly Float32Array[]): Value {
  switch (tree.kind) {
    case 'input':
      return input;
    case 'number':
      return tree.value;
    case 'channels': {
      const value = evaluate(tree.of, input);
      const list = typeof value === 'number' ? [] : value;
      return placesOf(tree.pick, list.length).map((place) => {
        const found = list[place < 0 ? place + list.length : place];
        if (!found) throw new RangeError(`channel ${place} of an image of ${list.length} channels`);
        return found;
      });
    }
    case 'reduce':
      throw new RangeError('a number of all voxels within a part of them');
    case 'softmax':
    case 'argmax':
    case 'channelMean':
    case 'channelSum': {
      const value = evaluate(tree.of, input);
      const list = typeof value === 'number' ? [Float32Array.of(value)] : value;
      if (tree.kind === 'softmax') return softmaxOf(list);
      return [tree.kind === 'argmax' ? argmaxOf(list) : sumOf(list, tree.kind === 'channelMean' ? list.length : 1)];
    }
    case 'apply':
      return apply(
        tree.name,
        tree.operands.map((one) => evaluate(one, input)),
      );
  }
}

/** The channels that Python's index or slice picks. */
function placesOf(pick: ChannelPick, count: number): readonly number[] {
  if ('places' in pick) return pick.places;
  const bound = (value: number | null, missing: number): number =>
    value === null ? missing : Math.min(Math.max(value < 0 ? value + count : value, 0), count);
  const [start, stop] = [bound(pick.start, 0), bound(pick.stop, count)];
  const length = Math.max(0, Math.ceil((stop - start) / pick.step));
  return Array.from({ length }, (_, n) => start + n * pick.step);
}

function softmaxOf(list: readonly Float32Array[]): Float32Array[] {
  const length = list[0]?.length ?? 0;
  const tensor = new Float32Array(list.length * length);
  list.forEach((channel, c) => {
    tensor.set(channel, c * length);
  });
  softmax(tensor, list.length);
  return list.map((_, c) => tensor.subarray(c * length, (c + 1) * length));
}

/** The first of the greatest; a NaN is the greatest, as in torch. */
function argmaxOf(list: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: list[0]?.length ?? 0 }, (_, i) => {
    let best = 0;
    for (let c = 1; c < list.length && !Number.isNaN(list[best]![i]!); c++) {
      if (list[c]![i]! > list[best]![i]! || Number.isNaN(list[c]![i]!)) best = c;
    }
    return best;
  });
}

/** The channels' sum over a number, each step rounded to float32. */
function sumOf(list: readonly Float32Array[], over: number): Float32Array {
  const sums = new Float32Array(list[0]?.length ?? 0);
  for (const channel of list) for (let i = 0; i < sums.length; i++) sums[i]! += channel[i]!;
  return over === 1 ? sums : sums.map((value) => value / over);
}

function apply(name: VoxelOperation, operands: readonly Value[]): Value {
  const lists = operands.filter((one) => typeof one !== 'number');
  const counts = lists.map((list) => list.length);
  const channels = Math.max(...counts, 1);
  if (counts.some((count) => count !== 1 && count !== channels)) {
    throw new RangeError(`channels that do not fit each other: ${counts.join(' and ')}`);
  }
  if (counts.includes(0)) return [];
  if (name === 'sigmoid' && lists[0]) {
    return lists[0].map((channel) => {
      const out = channel.slice();
      sigmoid(out);
      return out;
    });
  }
  const length = lists[0]?.[0]?.length;
  const work = OPERATIONS[name];
  const numbers = operands.map((one) => (typeof one === 'number' ? Math.fround(one) : 0));
  if (length === undefined) return Math.fround(work(numbers[0]!, numbers[1]!, numbers[2]!, numbers[3]!));
  return Array.from({ length: channels }, (_, c) => {
    const [a, b, d, e] = operands.map((one, n) => {
      return typeof one === 'number' ? new Float32Array(1).fill(numbers[n]!) : one[one.length === 1 ? 0 : c]!;
    });
    const out = new Float32Array(length);
    const step = (list: Float32Array | undefined): 0 | 1 => (list && list.length === length && length > 1 ? 1 : 0);
    const [sa, sb, sd] = [step(a), step(b), step(d)];
    for (let i = 0; i < length; i++) out[i] = work(a![i * sa]!, b?.[i * sb] ?? 0, d?.[i * sd] ?? 0, e?.[0] ?? 0);
    return out;
  });
}

/** Every result is rounded to float32 where it is kept; comparisons are those of float32. */
const OPERATIONS: Readonly<Record<VoxelOperation, (a: number, b: number, c: number, d: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '<': (a, b) => (a < b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a !== b ? 1 : 0),
  and: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  or: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  not: (a) => (a === 0 ? 1 : 0),
  negative: (a) => -a,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  relu: (a) => Math.max(a, 0),
  round: roundHalfEven,
  floor: Math.floor,
  ceil: Math.ceil,
  sign: Math.sign,
  power: (a, b) => a ** b,
  truncate: Math.trunc,
  truth: (a) => (a !== 0 ? 1 : 0),
  atLeast: (a, least) => (Number.isNaN(a) ? a : Math.max(a, least)),
  atMost: (a, most) => (Number.isNaN(a) ? a : Math.min(a, most)),
  where: (condition, a, b) => (condition !== 0 ? a : b),
  clamp: (a, least, most) => (Number.isNaN(a) ? a : Math.min(Math.max(a, least), most)),
  nan_to_num: (a, nan, most, least) => {
    if (Number.isNaN(a)) return nan;
    return a === Number.POSITIVE_INFINITY ? most : a === Number.NEGATIVE_INFINITY ? least : a;
  },
};
