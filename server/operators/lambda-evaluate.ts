// Evaluates a function of voxels (lambda-expression.ts) part by part, as torch would on float32: nothing as large as the
// image is made but the answer.
import type { Image } from '../imaging/image.js';
import { contiguousTensor } from '../imaging/tensor.js';
import { imageFromTensor } from '../imaging/volume-view.js';
import { voxelsOf } from '../imaging/voxel-layout.js';
import type { ChannelPick, VoxelFunction, VoxelOperation } from './lambda-expression.js';

/** Voxels of each channel that are worked on at a time. */
const PART = 8192;

/** Channels of one part, or a number: what a subtree gives. One channel stands for as many as are needed. */
type Value = number | readonly Float32Array[];

/** The image of what the function gives for each voxel. @throws RangeError for a channel that is not there. */
export function evaluateLambda(image: Image, tree: VoxelFunction): Image {
  const tensor = contiguousTensor(image);
  const length = voxelsOf(image.sizes);
  let result = new Float32Array(0);
  let channels = 0;
  for (let start = 0; start < length || start === 0; start += PART) {
    const end = Math.min(start + PART, length);
    const input = Array.from({ length: image.channels }, (_, c) =>
      tensor.subarray(c * length + start, c * length + end),
    );
    const value = evaluate(tree, input);
    const parts = typeof value === 'number' ? [new Float32Array(end - start).fill(value)] : value;
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

function apply(name: VoxelOperation, operands: readonly Value[]): Value {
  const lists = operands.filter((one) => typeof one !== 'number');
  const counts = lists.map((list) => list.length);
  const channels = Math.max(...counts, 1);
  if (counts.some((count) => count !== 1 && count !== channels)) {
    throw new RangeError(`channels that do not fit each other: ${counts.join(' and ')}`);
  }
  if (counts.includes(0)) return [];
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
  where: (condition, a, b) => (condition !== 0 ? a : b),
  clamp: (a, least, most) => (Number.isNaN(a) ? a : Math.min(Math.max(a, least), most)),
  nan_to_num: (a, nan, most, least) => {
    if (Number.isNaN(a)) return nan;
    return a === Number.POSITIVE_INFINITY ? most : a === Number.NEGATIVE_INFINITY ? least : a;
  },
};
