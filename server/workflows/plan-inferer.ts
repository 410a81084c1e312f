// Plans how the network is applied: MONAI's SlidingWindowInferer, SliceInferer and SimpleInferer, their arguments
// checked.
import { InvalidBundle, Unsupported } from '../errors.js';
import { Component, describeValue, toPlainValue, type Value } from '../expressions/values.js';
import { nearestName } from './nearest-name.js';
import type { Place, PlainValue, PlannedInferer } from './plan.js';
import { shortName } from './plan-transforms.js';

type SlidingWindow = Extract<PlannedInferer, { kind: 'sliding-window' }>;

/** Voxels of a window along one axis, and all together, at most: larger ones would only fill the memory. */
const MAX_ROI = 4_096;
const MAX_ROI_VOXELS = 2 ** 30;
const MAX_BATCH = 1_024;

/** MONAI's arguments with its defaults. Those at the end have no effect on an answer. */
const SLIDING_WINDOW_ARGUMENTS = [
  'roi_size',
  'sw_batch_size',
  'overlap',
  'mode',
  'sigma_scale',
  'padding_mode',
  'cval',
  'with_coord',
] as const;
const IGNORED_ARGUMENTS = [
  'sw_device',
  'device',
  'progress',
  'cache_roi_weight_map',
  'cpu_thresh',
  'buffer_steps',
  'buffer_dim',
] as const;

/**
 * @param value what the configuration has; `null` when it has none, which MONAI takes as SimpleInferer.
 * @param networkAxes spatial axes of the network's input. With a SliceInferer the image has three.
 * @throws Unsupported for another inferer; InvalidBundle
 */
export function planInferer(value: Value, place: Place, networkAxes: number): PlannedInferer {
  if (value === null) return { kind: 'simple' };
  if (!(value instanceof Component)) throw new InvalidBundle(place, `${describeValue(value)}, expected an inferer.`);
  const name = shortName(value.target);
  if (name === 'SimpleInferer') {
    checkNames(value, []);
    return { kind: 'simple' };
  }
  if (name === 'SlidingWindowInferer' || name === 'SlidingWindowInfererAdapt') return planWindows(value, networkAxes);
  if (name === 'SliceInferer') return planSlices(value);
  throw new Unsupported(
    `the inferer ${value.target} is not supported`,
    value.place,
    'This host has SlidingWindowInferer, SlidingWindowInfererAdapt, SliceInferer and SimpleInferer.',
  );
}

/** SliceInferer: windows of one voxel along `spatial_dim`, whose other two axes the network sees. */
function planSlices(inferer: Component): SlidingWindow {
  checkNames(inferer, ['spatial_dim', ...SLIDING_WINDOW_ARGUMENTS, ...IGNORED_ARGUMENTS]);
  const read = new InfererArguments(inferer, 3);
  const sliceAxis = read.single('spatial_dim', 0, (one) => one === 0 || one === 1 || one === 2, '0, 1 or 2');
  return { ...planWindows(inferer, 3, sliceAxis), sliceAxis };
}

function planWindows(inferer: Component, spatialAxes: number, sliceAxis?: number): SlidingWindow {
  if (sliceAxis === undefined) checkNames(inferer, [...SLIDING_WINDOW_ARGUMENTS, ...IGNORED_ARGUMENTS]);
  const read = new InfererArguments(inferer, spatialAxes);
  if (!inferer.argumentNames.includes('roi_size')) throw new InvalidBundle(inferer.placeOf('roi_size'), 'missing.');
  if (read.value('with_coord', false) !== false) {
    throw new Unsupported(
      'windows with coordinates are not supported',
      inferer.placeOf('with_coord'),
      'Set it to false.',
    );
  }
  const roiSize = new InfererArguments(inferer, sliceAxis === undefined ? spatialAxes : 2).perAxis(
    'roi_size',
    null,
    (one) =>
      one === null
        ? 0
        : typeof one === 'number' && Number.isInteger(one) && one <= MAX_ROI
          ? Math.max(0, one)
          : undefined,
    `whole numbers up to ${MAX_ROI}, one for each axis`,
  );
  if (roiSize.reduce((product, size) => product * Math.max(1, size), 1) > MAX_ROI_VOXELS) {
    throw new InvalidBundle(inferer.placeOf('roi_size'), `${roiSize.join(' × ')} voxels, at most ${MAX_ROI_VOXELS}.`);
  }
  return {
    kind: 'sliding-window',
    roiSize: sliceAxis === undefined ? roiSize : roiSize.toSpliced(sliceAxis, 0, 1),
    swBatchSize: read.single(
      'sw_batch_size',
      1,
      (one) => Number.isInteger(one) && one >= 1 && one <= MAX_BATCH,
      `a whole number from 1 to ${MAX_BATCH}`,
    ),
    overlap: read.perAxis(
      'overlap',
      0.25,
      (one) => (typeof one === 'number' && one >= 0 && one < 1 ? one : undefined),
      'numbers from 0 up to but not 1',
    ),
    mode: read.option('mode', 'constant', ['constant', 'gaussian']),
    sigmaScale: read.perAxis(
      'sigma_scale',
      0.125,
      (one) => (typeof one === 'number' && one > 0 && Number.isFinite(one) ? one : undefined),
      'numbers above 0',
    ),
    paddingMode: read.option('padding_mode', 'constant', ['constant', 'reflect', 'replicate', 'circular']),
    cval: read.single('cval', 0, Number.isFinite, 'a number'),
  };
}

function checkNames(component: Component, known: readonly string[]): void {
  for (const name of component.argumentNames) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    throw new InvalidBundle(
      component.placeOf(name),
      `${component.target} has no argument of that name${near ? `; did you mean "${near}"?` : '.'}`,
    );
  }
}

/** The arguments of one inferer, read with MONAI's defaults. */
class InfererArguments {
  constructor(
    private readonly inferer: Component,
    private readonly spatialAxes: number,
  ) {}

  value(name: string, missing: PlainValue): PlainValue {
    if (!this.inferer.argumentNames.includes(name)) return missing;
    return toPlainValue(this.inferer.argument(name), this.inferer.placeOf(name));
  }

  /** One value for all axes, or a list with one for each. */
  perAxis(
    name: string,
    missing: PlainValue,
    read: (value: PlainValue) => number | undefined,
    expected: string,
  ): readonly number[] {
    const value = this.value(name, missing);
    const list = Array.isArray(value) ? (value as readonly PlainValue[]) : Array(this.spatialAxes).fill(value);
    const numbers = list.map(read).filter((one) => one !== undefined);
    if (numbers.length !== list.length || list.length !== this.spatialAxes) {
      return this.#refuse(name, value, `${expected} (${this.spatialAxes} axes)`);
    }
    return numbers;
  }

  single(name: string, missing: number, accepts: (value: number) => boolean, expected: string): number {
    const value = this.value(name, missing);
    return typeof value === 'number' && accepts(value) ? value : this.#refuse(name, value, expected);
  }

  option<T extends string>(name: string, missing: T, options: readonly T[]): T {
    const value = this.value(name, missing);
    const found = options.find((one) => one === value);
    return found ?? this.#refuse(name, value, `one of ${options.join(', ')}`);
  }

  #refuse(name: string, value: PlainValue, expected: string): never {
    const got = (JSON.stringify(value) ?? '').slice(0, 80);
    throw new InvalidBundle(this.inferer.placeOf(name), `is ${got}, expected ${expected}.`);
  }
}
