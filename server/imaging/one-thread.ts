// All parts on this thread, one after the other.

import { PARTS } from './parts.js';
import { createKernels } from './simd/kernels.js';
import type { JobOf, Part, PartName, Threads } from './threads.js';

export const ONE_THREAD: Threads = {
  count: 1,
  zeros: (Kind, length) => new Kind(new ArrayBuffer(length * (Kind as unknown as typeof Uint8Array).BYTES_PER_ELEMENT)),
  seeing: () => ONE_THREAD,
  kernels: (scratchBytes) => createKernels(scratchBytes),
  run: async (name, job, count) => {
    let part = 0;
    doParts(name, job, () => (part < count ? part++ : undefined));
  },
};

/** Does the parts that `next` names until there is none, on this thread. */
export function doParts<Name extends PartName>(name: Name, job: JobOf<Name>, next: () => number | undefined): void {
  let part = next();
  if (part === undefined) return;
  const { begin, work } = PARTS[name] as Part<JobOf<Name>, unknown>;
  const state = begin(job);
  for (; part !== undefined; part = next()) work(state, part);
}
