// How a step's work is shared out: in parts that may be done in any order and on any thread.
import type { VoxelArray } from './image.js';
import type { PARTS } from './parts.js';
import type { Kernels } from './simd/kernels.js';

/**
 * Work in parts, by the name it has in parts.ts. A job is plain data. It begins once on each thread that takes part, with
 * what it needs there. Two functions and no closure, so that each is compiled once and not for every image.
 */
export interface Part<Job, State> {
  begin(job: Job): State;
  work(state: State, part: number): void;
}

/** Finds out the types of one. */
export function definePart<Job, State>(part: Part<Job, State>): Part<Job, State> {
  return part;
}

export type PartName = keyof typeof PARTS;
export type JobOf<Name extends PartName> = Parameters<(typeof PARTS)[Name]['begin']>[0];

/** Who does the parts. */
export interface Threads {
  readonly count: number;
  /** Those of them that see an array: all where it is one of `zeros` or lies in such kernels, else this one alone. */
  seeing(array: VoxelArray): Threads;
  /** An array of zeros that all its threads see. */
  zeros<Kind extends VoxelArray>(kind: new (buffer: ArrayBufferLike) => Kind, length: number): Kind;
  /** Kernels whose memory, of at least so many bytes, all its threads see. */
  kernels(scratchBytes: number): Kernels;
  /**
   * Does parts 0 to `count` − 1 of a job, and resolves when all are done. What a part writes must be another's neither to
   * write nor to read. Arrays of the job that they do not see are copied for each thread.
   */
  run<Name extends PartName>(name: Name, job: JobOf<Name>, count: number): Promise<void>;
}

/**
 * What is smaller is worked on alone: V8 copies shared memory slowly, which costs other steps what more threads would
 * save in one.
 */
export const WORTH_SHARING_BYTES = 2 ** 25;

/** Parts for each thread: more than one, since parts differ in work, and few, since each has a beginning. */
const PARTS_PER_THREAD = 4;

/** Into how many parts to divide so many units, `least` of them at least to a part. */
export function partsFor({ count }: Threads, units: number, least: number): number {
  if (count === 1) return 1;
  return Math.max(1, Math.min(Math.floor(units / least), count * PARTS_PER_THREAD));
}

/** The units of one part: from the first to the one behind the last. Parts differ by one unit at most. */
export function rangeOfPart(units: number, count: number, part: number): [number, number] {
  return [Math.floor((units * part) / count), Math.floor((units * (part + 1)) / count)];
}
