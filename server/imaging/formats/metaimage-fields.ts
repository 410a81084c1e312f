// A MetaImage header's lines as fields with types, checked. Pure.
import type { ComponentType } from '../volume-header.js';
import { malformed } from './malformed.js';
import { parseIntegers, parseNumbers } from './text-header.js';

/** What a MetaImage header says. */
export interface MetaImageFields {
  readonly sizes: readonly number[];
  readonly type: ComponentType;
  readonly components: number;
  /** 3×4 by rows. MetaImage is LPS. */
  readonly indexToWorldLps: readonly number[];
  readonly littleEndian: boolean;
  readonly text: boolean;
  readonly compressed: boolean;
  /** Bytes to skip in the data file; -1: the data are its last bytes. */
  readonly headerBytes: number;
  /** `LOCAL`, or a file's name. */
  readonly dataFile: string;
}

const TYPES = new Map<string, ComponentType>([
  ['CHAR', 'int8'],
  ['UCHAR', 'uint8'],
  ['SHORT', 'int16'],
  ['USHORT', 'uint16'],
  ['INT', 'int32'],
  ['UINT', 'uint32'],
  ['LONG', 'int32'],
  ['ULONG', 'uint32'],
  ['LONG_LONG', 'int64'],
  ['ULONG_LONG', 'uint64'],
  ['FLOAT', 'float32'],
  ['DOUBLE', 'float64'],
]);

/** Parses a header's lines. @throws InvalidArgument naming the file and the field. */
export function parseMetaImageFields(file: string, lines: readonly string[]): MetaImageFields {
  const values = new Map<string, string>();
  for (const line of lines) {
    const field = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (field) values.set(field[1]!, field[2]!);
  }
  const first = (...names: string[]) => names.map((name) => values.get(name)).find((value) => value !== undefined);
  const need = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw malformed(file, name, undefined, 'a line in the header');
    return value;
  };
  const yes = (...names: string[]) => /^(t|1|y)/i.test(first(...names) ?? '');
  if (!/^image$/i.test(values.get('ObjectType') ?? 'Image')) {
    throw malformed(file, 'ObjectType', values.get('ObjectType'), 'Image');
  }
  const axes = Number(need('NDims'));
  if (!(Number.isInteger(axes) && axes >= 1 && axes <= 4)) throw malformed(file, 'NDims', need('NDims'), '1 to 4');
  const sizes = parseIntegers(need('DimSize'));
  if (!sizes || sizes.length !== axes || !sizes.every((size) => size >= 1 && Number.isSafeInteger(size))) {
    throw malformed(file, 'DimSize', need('DimSize'), `${axes} whole numbers of at least 1, as NDims says`);
  }
  const type = TYPES.get(
    need('ElementType')
      .replace(/^MET_/i, '')
      .replace(/_ARRAY$/i, '')
      .toUpperCase(),
  );
  if (!type)
    throw malformed(file, 'ElementType', need('ElementType'), `MET_ and one of ${[...TYPES.keys()].join(', ')}`);
  const components = Number(values.get('ElementNumberOfChannels') ?? 1);
  if (!(Number.isSafeInteger(components) && components >= 1)) {
    throw malformed(
      file,
      'ElementNumberOfChannels',
      values.get('ElementNumberOfChannels'),
      'a whole number of at least 1',
    );
  }
  const headerBytes = Number(values.get('HeaderSize') ?? 0);
  if (!(Number.isSafeInteger(headerBytes) && headerBytes >= -1)) {
    throw malformed(file, 'HeaderSize', values.get('HeaderSize'), 'a number of bytes, or -1');
  }
  const numbers = (names: string[], count: number, fallback: readonly number[]) => {
    const text = first(...names);
    if (text === undefined) return fallback;
    const parsed = parseNumbers(text);
    if (parsed?.length !== count) throw malformed(file, names[0]!, text, `${count} numbers`);
    return parsed;
  };
  while (sizes.length > 3 && sizes.at(-1) === 1) sizes.pop();
  return {
    sizes,
    type,
    components,
    indexToWorldLps: matrix(
      axes,
      numbers(['TransformMatrix', 'Rotation', 'Orientation'], axes * axes, identity(axes)),
      numbers(['ElementSpacing', 'ElementSize'], axes, Array(axes).fill(1)),
      numbers(['Offset', 'Position', 'Origin'], axes, Array(axes).fill(0)),
    ),
    littleEndian: !yes('BinaryDataByteOrderMSB', 'ElementByteOrderMSB'),
    text: values.has('BinaryData') && !yes('BinaryData'),
    compressed: yes('CompressedData'),
    headerBytes,
    dataFile: need('ElementDataFile'),
  };
}

/** Each row of TransformMatrix is the direction of one axis. Axes that are missing or are time leave identity. */
function matrix(
  axes: number,
  transform: readonly number[],
  spacing: readonly number[],
  offset: readonly number[],
): number[] {
  const direction = (row: number, column: number) =>
    row < axes && column < axes ? transform[column * axes + row]! * spacing[column]! : row === column ? 1 : 0;
  return [0, 1, 2].flatMap((row) => [direction(row, 0), direction(row, 1), direction(row, 2), offset[row] ?? 0]);
}

function identity(axes: number): number[] {
  return Array.from({ length: axes * axes }, (_, index) => (index % (axes + 1) === 0 ? 1 : 0));
}
