// PyTorch's own schema text, read: `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`.
import type { Value } from '../values.js';

export interface SchemaArgument {
  readonly name: string;
  /** Without `?`, `[]`, sizes and alias marks: `Tensor`, `int`, `Scalar`, … */
  readonly type: string;
  readonly optional: boolean;
  readonly list: boolean;
  /** `Tensor?[]`: items may be None. */
  readonly optionalItems: boolean;
  /** `int[3]`: a single int stands for that many. */
  readonly listSize?: number;
  readonly keywordOnly: boolean;
  /** Undefined: it must be given. */
  readonly defaultValue?: Value;
}

export interface Schema {
  /** Without the overload's name: `add`. */
  readonly name: string;
  readonly arguments: readonly SchemaArgument[];
  readonly text: string;
}

/** @throws Error for a text that is no schema: a mistake of ours, found by the first import. */
export function parseSchema(text: string): Schema {
  const match = /^(?:\w+::)?(\w+)(?:\.\w+)?\((.*?)\) -> .+$/.exec(text);
  if (!match) throw new Error(`Not a schema: ${text}`);
  let keywordOnly = false;
  const parsed: SchemaArgument[] = [];
  for (const part of splitArguments(match[2]!)) {
    if (part === '*') keywordOnly = true;
    else parsed.push(parseArgument(part, keywordOnly, text));
  }
  return { name: match[1]!, arguments: parsed, text };
}

function splitArguments(text: string): string[] {
  return text === '' ? [] : text.split(/,\s*(?![^[(]*[\])])/);
}

function parseArgument(text: string, keywordOnly: boolean, schema: string): SchemaArgument {
  const match = /^(\w+)(?:\([^)]*\))?(\?)?(?:\[(\d*)\](?:\([^)]*\))?)?(\?)? (\w+)(?:=(.+))?$/.exec(text);
  if (!match) throw new Error(`Not an argument: ${text} in ${schema}`);
  const [, type, before, size, after, name, defaultText] = match;
  const list = size !== undefined;
  return {
    name: name!,
    type: type === 'SymInt' ? 'int' : type!,
    list,
    optional: list ? after !== undefined : before !== undefined,
    optionalItems: list && before !== undefined,
    keywordOnly,
    ...(size ? { listSize: Number(size) } : {}),
    ...(defaultText === undefined ? {} : { defaultValue: parseDefault(defaultText, type!, list) }),
  };
}

function parseDefault(text: string, type: string, list: boolean): Value {
  if (text === 'None') return null;
  if (text === 'True' || text === 'False') return text === 'True';
  if (text.startsWith('[')) {
    const items = text.slice(1, -1).split(',').filter(Boolean);
    return { kind: 'list', items: items.map((item) => parseDefault(item.trim(), type, false)) };
  }
  if (/^['"]/.test(text)) return text.slice(1, -1);
  if (/^-?\d+$/.test(text)) {
    return type === 'float' ? Number(text) : list ? { kind: 'list', items: [BigInt(text)] } : BigInt(text);
  }
  if (/^-?[\d.]+(e-?\d+)?$/.test(text)) return Number(text);
  return text;
}
