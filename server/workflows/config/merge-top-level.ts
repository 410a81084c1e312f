// The keys of a configuration file as MONAI reads them: `a::b` sets inside `a`, `+a` adds to `a`.
import { InvalidBundle } from '../../errors.js';
import { type ConfigFile, type ConfigObject, type ConfigValue, isConfigObject } from '../bundle.js';
import type { Place } from '../plan.js';
import { splitId } from './ids.js';

/** Keys of one file that set inside another or add to it. */
const MAX_MERGED_KEYS = 1_000;

/** The configuration that a file's keys make, one after the other. @throws InvalidBundle */
export function mergeTopLevel(source: ConfigFile): ConfigObject {
  const config = new Map<string, ConfigValue>();
  let merged = 0;
  for (const [key, value] of Object.entries(source.content)) {
    const where = { file: source.file, key };
    const path = splitId(key.startsWith('+') ? key.slice(1) : key);
    const [top = '', ...below] = path;
    if (key.startsWith('+') || below.length > 0) merged += 1;
    if (merged > MAX_MERGED_KEYS) throw new InvalidBundle(where, `more than ${MAX_MERGED_KEYS} keys with "::" or "+".`);
    const present = below.reduce(child, config.get(top));
    const next = key.startsWith('+') && present !== undefined ? merge(present, value, where) : value;
    config.set(top, below.length === 0 ? next : setBelow(config.get(top), below, next, where));
  }
  return Object.fromEntries(config);
}

function merge(present: ConfigValue, added: ConfigValue, where: Place): ConfigValue {
  if (isConfigObject(present) && isConfigObject(added)) {
    return Object.fromEntries([...Object.entries(present), ...Object.entries(added)]);
  }
  if (Array.isArray(present) && Array.isArray(added)) return [...present, ...added];
  throw new InvalidBundle(where, 'only a dictionary adds to a dictionary and a list to a list.');
}

function setBelow(
  parent: ConfigValue | undefined,
  [part = '', ...rest]: readonly string[],
  value: ConfigValue,
  where: Place,
): ConfigValue {
  const present = child(parent, part);
  const next = rest.length === 0 ? value : setBelow(present, rest, value, where);
  if (isConfigObject(parent)) return Object.fromEntries([...Object.entries(parent), [part, next]]);
  if (Array.isArray(parent) && present !== undefined) return parent.map((one, i) => (String(i) === part ? next : one));
  throw new InvalidBundle(where, `there is nothing to set "${part}" in.`);
}

/** What stands one level below a value: a dictionary's key or a list's index. */
export function child(value: ConfigValue | undefined, part: string): ConfigValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  return isConfigObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}
