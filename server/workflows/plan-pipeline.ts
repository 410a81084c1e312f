// Plans the way of the data: what is loaded, what is done before the network, what is done with its answer.
//
// Only the image that the network sees, and what its transforms look at, become inputs of the workflow. A label that a
// configuration loads for its metrics, and the transforms on it alone, are left out.
import { InvalidBundle, Unsupported } from '../errors.js';
import type { Component, Value } from '../expressions/values.js';
import { findOperator } from '../operators/catalog.js';
import type { Config } from './config/config.js';
import type { PlannedStep } from './plan.js';
import {
  type FoundTransform,
  findTransform,
  flattenTransforms,
  keysOf,
  planTransform,
  shortName,
} from './plan-transforms.js';
import { Problems } from './problems.js';

/** MONAI's own names (`monai.utils.CommonKeys`). */
const IMAGE_KEY = 'image';
const LABEL_KEY = 'label';
const PRED_KEY = 'pred';

/** Where MONAI's bundles put their transforms, the place that is really used first. */
const PREPROCESSING_IDS = ['dataset::transform', 'dataloader::dataset::transform', 'preprocessing'] as const;
const POSTPROCESSING_IDS = ['evaluator::postprocessing', 'postprocessing'] as const;
const INFERER_IDS = ['evaluator::inferer', 'inferer'] as const;

export interface Pipeline {
  readonly preprocessing: readonly PlannedStep[];
  readonly postprocessing: readonly PlannedStep[];
  readonly inferer: { readonly value: Value; readonly id: string };
  /** The network's first. */
  readonly inputKeys: readonly string[];
  readonly outputKey: string;
}

/** Finds and plans both lists of transforms. What is wrong goes to `problems`. */
export function planPipeline(config: Config, problems: Problems): Pipeline {
  problems.attempt(() => checkEvaluator(config));
  const before = problems.attempt(() => transformsAt(config, PREPROCESSING_IDS)) ?? [];
  const after = problems.attempt(() => transformsAt(config, POSTPROCESSING_IDS)) ?? [];
  const loaded = loadedKeys(before, problems);
  const inputKeys = neededKeys(problems.attempt(() => networkKey(loaded, config)) ?? IMAGE_KEY, loaded, [
    ...before,
    ...after,
  ]);
  const left = new Set([...loaded, LABEL_KEY].filter((key) => !inputKeys.has(key)));
  const preprocessing = planList(before, IMAGE_KEY, inputKeys, left, problems);
  const answer = new Set([PRED_KEY]);
  const postprocessing = planList(after, PRED_KEY, answer, new Set([...left, ...inputKeys]), problems, (found) =>
    checkInvert(found, before, inputKeys),
  );
  const id = INFERER_IDS.find((one) => config.has(one));
  return {
    preprocessing,
    postprocessing,
    inferer: { value: (id && problems.attempt(() => config.get(id))) ?? null, id: id ?? 'inferer' },
    inputKeys: [...inputKeys],
    outputKey: PRED_KEY,
  };
}

/** Another evaluator, or one whose parts are replaced, does other things than the plan would. */
function checkEvaluator(config: Config): void {
  if (!config.has('evaluator::_target_')) return;
  const target = config.get('evaluator::_target_');
  if (typeof target === 'string' && shortName(target) !== 'SupervisedEvaluator') {
    throw new Unsupported(
      `the evaluator ${target} is not supported`,
      config.placeOf('evaluator::_target_'),
      'This host does what SupervisedEvaluator does.',
    );
  }
  for (const name of ['prepare_batch', 'iteration_update']) {
    const id = `evaluator::${name}`;
    if (config.has(id) && config.get(id) !== null) {
      throw new Unsupported(`${name} of the evaluator is not supported`, config.placeOf(id), 'Leave it out.');
    }
  }
}

function transformsAt(config: Config, ids: readonly string[]): readonly Component[] {
  for (const id of ids) {
    const value = config.has(id) ? config.get(id) : null;
    if (value !== null) return flattenTransforms(value, config.placeOf(id));
  }
  if (ids === POSTPROCESSING_IDS) return [];
  throw new InvalidBundle(
    { file: config.file, key: 'preprocessing' },
    'missing, and so is dataset::transform. Write the transforms that come before the network.',
  );
}

function isLoad(component: Component): boolean {
  return findOperator(shortName(component.target))?.name === 'LoadImage';
}

/** The keys that LoadImage gives; the image's when nothing is loaded. */
function loadedKeys(transforms: readonly Component[], problems: Problems): ReadonlySet<string> {
  const keys = transforms.filter(isLoad).flatMap((one) => {
    return problems.attempt(() => findTransform(one, IMAGE_KEY).keys) ?? [];
  });
  return new Set(keys.length === 0 ? [IMAGE_KEY] : keys);
}

/** MONAI's evaluator feeds `image` to the network; a bundle that loads one image alone may call it otherwise. */
function networkKey(loaded: ReadonlySet<string>, config: Config): string {
  if (loaded.has(IMAGE_KEY)) return IMAGE_KEY;
  const [only = IMAGE_KEY, ...more] = [...loaded].filter((key) => key !== LABEL_KEY);
  if (more.length === 0) return only;
  throw new InvalidBundle(
    config.placeOf('preprocessing'),
    `several images are loaded (${[only, ...more].join(', ')}) and none is called "${IMAGE_KEY}", which the network takes.`,
  );
}

/** The network's key and those loaded ones that transforms on it, or on the answer, look at. */
function neededKeys(key: string, loaded: ReadonlySet<string>, transforms: readonly Component[]): ReadonlySet<string> {
  const needed = new Set([key]);
  for (const component of transforms.toReversed()) {
    const keys = readKeys(component, 'keys');
    if (keys.length > 0 && !keys.some((one) => needed.has(one) || one === PRED_KEY)) continue;
    for (const name of ['source_key', 'orig_keys']) {
      for (const one of readKeys(component, name)) if (loaded.has(one)) needed.add(one);
    }
  }
  return needed;
}

/** Names in an argument; none when it is not there or wrong, which is told where the transform is planned. */
function readKeys(component: Component, argument: string): readonly string[] {
  if (!component.argumentNames.includes(argument)) return [];
  const value = new Problems().attempt(() => component.argument(argument)) ?? null;
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === 'string');
}

function planList(
  transforms: readonly Component[],
  arrayKey: string,
  wanted: ReadonlySet<string>,
  left: ReadonlySet<string>,
  problems: Problems,
  check: (found: FoundTransform) => void = () => {},
): PlannedStep[] {
  return transforms.flatMap((component) => {
    if (isOnlyFor(component, left)) return [];
    const found = problems.attempt(() => {
      const transform = findTransform(component, arrayKey);
      checkKeys(transform, wanted, left);
      check(transform);
      return transform;
    });
    const keys = found?.dictionary === false ? new Set([...wanted, arrayKey]) : wanted;
    return found === undefined ? [] : planTransform(found, keys, problems);
  });
}

/** Whether a transform works on nothing but keys that are left out. */
function isOnlyFor(component: Component, left: ReadonlySet<string>): boolean {
  if (!component.argumentNames.includes('keys')) return false;
  const keys = new Problems().attempt(() => keysOf(component));
  return keys?.every((key) => left.has(key)) ?? false;
}

function checkKeys(found: FoundTransform, wanted: ReadonlySet<string>, left: ReadonlySet<string>): void {
  if (!found.dictionary) return;
  const missing = found.keys.find((key) => !wanted.has(key) && !left.has(key));
  const { component } = found;
  const source = readKeys(component, 'source_key').find((key) => !wanted.has(key));
  if (source !== undefined)
    throw new InvalidBundle(component.placeOf('source_key'), `nothing gives the key "${source}".`);
  if (missing === undefined) return;
  if (component.argumentNames.includes('allow_missing_keys') && component.argument('allow_missing_keys') === true)
    return;
  throw new InvalidBundle(
    component.placeOf('keys'),
    `nothing gives the key "${missing}". There is ${[...wanted, ...left].join(', ')}.`,
  );
}

/** Invert undoes what was done to the image: the list that it names must be the one that was applied. */
function checkInvert(found: FoundTransform, before: readonly Component[], inputs: ReadonlySet<string>): void {
  if (found.operator.name !== 'Invert') return;
  const { component } = found;
  const place = component.placeOf('transform');
  if (!component.argumentNames.includes('transform')) throw new InvalidBundle(place, 'missing.');
  const inverted = flattenTransforms(component.argument('transform'), place);
  const same = inverted.length === before.length && inverted.every((one, index) => isSame(one, before[index]));
  if (!same) {
    throw new Unsupported(
      'Invert of other transforms than all those before the network is not supported',
      place,
      'Write "@preprocessing", or what dataset::transform names.',
    );
  }
  const loser = before.find((one) => losesPlace(one));
  if (loser) {
    throw new Unsupported(
      `Invert after ${loser.target}, which drops what was done to the image, is not supported`,
      place,
      `MONAI itself has nothing to invert then: leave out data_type "numpy" and track_meta of ${loser.place.key}.`,
    );
  }
  const unknown = readKeys(component, 'orig_keys').find((key) => !inputs.has(key) && key !== PRED_KEY);
  if (unknown !== undefined) {
    throw new InvalidBundle(component.placeOf('orig_keys'), `"${unknown}" is not an image that is loaded.`);
  }
}

/** Whether a transform makes a bare array of the image. */
function losesPlace(component: Component): boolean {
  const name = findOperator(shortName(component.target))?.name ?? '';
  const has = (argument: string, value: Value): boolean =>
    component.argumentNames.includes(argument) && component.argument(argument) === value;
  if (name === 'ToNumpy') return true;
  return (name === 'EnsureType' || name === 'ToTensor') && (has('track_meta', false) || has('data_type', 'numpy'));
}

function isSame(one: Component, other: Component | undefined): boolean {
  return other !== undefined && one.place.file === other.place.file && one.place.key === other.place.key;
}
