// Plans the way of the data: what is loaded, what is done before the network, what is done with its answer.
//
// Which of the keys become inputs is found in plan-keys.ts. A label that a configuration loads for its metrics, and the
// transforms on it alone, are left out.
import { InvalidBundle, Unsupported } from '../errors.js';
import type { Component, Value } from '../expressions/values.js';
import { findOperator, operatorOfStep } from '../operators/catalog.js';
import type { Config } from './config/config.js';
import type { PlannedStep } from './plan.js';
import {
  IMAGE_KEY,
  joinedKeys,
  LABEL_KEY,
  loadedKeys,
  neededKeys,
  networkKey,
  PRED_KEY,
  readKeys,
} from './plan-keys.js';
import {
  type FoundTransform,
  findTransform,
  flattenTransforms,
  keysOf,
  planTransform,
  shortName,
} from './plan-transforms.js';
import { Problems } from './problems.js';

/** Where MONAI's bundles put their transforms, the place that is really used first. */
const PREPROCESSING_IDS = ['dataset::transform', 'dataloader::dataset::transform', 'preprocessing'] as const;
const POSTPROCESSING_IDS = ['evaluator::postprocessing', 'postprocessing'] as const;
const INFERER_IDS = ['evaluator::inferer', 'inferer'] as const;

export interface Pipeline {
  readonly preprocessing: readonly PlannedStep[];
  readonly postprocessing: readonly PlannedStep[];
  readonly inferer: { readonly value: Value; readonly id: string };
  /** The network's own first, where it is loaded. */
  readonly inputKeys: readonly string[];
  /** The key whose image the network sees: one that is loaded, or that others are joined to. */
  readonly networkKey: string;
  /** Inputs, other than `networkKey`, whose channels the network sees beside its own. */
  readonly joinedKeys: readonly string[];
  readonly outputKey: string;
}

/** Finds and plans both lists of transforms. What is wrong goes to `problems`. */
export function planPipeline(config: Config, problems: Problems): Pipeline {
  problems.attempt(() => checkEvaluator(config));
  const before = problems.attempt(() => transformsAt(config, PREPROCESSING_IDS)) ?? [];
  const after = problems.attempt(() => transformsAt(config, POSTPROCESSING_IDS)) ?? [];
  const loaded = loadedKeys(before, problems);
  const seen = problems.attempt(() => networkKey(loaded, before, config)) ?? IMAGE_KEY;
  const needed = neededKeys(seen, loaded, [...before, ...after]);
  const inputKeys = new Set([...needed].filter((key) => loaded.has(key)));
  const left = new Set([...loaded, LABEL_KEY].filter((key) => !needed.has(key)));
  const preprocessing = planList(before, IMAGE_KEY, needed, left, problems);
  const answer = new Set([PRED_KEY]);
  const postprocessing = planList(after, PRED_KEY, answer, new Set([...left, ...inputKeys]), problems, (found) =>
    checkInvert(found, before, needed),
  );
  const id = INFERER_IDS.find((one) => config.has(one));
  return {
    preprocessing,
    postprocessing,
    inferer: { value: (id && problems.attempt(() => config.get(id))) ?? null, id: id ?? 'inferer' },
    inputKeys: [...inputKeys],
    networkKey: seen,
    joinedKeys: joinedKeys(seen, inputKeys, before),
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

function planList(
  transforms: readonly Component[],
  arrayKey: string,
  wanted: ReadonlySet<string>,
  left: ReadonlySet<string>,
  problems: Problems,
  check: (found: FoundTransform) => void = () => {},
): PlannedStep[] {
  let known = wanted;
  return transforms.flatMap((component) => {
    if (isOnlyFor(component, left)) return [];
    const found = problems.attempt(() => {
      const transform = findTransform(component, arrayKey);
      checkKeys(transform, known, left);
      check(transform);
      return transform;
    });
    if (found === undefined) return [];
    const keys = found.dictionary ? known : new Set([...known, arrayKey]);
    const steps = planTransform(found, keys, problems);
    // Keys that a step gives are there for the next.
    for (const step of steps) {
      const given = operatorOfStep(step.operator)?.keysAfter?.(known, step.keys, step.args);
      if (given) known = new Set([...known, ...given]);
    }
    return steps;
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
