// Reads YAML as MONAI's loader (PyYAML, YAML 1.1) does, but refuses a key that stands twice.
import { Composer, CST, type Document, isMap, isNode, isScalar, isSeq, LineCounter, Parser } from 'yaml';
import { InvalidBundle } from '../errors.js';
import { type ConfigValue, isConfigObject } from './bundle.js';
import { MAX_CONFIG_DEPTH } from './read-json.js';
import { PYYAML_SCALARS } from './yaml-scalars.js';

/** Aliases (`*name`) that one file may have. */
const MAX_ALIASES = 50;

/**
 * Parses YAML text, one document.
 * @throws InvalidBundle with the line and column of what is wrong, or the key that stands twice.
 */
export function readYaml(text: string, file: string): ConfigValue {
  try {
    return toConfigValue(compose(text, file).toJS({ maxAliasCount: MAX_ALIASES }), file, []);
  } catch (error) {
    if (error instanceof InvalidBundle) throw error;
    if (error instanceof RangeError) throw tooDeep(file);
    throw new InvalidBundle({ file }, `not YAML: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function compose(text: string, file: string): Document.Parsed {
  const lineCounter = new LineCounter();
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  checkTokens(tokens, file);
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    customTags: [...PYYAML_SCALARS],
    merge: true,
    // Its own check compares every key with every other: 60,000 keys take minutes. `checkKeys` does it.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const document = documents[0];
  if (!document || documents.length > 1) {
    throw new InvalidBundle({ file }, `${documents.length} YAML documents, expected one.`);
  }
  const error = document.errors[0] ?? document.warnings[0];
  const problemAt = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset);
    return new InvalidBundle({ file }, `line ${line}, column ${col}: ${message}.`);
  };
  if (error) throw problemAt(error.pos[0], error.message);
  checkKeys(document.contents, problemAt);
  return document;
}

/** Refuses keys that are lists or dictionaries, and keys that stand twice in one dictionary. */
function checkKeys(contents: unknown, problemAt: (offset: number, message: string) => InvalidBundle): void {
  const stack = [contents];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isSeq(node)) stack.push(...node.items);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      if (value !== null) stack.push(value);
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      if (!isScalar(key)) throw problemAt(offset, 'only words and numbers can be keys');
      const name = String(key.value);
      if (seen.has(name)) throw problemAt(offset, 'this key stands twice. Keep one');
      seen.add(name);
    }
  }
}

/**
 * Refuses deep nesting before anything recursive sees it. The composer of yaml 2.9 recurses without a bound, and a
 * stack that runs out while V8 compiles a regular expression aborts the process, which no `catch` can hold.
 */
function checkTokens(tokens: readonly CST.Token[], file: string): void {
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  let aliases = 0;
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { token, depth } = entry;
    if (token.type === 'alias') aliases += 1;
    if (aliases > MAX_ALIASES) throw new InvalidBundle({ file }, `more than ${MAX_ALIASES} aliases.`);
    if (CST.isCollection(token)) {
      if (depth >= MAX_CONFIG_DEPTH) throw tooDeep(file);
      for (const item of token.items) {
        if (item.key) stack.push({ token: item.key, depth: depth + 1 });
        if (item.value) stack.push({ token: item.value, depth: depth + 1 });
      }
    } else if (token.type === 'document' && token.value) {
      stack.push({ token: token.value, depth });
    }
  }
}

function toConfigValue(value: unknown, file: string, path: readonly string[]): ConfigValue {
  if (path.length > MAX_CONFIG_DEPTH) throw tooDeep(file, path.slice(0, 4).join('::'));
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item, index) => toConfigValue(item, file, [...path, String(index)]));
  if (isConfigObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, toConfigValue(item, file, [...path, key])]),
    );
  }
  throw new InvalidBundle({ file, key: path.join('::') }, `a ${typeof value} has no place in a configuration.`);
}

function tooDeep(file: string, key = ''): InvalidBundle {
  return new InvalidBundle({ file, key }, `more than ${MAX_CONFIG_DEPTH} levels of lists and dictionaries.`);
}
