// Which images a bundle loads, which of them the network sees, and which others its transforms need.
import { InvalidBundle } from '../errors.js';
import type { Component } from '../expressions/values.js';
import { findOperator } from '../operators/catalog.js';
import type { Config } from './config/config.js';
import { findTransform, shortName } from './plan-transforms.js';
import { Problems } from './problems.js';

/** MONAI's own names (`monai.utils.CommonKeys`). */
export const IMAGE_KEY = 'image';
export const LABEL_KEY = 'label';
export const PRED_KEY = 'pred';

/** Arguments that name an image which a transform looks at beside its own. */
const LOOKED_AT = ['source_key', 'orig_keys', 'key_dst', 'source', 'mask_key'] as const;

function operatorName(component: Component): string {
  return findOperator(shortName(component.target))?.name ?? '';
}

/** The keys that LoadImage gives; the image's when nothing is loaded. */
export function loadedKeys(transforms: readonly Component[], problems: Problems): ReadonlySet<string> {
  const loads = transforms.filter((one) => operatorName(one) === 'LoadImage');
  const keys = loads.flatMap((one) => problems.attempt(() => findTransform(one, IMAGE_KEY).keys) ?? []);
  return new Set(keys.length === 0 ? [IMAGE_KEY] : keys);
}

/** The images that become the image called `key` in a transform: those joined to it, or copied. */
function sourcesOf(key: string, component: Component): readonly string[] {
  const name = operatorName(component);
  const given = name === 'ConcatItems' ? 'name' : name === 'CopyItems' ? 'names' : undefined;
  const gives = given !== undefined && readKeys(component, given).includes(key);
  return gives ? readKeys(component, 'keys') : [];
}

/**
 * MONAI's evaluator feeds `image` to the network, loaded or made of others; a bundle that loads one image alone may call
 * it otherwise.
 * @throws InvalidBundle when several images could be meant
 */
export function networkKey(loaded: ReadonlySet<string>, transforms: readonly Component[], config: Config): string {
  if (loaded.has(IMAGE_KEY) || transforms.some((one) => sourcesOf(IMAGE_KEY, one).length > 0)) return IMAGE_KEY;
  const [only = IMAGE_KEY, ...more] = [...loaded].filter((key) => key !== LABEL_KEY);
  if (more.length === 0) return only;
  throw new InvalidBundle(
    config.placeOf('preprocessing'),
    `several images are loaded (${[only, ...more].join(', ')}) and none is called "${IMAGE_KEY}", which the network takes.`,
  );
}

/** The network's key, what it is made of, and those loaded ones that transforms on it, or on the answer, look at. */
export function neededKeys(
  key: string,
  loaded: ReadonlySet<string>,
  transforms: readonly Component[],
): ReadonlySet<string> {
  const needed = new Set([key]);
  for (const component of transforms.toReversed()) {
    for (const one of [...needed].flatMap((made) => sourcesOf(made, component))) needed.add(one);
    const keys = readKeys(component, 'keys');
    if (keys.length > 0 && !keys.some((one) => needed.has(one) || one === PRED_KEY)) continue;
    for (const name of LOOKED_AT) {
      for (const one of readKeys(component, name)) if (loaded.has(one)) needed.add(one);
    }
  }
  return needed;
}

/** Inputs whose channels the network sees beside those of its own key. */
export function joinedKeys(
  key: string,
  inputs: ReadonlySet<string>,
  transforms: readonly Component[],
): readonly string[] {
  const joined = new Set<string>();
  for (const component of transforms) {
    const name = operatorName(component);
    const sources = name === 'ConcatItems' ? sourcesOf(key, component) : [];
    const guided = name === 'AddLabelAsGuidance' && readKeys(component, 'keys').includes(key);
    const guides = guided ? readKeys(component, 'source') : [];
    for (const one of [...sources, ...(guided && guides.length === 0 ? [LABEL_KEY] : guides)]) joined.add(one);
  }
  return [...joined].filter((one) => one !== key && inputs.has(one));
}

/** Names in an argument; none when it is not there or wrong, which is told where the transform is planned. */
export function readKeys(component: Component, argument: string): readonly string[] {
  if (!component.argumentNames.includes(argument)) return [];
  const value = new Problems().attempt(() => component.argument(argument)) ?? null;
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === 'string');
}
