// A NRRD header's lines as fields with types, checked. Pure.
import { COMPONENT_BYTES, type ComponentType } from '../volume-header.js';
import { malformed } from './malformed.js';
import { parseIntegers, parseNumbers } from './text-header.js';

/** What a NRRD header says. */
export interface NrrdFields {
  readonly type: ComponentType;
  /** One size an axis, the fastest first. */
  readonly sizes: readonly number[];
  readonly encoding: 'raw' | 'gzip' | 'ascii';
  readonly littleEndian: boolean;
  readonly space: string;
  /** One vector an axis; undefined for `none`. */
  readonly spaceDirections?: readonly (readonly number[] | undefined)[];
  readonly spaceOrigin?: readonly number[];
  readonly spacings?: readonly number[];
  readonly axisMins?: readonly number[];
  readonly kinds: readonly string[];
  readonly centerings: readonly string[];
  readonly dataFile?: string;
  readonly lineSkip: number;
  /** -1: the data are the file's last bytes. */
  readonly byteSkip: number;
  readonly warnings: readonly string[];
}

const TYPES = new Map<string, ComponentType>(
  (
    [
      ['int8', 'signed char', 'int8', 'int8_t'],
      ['uint8', 'uchar', 'unsigned char', 'uint8', 'uint8_t'],
      ['int16', 'short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
      ['uint16', 'ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
      ['int32', 'int', 'signed int', 'int32', 'int32_t'],
      ['uint32', 'uint', 'unsigned int', 'uint32', 'uint32_t'],
      [
        'int64',
        'longlong',
        'long long',
        'long long int',
        'signed long long',
        'signed long long int',
        'int64',
        'int64_t',
      ],
      ['uint64', 'ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
      ['float32', 'float'],
      ['float64', 'double'],
    ] as const
  ).flatMap(([type, ...names]) => names.map((name): [string, ComponentType] => [name, type])),
);

const ENCODINGS = new Map<string, NrrdFields['encoding']>([
  ['raw', 'raw'],
  ['gz', 'gzip'],
  ['gzip', 'gzip'],
  ['txt', 'ascii'],
  ['text', 'ascii'],
  ['ascii', 'ascii'],
]);

/** Parses a header's lines. @throws InvalidArgument naming the file and the field. */
export function parseNrrdFields(file: string, lines: readonly string[]): NrrdFields {
  const magic = lines[0] ?? '';
  if (!/^NRRD000[1-5]$/.test(magic)) {
    throw malformed(file, 'magic', magic.slice(0, 12).replace(/[^\x20-\x7e]/g, '?'), '"NRRD0001" to "NRRD0005"');
  }
  const values = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const field = line.startsWith('#') ? null : /^([^:=]+): ?(.*)$/.exec(line);
    if (field && !line.includes(':=')) values.set(normalName(field[1]!), field[2]!.trim());
  }
  const need = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw malformed(file, name, undefined, 'a line in the header');
    return value;
  };
  const numbers = (name: string): number[] | undefined => {
    const text = values.get(name);
    const parsed = text === undefined ? undefined : parseNumbers(text);
    if (text !== undefined && !parsed) throw malformed(file, name, text, 'numbers');
    return parsed;
  };
  const type = TYPES.get(need('type').toLowerCase());
  if (!type) throw malformed(file, 'type', need('type'), 'a number type such as short, int16, float');
  const encoding = ENCODINGS.get(need('encoding').toLowerCase());
  if (!encoding) throw malformed(file, 'encoding', need('encoding'), 'raw, gzip or ascii');
  const sizes = parseSizes(file, need('dimension'), need('sizes'));
  const warnings: string[] = [];
  const littleEndian = parseEndian(
    file,
    values.get('endian'),
    encoding !== 'ascii' && COMPONENT_BYTES[type] > 1,
    warnings,
  );
  const origin = values.get('space origin');
  const spacings = numbers('spacings');
  const axisMins = numbers('axis mins');
  const directions = values.get('space directions');
  return {
    type,
    sizes,
    encoding,
    littleEndian,
    space: (values.get('space') ?? '').toLowerCase(),
    ...(directions === undefined ? {} : { spaceDirections: parseDirections(file, directions, sizes.length) }),
    ...(origin === undefined ? {} : { spaceOrigin: parseVector(file, 'space origin', origin) }),
    ...(spacings ? { spacings } : {}),
    ...(axisMins ? { axisMins } : {}),
    kinds: (values.get('kinds') ?? '')
      .split(/\s+/)
      .filter((kind) => kind !== '')
      .map((kind) => kind.toLowerCase()),
    centerings: (values.get('centerings') ?? '').split(/\s+/).filter((word) => word !== ''),
    ...(values.has('data file') ? { dataFile: need('data file') } : {}),
    lineSkip: parseSkip(file, 'line skip', values.get('line skip'), 0),
    byteSkip: parseSkip(file, 'byte skip', values.get('byte skip'), encoding === 'raw' ? -1 : 0),
    warnings,
  };
}

function normalName(name: string): string {
  const lower = name.trim().toLowerCase();
  const others: Record<string, string> = {
    datafile: 'data file',
    lineskip: 'line skip',
    byteskip: 'byte skip',
    centers: 'centerings',
    axismins: 'axis mins',
  };
  return others[lower] ?? lower;
}

function parseSizes(file: string, dimension: string, sizes: string): number[] {
  const axes = parseIntegers(dimension)?.[0];
  if (axes === undefined || axes < 1 || axes > 16) throw malformed(file, 'dimension', dimension, '1 to 16');
  const parsed = parseIntegers(sizes);
  if (!parsed || parsed.length !== axes || !parsed.every((size) => size >= 1 && Number.isSafeInteger(size))) {
    throw malformed(file, 'sizes', sizes, `${axes} whole numbers of at least 1, as dimension says`);
  }
  return parsed;
}

function parseEndian(file: string, endian: string | undefined, needed: boolean, warnings: string[]): boolean {
  if (!needed) return true;
  if (endian === undefined) {
    warnings.push(`${file} does not say endian; little is taken.`);
    return true;
  }
  if (!/^(little|big)$/i.test(endian)) throw malformed(file, 'endian', endian, 'little or big');
  return endian.toLowerCase() === 'little';
}

function parseDirections(file: string, text: string, axes: number): (readonly number[] | undefined)[] {
  const words = text.match(/none|\([^)]*\)/gi) ?? [];
  if (words.length !== axes) throw malformed(file, 'space directions', text, `${axes} vectors, as dimension says`);
  return words.map((word) => {
    if (/^none$/i.test(word)) return undefined;
    const vector = parseVector(file, 'space directions', word);
    return vector.every(Number.isNaN) ? undefined : vector;
  });
}

function parseVector(file: string, field: string, text: string): number[] {
  const inside = /^\(([^)]*)\)$/.exec(text.trim())?.[1];
  const parsed = inside === undefined ? undefined : parseNumbers(inside.replaceAll(',', ' '));
  if (!parsed) throw malformed(file, field, text, 'numbers in brackets, such as (1,0,0)');
  return parsed;
}

function parseSkip(file: string, field: string, text: string | undefined, least: number): number {
  const skip = text === undefined ? 0 : parseIntegers(text)?.[0];
  if (skip === undefined || skip < least) throw malformed(file, field, text, `a whole number of at least ${least}`);
  return skip;
}
