// Shapes to try a network with when nobody says which: from the first convolution's weights.
import type { Pickled, PickledTensor } from './pickle/pickled.js';
import type { ReadArchive } from './read-source.js';

/** Sizes along each spatial axis, by how many of those there are: the commonest first. */
const SIZES: Readonly<Record<number, readonly number[]>> = { 2: [256, 224, 128, 64, 512], 3: [64, 96, 128, 32, 16] };
const MAX_VISITS = 200_000;

/** Inputs worth trying, each `[1, channels, sizes…]`; empty when the network has no convolution. */
export function guessShapes({ source }: ReadArchive): readonly (readonly number[])[] {
  const weight = firstKernel(source.data);
  if (weight === undefined) return [];
  const axes = weight.shape.length - 2;
  const channels = weight.shape[1]!;
  return (SIZES[axes] ?? []).map((size) => [1, channels, ...Array.from({ length: axes }, () => size)]);
}

/** The first tensor, in the order of the attributes, that can be a convolution's kernel. */
function firstKernel(data: Pickled): PickledTensor | undefined {
  const waiting: Pickled[] = [data];
  const seen = new Set<Pickled>();
  for (let visit = 0; visit < MAX_VISITS && waiting.length > 0; visit += 1) {
    const value = waiting.pop()!;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value.kind === 'stored-tensor') {
      // More than one voxel: position embeddings have as many axes, and are no kernels.
      const [out = 0, , ...kernel] = value.shape;
      if ((kernel.length === 2 || kernel.length === 3) && out > 1 && kernel[0] === kernel[1]) return value;
    } else waiting.push(...childrenOf(value).toReversed());
  }
  return undefined;
}

function childrenOf(value: Exclude<Pickled, null | boolean | bigint | number | string>): readonly Pickled[] {
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return value.items;
    case 'dict':
      return value.entries.map(([, item]) => item);
    case 'object':
      return value.state === undefined ? [] : [value.state];
    default:
      return [];
  }
}
