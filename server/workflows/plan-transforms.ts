// Plans lists of transforms: nested Composes made flat, each transform checked by its operator.
import { isDeepStrictEqual } from 'node:util';
import { InvalidBundle, Unsupported } from '../errors.js';
import { Component, describeValue, isList, joinId, toPlainValue, type Value } from '../expressions/values.js';
import { argumentsForKey, findOperator, isDictionaryForm, operatorNames } from '../operators/catalog.js';
import type { Arguments, Operator } from '../operators/operator.js';
import { nearestName } from './nearest-name.js';
import type { Place, PlannedStep } from './plan.js';
import type { Problems } from './problems.js';

/** Levels of Compose in Compose, and transforms altogether. */
const MAX_NESTING = 20;
const MAX_TRANSFORMS = 500;

/** One transform of a list, known by name but not yet planned. */
export interface FoundTransform {
  readonly component: Component;
  readonly operator: Operator;
  /** The keys that it works on, in its own order. */
  readonly keys: readonly string[];
  /** Whether it is a dictionary form, such as `Spacingd`. */
  readonly dictionary: boolean;
}

/** The last part of a target of MONAI's: `Spacingd` of `monai.transforms.Spacingd`. Any other dotted name stays. */
export function shortName(target: string): string {
  return /^monai(?:\.\w+)+$/.test(target) ? (target.split('.').at(-1) ?? target) : target;
}

/**
 * The transforms of a Compose, a list or one transform, in the order they are applied.
 * @throws InvalidBundle; Unsupported for a Compose with options that change what is computed
 */
export function flattenTransforms(value: Value, place: Place): readonly Component[] {
  const found: Component[] = [];
  let visits = 0;
  const visit = (one: Value, where: Place, nesting: number): void => {
    visits += 1;
    if (visits > 10 * MAX_TRANSFORMS) throw new InvalidBundle(place, `more than ${MAX_TRANSFORMS} transforms.`);
    if (nesting > MAX_NESTING) throw new InvalidBundle(where, `more than ${MAX_NESTING} levels of Compose.`);
    if (isList(one)) {
      one.forEach((item, index) => {
        visit(item, { file: where.file, key: joinId(where.key, String(index)) }, nesting + 1);
      });
    } else if (!(one instanceof Component)) {
      throw new InvalidBundle(where, `${describeValue(one)}, expected a transform.`);
    } else if (shortName(one.target) === 'Compose') {
      checkCompose(one);
      const list = one.argumentNames.includes('transforms') ? one.argument('transforms') : null;
      if (list !== null) visit(list, one.placeOf('transforms'), nesting + 1);
    } else {
      found.push(one);
      if (found.length > MAX_TRANSFORMS) throw new InvalidBundle(place, `more than ${MAX_TRANSFORMS} transforms.`);
    }
  };
  visit(value, place, 0);
  return found;
}

function checkCompose(compose: Component): void {
  const known = ['transforms', 'map_items', 'unpack_items', 'log_stats', 'lazy', 'overrides'];
  const unknown = compose.argumentNames.find((name) => !known.includes(name));
  if (unknown !== undefined) refuseArgument(compose, unknown, known);
  for (const name of ['unpack_items', 'lazy', 'overrides']) {
    const value = compose.argumentNames.includes(name) ? compose.argument(name) : null;
    if (value !== null && value !== false) {
      throw new Unsupported(`${name} of Compose is not supported`, compose.placeOf(name), 'Leave it out.');
    }
  }
}

/**
 * Finds a transform's operator and keys.
 * @param arrayKey the key that an array form, which has none of its own, works on.
 * @throws Unsupported when no operator has that name; InvalidBundle
 */
export function findTransform(component: Component, arrayKey: string): FoundTransform {
  const name = shortName(component.target);
  const operator = findOperator(name);
  if (operator === undefined) throw unknownTransform(component, name);
  refuseMode(component);
  const dictionary = isDictionaryForm(name);
  return { component, operator, keys: dictionary ? keysOf(component) : [arrayKey], dictionary };
}

/** The `keys` of a dictionary form. @throws InvalidBundle */
export function keysOf(component: Component): readonly string[] {
  if (!component.argumentNames.includes('keys')) throw new InvalidBundle(component.placeOf('keys'), 'missing.');
  const keys = toPlainValue(component.argument('keys'), component.placeOf('keys'));
  const list = Array.isArray(keys) ? keys : [keys];
  if (list.length === 0 || !list.every((key) => typeof key === 'string' && key !== '')) {
    throw new InvalidBundle(component.placeOf('keys'), 'expected the name of a key, or a list of names.');
  }
  return list.map(String);
}

function unknownTransform(component: Component, name: string): Unsupported {
  const custom = name.includes('.') ? "It is Python of the bundle's own, which this host does not run." : '';
  const near = nearestName(name.replace(/(?:Dict|D|d)$/, ''), operatorNames());
  const remedy = near && !custom ? `Did you mean ${near}?` : `This host has ${operatorNames().join(', ')}.`;
  return new Unsupported(`the transform ${component.target} is not supported`, component.place, custom || remedy);
}

function refuseMode(component: Component): void {
  // `_mode_` is a word of the configuration's own, not an argument; Component leaves it out of `argumentNames`.
  const mode = component.mode();
  if (mode !== null && mode !== 'default') {
    throw new Unsupported(
      `the mode ${describeValue(mode)} of a transform is not supported`,
      component.placeOf('_mode_'),
      'Leave it out.',
    );
  }
}

/**
 * The steps of a transform for those of its keys that are wanted: one step, or one for each key when their arguments
 * differ. What is wrong with an argument goes to `problems`, so that a check sees every argument.
 */
export function planTransform(
  found: FoundTransform,
  wanted: ReadonlySet<string>,
  problems: Problems,
): readonly PlannedStep[] {
  const { component, operator, keys, dictionary } = found;
  const args = completeArguments(found, problems);
  if (args === undefined) return [];
  if (operator.combine) {
    // What works on several keys at once stays one step.
    const planned = problems.attempt(() => operator.plan(args, component.place));
    if (planned === undefined) return [];
    return [{ operator: operator.name, keys: [...keys], args: planned, place: component.place }];
  }
  const steps: PlannedStep[] = [];
  keys.forEach((key, index) => {
    if (!wanted.has(key)) return;
    const own = dictionary ? argumentsForKey(operator, args, index, keys.length) : args;
    // MONAI inverts what was done under the answer's own key, which is nothing, unless told another.
    const named = dictionary && own['orig_keys'] === null ? { ...own, orig_keys: key } : own;
    const planned = problems.attempt(() => operator.plan(named, component.place));
    if (planned === undefined) return;
    const last = steps.at(-1);
    const step = { operator: operator.name, keys: [key], args: planned, place: component.place };
    if (last !== undefined && isDeepStrictEqual(last.args, planned))
      steps[steps.length - 1] = { ...last, keys: [...last.keys, key] };
    else steps.push(step);
  });
  return steps;
}

/** Arguments with MONAI's defaults; those without effect are not even resolved. `undefined` when one is wrong. */
function completeArguments(found: FoundTransform, problems: Problems): Arguments | undefined {
  const { component, operator, dictionary } = found;
  const specs = operator.arguments.filter((spec) => dictionary || !spec.dictionaryOnly);
  const known = specs.map((spec) => spec.name);
  const before = problems.count;
  for (const name of component.argumentNames) {
    if (known.includes(name) || (dictionary && name === 'keys')) continue;
    problems.attempt(() => refuseArgument(component, name, known));
  }
  const entries = specs.flatMap(({ name, defaultValue, ignored }) => {
    if (component.argumentNames.includes(name) && !ignored) {
      const value = problems.attempt(() => toPlainValue(component.argument(name), component.placeOf(name)));
      return [[name, value ?? null] as const];
    }
    if (defaultValue === undefined) {
      problems.add(new InvalidBundle(component.placeOf(name), `missing: ${component.target} needs it.`));
    }
    return [[name, defaultValue ?? null] as const];
  });
  return problems.count === before ? Object.fromEntries(entries) : undefined;
}

function refuseArgument(component: Component, name: string, known: readonly string[]): never {
  const near = nearestName(name, known);
  throw new InvalidBundle(
    component.placeOf(name),
    `${component.target} has no argument of that name${near ? `; did you mean "${near}"?` : `. It has ${known.join(', ')}.`}`,
  );
}
