// The rewrites that were measured to be faster (benchmarks/network.ts), in one list.
import { convTransposeAsConv } from './conv-transpose.js';
import { preluAsLeakyRelu } from './prelu.js';
import type { Rewrite } from './rewrite.js';
import { softmaxOverChannels } from './softmax.js';
import { stemConvInTwoDimensions } from './stem-conv.js';

const REWRITES: readonly Rewrite[] = [
  convTransposeAsConv,
  stemConvInTwoDimensions,
  softmaxOverChannels,
  preluAsLeakyRelu,
];

/** Those that help on a device. */
export function rewritesFor(device: string): readonly Rewrite[] {
  return REWRITES.filter((rewrite) => rewrite.devices.includes(device));
}
