// Reads the golden cases (test/golden/README.md) and runs them through the operators.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Image, VoxelArray } from '../../server/imaging/image.js';
import { ONE_THREAD } from '../../server/imaging/one-thread.js';
import { cOrderStrides, cOrderVoxels, copyVoxels } from '../../server/imaging/voxel-layout.js';
import { findOperator, isDictionaryForm, operatorOfStep } from '../../server/operators/catalog.js';
import type { ApplyContext, Arguments } from '../../server/operators/operator.js';
import type { PlainValue, PlannedStep } from '../../server/workflows/plan.js';

const DATA = fileURLToPath(new URL('../golden/data/', import.meta.url));

const KINDS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export interface GoldenVolume {
  readonly file?: string;
  readonly formula?: string;
  readonly divisor?: number;
  readonly floor?: boolean;
  readonly dtype: keyof typeof KINDS;
  readonly sizes: readonly number[];
  readonly affineRas: readonly number[];
  readonly percentiles?: readonly number[];
  readonly samples?: { readonly every: number; readonly values: readonly (number | null)[] };
}

export interface GoldenStep {
  readonly transform: string;
  readonly args: Readonly<Record<string, PlainValue>>;
}

export interface GoldenCase extends GoldenStep {
  readonly input: GoldenVolume;
  readonly output?: GoldenVolume;
  readonly raises?: string;
  readonly tolerance: number;
  readonly affineTolerance?: number;
}

/** A case of a transform that works on several keys. */
export interface GoldenKeysCase extends GoldenStep {
  readonly inputs: Readonly<Record<string, GoldenVolume>>;
  /** The key under which the answer is. */
  readonly gives: string;
  readonly output: GoldenVolume;
  readonly tolerance: number;
}

export interface GoldenChain {
  readonly pre: readonly GoldenStep[];
  readonly post: readonly GoldenStep[];
  readonly input: GoldenVolume;
  readonly preprocessed: GoldenVolume;
  readonly preprocessedTolerance: number;
  readonly prediction: GoldenVolume;
  readonly output: GoldenVolume;
  readonly tolerance: number;
  readonly mayDiffer: number;
  readonly affineTolerance?: number;
}

/** The cases of a folder by name. */
export function goldenCases<T>(folder: string): [string, T][] {
  return readdirSync(join(DATA, folder))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(DATA, folder, name), 'utf8')) as T]);
}

/** The voxels of a volume in C order. */
export function goldenVoxels(volume: GoldenVolume): VoxelArray {
  const Kind = KINDS[volume.dtype];
  if (volume.formula !== undefined) {
    const length = volume.sizes.reduce((product, size) => product * size, 1);
    const voxels = new Kind(length);
    for (let n = 0; n < length; n++) {
      const value = (Math.imul(n, 2654435761) >>> 12) / volume.divisor!;
      voxels[n] = volume.floor ? Math.floor(value) : value;
    }
    return voxels;
  }
  const bytes = gunzipSync(readFileSync(join(DATA, volume.file!)));
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

/** How voxels lie in memory: as torch has them, as a volume has them, or backwards with the middle axis fastest. */
export const LAYOUTS = ['last axis fastest', 'first axis fastest', 'reversed, middle axis fastest'] as const;

export function goldenImage(volume: GoldenVolume, layout: (typeof LAYOUTS)[number]): Image {
  const [channels, ...sizes] = volume.sizes as [number, ...number[]];
  const data = goldenVoxels(volume);
  const plain: Image = {
    channels,
    sizes,
    data,
    strides: cOrderStrides(sizes),
    offset: 0,
    affineRas: volume.affineRas,
    applied: [],
    integers: !volume.dtype.startsWith('float'),
  };
  if (layout === 'last axis fastest' || data.length === 0) return plain;
  const order = layout === 'first axis fastest' ? sizes.map((_, axis) => axis) : [1, 0, 2].slice(0, sizes.length);
  const strides = new Array<number>(sizes.length).fill(0);
  let step = 1;
  for (const axis of order) {
    strides[axis] = step;
    step *= sizes[axis]!;
  }
  const backwards = layout !== 'first axis fastest';
  const signed = strides.map((stride) => (backwards ? -stride : stride));
  const offset = backwards ? step - 1 : 0;
  const target = data.slice();
  copyVoxels(plain, target, [step, ...signed], offset);
  return { ...plain, data: target, strides: [step, ...signed], offset };
}

/** A step as a bundle would be planned: MONAI's defaults filled in, then checked by its operator. */
export function planned(step: GoldenStep, place = { file: 'golden', key: step.transform }): PlannedStep {
  const operator = findOperator(step.transform);
  if (!operator) throw new Error(`no operator ${step.transform}`);
  const dictionary = isDictionaryForm(step.transform);
  const defaults = Object.fromEntries(
    operator.arguments
      .filter((one) => dictionary || !one.dictionaryOnly)
      .map(({ name, defaultValue }) => [name, defaultValue ?? null]),
  ) as Arguments;
  const args = operator.plan({ ...defaults, ...step.args }, place);
  return { operator: operator.name, keys: ['image'], args: args as PlannedStep['args'], place };
}

/** Applies steps one after the other; `Invert` undoes the history of `origin`. */
export async function applySteps(steps: readonly PlannedStep[], image: Image, origin?: Image): Promise<Image> {
  let result = image;
  for (const step of steps) {
    const images = new Map([['image', result]]);
    if (origin) images.set('origin', origin);
    const context: ApplyContext = { images, threads: ONE_THREAD, throwIfCancelled: () => undefined };
    const args = 'orig_keys' in step.args && origin ? { ...step.args, orig_keys: 'origin' } : step.args;
    result = await operatorOfStep(step.operator)!.apply(result, args, context);
  }
  return result;
}

/** What a transform of several keys gives under the case's key. */
export async function applyToKeys(golden: GoldenKeysCase, images: ReadonlyMap<string, Image>): Promise<Image> {
  const { keys, ...args } = golden.args;
  const step = planned({ transform: golden.transform, args });
  const operator = operatorOfStep(step.operator)!;
  const context: ApplyContext = { images, threads: ONE_THREAD, throwIfCancelled: () => undefined };
  const known = new Set(images.keys());
  if (!operator.combine) return await operator.apply(images.get(golden.gives)!, step.args, context);
  const after = operator.combine(images, keys as string[], step.args, context);
  const expected = operator.keysAfter!(known, keys as string[], step.args);
  if ([...after.keys()].sort().join() !== [...expected].sort().join()) throw new Error('other keys than planned');
  return after.get(golden.gives)!;
}

/** How far an answer is from MONAI's: the greatest difference of a voxel, and how many voxels differ at all. */
export function compareVoxels(image: Image, output: GoldenVolume): { greatest: number; differing: number } {
  const got = cOrderVoxels(image);
  let greatest = 0;
  let differing = 0;
  const look = (value: number, wanted: number): void => {
    const same = Object.is(value, wanted) || value === wanted || (Number.isNaN(value) && Number.isNaN(wanted));
    if (same) return;
    differing++;
    const difference = Math.abs(value - wanted);
    greatest = Math.max(greatest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  };
  if (output.samples) {
    output.samples.values.forEach((wanted, n) => {
      look(got[n * output.samples!.every]!, wanted ?? Number.NaN);
    });
    return { greatest, differing };
  }
  const wanted = goldenVoxels(output);
  if (wanted.length !== got.length) throw new Error(`${got.length} voxels, MONAI has ${wanted.length}`);
  for (let i = 0; i < wanted.length; i++) look(got[i]!, wanted[i]!);
  return { greatest, differing };
}

/** The greatest difference between two affines, in the parts that axes of the image use. */
export function compareAffines(image: Pick<Image, 'affineRas'>, output: GoldenVolume): number {
  return Math.max(...output.affineRas.map((value, n) => Math.abs(value - image.affineRas[n]!)));
}
