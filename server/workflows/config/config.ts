// A bundle's configuration, resolved one item at a time and only when asked for.
//
// An item that a run does not need (a device, a data list, the network's Python class) may hold anything: nobody asks
// for it. References, macros and expressions mean what MONAI's ConfigParser makes of them; docs/expressions.md says
// what is left out.
import { InvalidBundle, Unsupported, VoxhostError } from '../../errors.js';
import { evaluateExpression } from '../../expressions/evaluate-expression.js';
import { type Budget, isTrue, MAX_EVALUATION_SIZE } from '../../expressions/evaluation.js';
import { MAX_EXPRESSION_LENGTH } from '../../expressions/tokens.js';
import { Component, describeValue, joinId, type Value } from '../../expressions/values.js';
import { type Bundle, type ConfigFile, type ConfigObject, type ConfigValue, isConfigObject } from '../bundle.js';
import type { Place } from '../plan.js';
import { hasRelativeIds, normalizeId, referenceOf, resolveRelativeIds, splitId, splitMacro } from './ids.js';
import { child, mergeTopLevel } from './merge-top-level.js';

/** References that may lead to one another, and levels of lists and dictionaries, all together. */
const MAX_RESOLVE_DEPTH = 200;
const RESERVED_KEYS = new Set(['_target_', '_disabled_', '_requires_', '_desc_', '_mode_']);

/** One item where it is written. */
interface Item extends Place {
  readonly value: ConfigValue;
}

export class Config {
  readonly file: string;
  readonly #root: ConfigObject;
  readonly #resolved = new Map<string, Value>();
  /** Items being resolved now, the outermost first. */
  readonly #underway: string[] = [];
  readonly #macroFiles: Bundle['macroFiles'];
  readonly #budget: Budget = { left: MAX_EVALUATION_SIZE, depth: 0 };

  /** @throws InvalidBundle when the keys of the configuration contradict each other. */
  constructor(bundle: Pick<Bundle, 'inference' | 'metadata' | 'macroFiles'>) {
    this.file = bundle.inference.file;
    this.#macroFiles = bundle.macroFiles;
    this.#root = { _meta_: bundle.metadata.content, ...mergeTopLevel(bundle.inference) };
  }

  /** Whether there is an item with that id. Macros on the way to it are followed. */
  has(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  /** Where the item with that id is written; where it is another item's reference, that one. */
  placeOf(id: string): Place {
    let item = this.#find(id);
    for (let hops = 0; item !== undefined && hops < MAX_RESOLVE_DEPTH; hops += 1) {
      const text = typeof item.value === 'string' ? this.#absolute(item.value, item) : '';
      const target = referenceOf(text);
      const next: Item | undefined = target ? this.#find(target) : undefined;
      if (next === undefined) break;
      item = next;
    }
    return { file: item?.file ?? this.file, key: item?.key ?? normalizeId(id) };
  }

  /**
   * The resolved item. A component that is disabled is `null`.
   * @throws InvalidBundle when it is not there, refers to what is not there or to itself; Unsupported for an
   *   expression that is left out
   */
  get(id: string): Value {
    const item = this.#find(id);
    if (item === undefined) throw new InvalidBundle({ file: this.file, key: normalizeId(id) }, 'missing.');
    return this.#resolve(item);
  }

  #find(id: string): Item | undefined {
    let item: Item | undefined = { file: this.file, key: '', value: this.#root };
    for (const part of splitId(id)) {
      const parent: Item = this.#expandMacro(item);
      const value = child(parent.value, part);
      if (value === undefined) return undefined;
      item = { file: parent.file, key: joinId(parent.key, part), value };
    }
    return item;
  }

  /** Follows `%id` and `%file::id` to what they stand for. */
  #expandMacro(item: Item): Item {
    let current = item;
    for (let hops = 0; hops < MAX_RESOLVE_DEPTH; hops += 1) {
      const text = typeof current.value === 'string' ? this.#absolute(current.value, current) : '';
      if (!text.startsWith('%')) return current;
      current = this.#macroTarget(text, current);
    }
    throw new InvalidBundle(item, `the macros go round in a circle: ${show(item.value)}.`);
  }

  #macroTarget(text: string, from: Item): Item {
    const { file, id } = splitMacro(text);
    const source = file === '' ? this.#fileOf(from) : this.#macroFile(file, text, from);
    let target: Item = { file: source.file, key: '', value: source.content };
    for (const part of splitId(id)) {
      const value = child(this.#expandMacroOnce(target), part);
      if (value === undefined) throw new InvalidBundle(from, `the macro ${show(text)} names nothing.`);
      target = { file: target.file, key: joinId(target.key, part), value };
    }
    return target;
  }

  #fileOf(item: Item): ConfigFile {
    for (const one of this.#macroFiles.values()) {
      if (!(one instanceof VoxhostError) && one.file === item.file) return one;
    }
    return { file: this.file, content: this.#root };
  }

  #macroFile(file: string, macro: string, from: Item): ConfigFile {
    const source = this.#macroFiles.get(file);
    if (source instanceof VoxhostError) throw source;
    if (source !== undefined) return source;
    throw new InvalidBundle(from, `the macro ${show(macro)} names a file that was not read: a bundle may name 20.`);
  }

  #expandMacroOnce(item: Item): ConfigValue {
    if (typeof item.value === 'string' && item.value.startsWith('%')) {
      throw new Unsupported('a macro on the way of another macro is not followed', item, 'Name the item itself.');
    }
    return item.value;
  }

  #absolute(text: string, item: Item): string {
    if (text.length > MAX_EXPRESSION_LENGTH) {
      if (!/^[@%$]/.test(text)) return text;
      throw new InvalidBundle(item, `a reference or expression of more than ${MAX_EXPRESSION_LENGTH} characters.`);
    }
    if (item.file !== this.file && hasRelativeIds(text)) {
      throw new InvalidBundle(
        item,
        `the relative id in ${show(text)} leads nowhere: a macro brings it from this file.`,
      );
    }
    return resolveRelativeIds(text, item.key, item);
  }

  #resolve(written: Item): Value {
    const item = this.#expandMacro(written);
    const key = `${item.file}\n${item.key}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    if (this.#underway.includes(key)) {
      const circle = [...this.#underway.slice(this.#underway.indexOf(key)), key].map((one) => one.split('\n')[1]);
      throw new InvalidBundle(item, `a circle of references: ${circle.slice(0, 8).join(' → ')}.`);
    }
    if (this.#underway.length >= MAX_RESOLVE_DEPTH) {
      throw new InvalidBundle(item, `more than ${MAX_RESOLVE_DEPTH} references and levels, one inside the other.`);
    }
    this.#underway.push(key);
    try {
      const value = this.#resolveValue(item);
      this.#resolved.set(key, value);
      return value;
    } finally {
      this.#underway.pop();
    }
  }

  #resolveValue(item: Item): Value {
    const { value } = item;
    if (typeof value === 'string') return this.#resolveText(item, this.#absolute(value, item));
    if (Array.isArray(value)) {
      return value.flatMap((_, index) => this.#resolveChild(item, String(index)));
    }
    if (!isConfigObject(value)) return value as null | boolean | number;
    if (Object.hasOwn(value, '_target_')) return this.#component(item, value);
    return Object.fromEntries(
      Object.keys(value).flatMap((name) => this.#resolveChild(item, name).map((one) => [name, one])),
    );
  }

  /** One child, or none when it is a component that is disabled: MONAI drops it from its list or dictionary. */
  #resolveChild(parent: Item, part: string): Value[] {
    const item = this.#childOf(parent, part);
    const expanded = this.#expandMacro(item).value;
    const isComponent = isConfigObject(expanded) && Object.hasOwn(expanded, '_target_');
    const value = this.#resolve(item);
    return isComponent && value === null ? [] : [value];
  }

  #childOf(parent: Item, part: string): Item {
    return { file: parent.file, key: joinId(parent.key, part), value: child(parent.value, part) ?? null };
  }

  #resolveText(item: Item, text: string): Value {
    if (text.startsWith('$')) {
      const source = text.slice(1);
      if (/^\s*(?:import|from)\s/.test(source)) {
        throw new Unsupported(`the expression ${show(text)} imports Python`, item, 'Write the value itself.');
      }
      return evaluateExpression(source, item, (id) => this.#reference(id, item), this.#budget);
    }
    const id = referenceOf(text);
    return id === undefined ? text : this.#reference(id, item);
  }

  #reference(id: string, from: Item): Value {
    const target = id === '' ? undefined : this.#find(id);
    if (target === undefined) throw new InvalidBundle(from, `the reference "@${id}" names nothing.`);
    return this.#resolve(target);
  }

  #component(item: Item, content: ConfigObject): Value {
    if (Object.hasOwn(content, '_disabled_') && isDisabled(this.#resolve(this.#childOf(item, '_disabled_')))) {
      return null;
    }
    const target = this.#resolve(this.#childOf(item, '_target_'));
    const name = typeof target === 'string' ? target : describeTarget(target);
    if (name === undefined || name === '') {
      const place = { file: item.file, key: joinId(item.key, '_target_') };
      throw new InvalidBundle(place, `${describeValue(target)}, expected the name of a class.`);
    }
    const names = Object.keys(content).filter((one) => !RESERVED_KEYS.has(one));
    const resolve = (part: string) => this.#resolve(this.#childOf(item, part));
    return new Component(name, { file: item.file, key: item.key }, names, resolve, () => resolve('_mode_'));
  }
}

function describeTarget(target: Value): string | undefined {
  return typeof target === 'object' && target !== null && 'name' in target && typeof target.name === 'string'
    ? target.name
    : undefined;
}

/** As MONAI reads `_disabled_`: the text "true", or anything that Python counts as true. */
function isDisabled(value: Value): boolean {
  return typeof value === 'string' ? value.trim().toLowerCase() === 'true' : isTrue(value);
}

function show(value: ConfigValue): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
