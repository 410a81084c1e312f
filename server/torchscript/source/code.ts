// The archive's code: files parsed when something of them is first named, places told as people need them.
import type { Archive } from '../archive/archive.js';
import { TorchScriptError } from '../error.js';
import type { PickleLimits } from '../pickle/read-pickle.js';
import { readPickle } from '../pickle/read-pickle.js';
import type { ClassDefinition, FunctionDefinition, SourceFile } from './ast.js';
import { type FindLine, readDebugRanges } from './debug-ranges.js';
import { parseFile } from './parse-file.js';

/** A definition and the record that it stands in. */
export interface Found<T> {
  readonly record: string;
  readonly definition: T;
}

export interface Code {
  /** A class by its qualified name, such as `__torch__.torch.nn.modules.conv.Conv3d`. */
  findClass(name: string): Found<ClassDefinition> | undefined;
  findFunction(name: string): Found<FunctionDefinition> | undefined;
  /** Such as `code/__torch__.py:12, from monai/networks/nets/unet.py:97`. */
  place(record: string, at: number): string;
}

export interface CodeLimits extends PickleLimits {
  /** Words of all files that are parsed, together. */
  readonly maxTokens: number;
}

export function openCode(archive: Archive, limits: CodeLimits): Code {
  const files = new Map<string, SourceFile | undefined>();
  const texts = new Map<string, string>();
  const lineStarts = new Map<string, readonly number[]>();
  const lines = new Map<string, FindLine>();
  let tokensLeft = limits.maxTokens;

  const place = (record: string, at: number): string => {
    const starts = lineStarts.get(record) ?? findLineStarts(texts.get(record) ?? '');
    lineStarts.set(record, starts);
    const own = `${record}:${lineOf(starts, at)}`;
    const author = findLine(record)(at);
    return author === undefined ? own : `${own}, from ${author}`;
  };
  const findLine = (record: string): FindLine => {
    const found = lines.get(record) ?? loadLines(archive, record, limits);
    lines.set(record, found);
    return found;
  };
  const file = (record: string): SourceFile | undefined => {
    if (!files.has(record)) {
      const text = archive.has(record) ? archive.readText(record) : undefined;
      if (text !== undefined) texts.set(record, text);
      const parsed = text === undefined ? undefined : parseFile(text, tokensLeft, (at) => place(record, at));
      tokensLeft -= parsed?.tokens ?? 0;
      files.set(record, parsed);
    }
    return files.get(record);
  };
  const find = <T>(name: string, pick: (file: SourceFile) => ReadonlyMap<string, T>): Found<T> | undefined => {
    const dot = name.lastIndexOf('.');
    const record = `code/${name.slice(0, dot).replaceAll('.', '/')}.py`;
    const found = dot < 0 ? undefined : file(record);
    const definition = found && pick(found).get(name.slice(dot + 1));
    return definition && { record, definition };
  };
  return {
    findClass: (name) => find(name, (found) => found.classes),
    findFunction: (name) => find(name, (found) => found.functions),
    place,
  };
}

/** The ranges are for messages only: ones that cannot be read tell nothing. */
function loadLines(archive: Archive, record: string, limits: PickleLimits): FindLine {
  const name = `${record}.debug_pkl`;
  const none: FindLine = () => undefined;
  if (!archive.has(name)) return none;
  const noStorage = () => {
    throw new TorchScriptError('refused', name, 'it asks for a storage.');
  };
  try {
    return readDebugRanges(readPickle(archive.read(name), name, noStorage, limits));
  } catch (error) {
    if (error instanceof TorchScriptError) return none;
    throw error;
  }
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The number of the line, from 1 on. */
function lineOf(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
