// The keys of a configuration file as MONAI reads them: `a::b` sets inside `a`, `+a` adds to `a`.
import { InvalidBundle } from '../../errors.js';
import { type ConfigFile, type ConfigObject, type ConfigValue, isConfigObject } from '../bundle.js';
import type { Place } from '../plan.js';
import { splitId } from './ids.js';

/** The configuration that a file's keys make, one after the other. @throws InvalidBundle */
export function mergeTopLevel(source: ConfigFile): ConfigObject {
  const merging = new Merging();
  for (const [key, value] of Object.entries(source.content)) {
    const where = { file: source.file, key };
    if (!key.startsWith('+')) merging.set(splitId(key), value, where);
    else merging.add(splitId(key.slice(1)), value, where);
  }
  return merging.root;
}

type Container = ConfigValue[] | { [key: string]: ConfigValue };

/** A configuration while keys are set in it. What comes from the file is copied before it is changed, once. */
class Merging {
  readonly root: { [key: string]: ConfigValue } = {};
  readonly #own = new WeakSet<object>([this.root]);

  set(path: readonly string[], value: ConfigValue, where: Place): void {
    const last = path.at(-1) ?? '';
    put(this.#container(path.slice(0, -1), where), last, value, where);
  }

  add(path: readonly string[], value: ConfigValue, where: Place): void {
    const present = path.reduce<ConfigValue | undefined>(child, this.root);
    if (present === undefined) {
      this.set(path, value, where);
    } else if (Array.isArray(present) && Array.isArray(value)) {
      const list = this.#container(path, where) as ConfigValue[];
      for (const item of value) list.push(item);
    } else if (isConfigObject(present) && isConfigObject(value)) {
      const dict = this.#container(path, where);
      for (const [key, item] of Object.entries(value)) put(dict, key, item, where);
    } else {
      throw new InvalidBundle(where, 'only a dictionary adds to a dictionary and a list to a list.');
    }
  }

  /** The list or dictionary at a path, and all on the way to it, made ours to change. */
  #container(path: readonly string[], where: Place): Container {
    let parent: Container = this.root;
    for (const part of path) {
      const present = child(parent, part);
      if (typeof present !== 'object' || present === null) {
        throw new InvalidBundle(where, `there is nothing to set "${part}" in.`);
      }
      const next = this.#own.has(present) ? (present as Container) : copy(present);
      this.#own.add(next);
      put(parent, part, next, where);
      parent = next;
    }
    return parent;
  }
}

function copy(value: object): Container {
  return Array.isArray(value) ? [...(value as ConfigValue[])] : Object.fromEntries(Object.entries(value));
}

function put(container: Container, key: string, value: ConfigValue, where: Place): void {
  if (Array.isArray(container)) {
    if (child(container, key) === undefined) throw new InvalidBundle(where, `the list has no element "${key}".`);
    container[Number(key)] = value;
  } else {
    // Not by assignment: `__proto__` is a key like any other.
    Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** What stands one level below a value: a dictionary's key or a list's index. */
export function child(value: ConfigValue | undefined, part: string): ConfigValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  return isConfigObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
