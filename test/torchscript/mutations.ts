// Seeded mutations of real archives: the same in every run.
import { ByteReader } from '../../server/torchscript/pickle/byte-reader.js';
import { readOpcode } from '../../server/torchscript/pickle/opcodes.js';
import { readRecords, writeRecords } from './archives.js';

export type Random = (below: number) => number;

/** xorshift32: the same numbers in every run. */
export function seeded(seed: number): Random {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function withBytes(bytes: Uint8Array, random: Random, count: number, within: [number, number]): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const [from, to] = within;
  for (let time = 0; time < count; time += 1) changed[from + random(Math.max(1, to - from))] = random(256);
  return changed;
}

const INTERESTING = [
  '0',
  '-1',
  '9223372036854775807',
  '1000000000',
  '1e400',
  'nan',
  'None',
  '[]',
  '(',
  ')',
  ':',
  '\n',
  '"',
  'x',
  'self',
];

function withWords(source: Uint8Array, random: Random): Uint8Array {
  const words = Buffer.from(source).toString().split(/\b/);
  for (let time = 0; time < 1 + random(3); time += 1) {
    const at = random(words.length);
    const kind = random(4);
    if (kind === 0) words.splice(at, 1);
    else if (kind === 1) words.splice(at, 0, words[random(words.length)]!);
    else words[at] = kind === 2 ? words[random(words.length)]! : INTERESTING[random(INTERESTING.length)]!;
  }
  return Buffer.from(words.join(''));
}

function pick(records: Readonly<Record<string, Uint8Array>>, random: Random, pattern: RegExp): string {
  const names = Object.keys(records).filter((name) => pattern.test(name) && records[name]!.length > 0);
  return names[random(names.length)]!;
}

const SIZES = [0, 1, 2, 3, 5, 7, 64, 4_095, 65_537, 2 ** 31 - 1, 2 ** 31, 2 ** 40, 2 ** 53 + 2, -1, -2, -(2 ** 31)];

/** Other numbers for offsets, sizes and strides: what follows a storage in the pickle, up to the call that takes them. */
function withShapes(data: Uint8Array, random: Random): Uint8Array {
  const places: [number, number][] = [];
  const reader = new ByteReader(data, 'data.pkl');
  let follows = false;
  while (reader.at < data.length) {
    const from = reader.at;
    const opcode = readOpcode(reader.uint8(), reader);
    if (opcode?.does === 'persistent') follows = true;
    else if (opcode?.does === 'global') follows = false;
    else if (follows && opcode?.does === 'push' && typeof opcode.value === 'bigint') places.push([from, reader.at]);
  }
  let changed = Buffer.from(data);
  const chosen = new Set(Array.from({ length: 1 + random(2) }, () => random(places.length)));
  // From behind: what lies before a change stays where it was.
  for (const place of [...chosen].sort((a, b) => b - a)) {
    const [from, to] = places[place]!;
    const long = Buffer.from([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
    long.writeBigInt64LE(BigInt(SIZES[random(SIZES.length)]!), 2);
    changed = Buffer.concat([changed.subarray(0, from), long, changed.subarray(to)]);
  }
  return changed;
}

/** Changes one record and writes the zip anew, with its right sum: the mutation reaches the reader of that record. */
function change(bytes: Uint8Array, random: Random, pattern: RegExp, how: (data: Uint8Array) => Uint8Array): Uint8Array {
  const records = readRecords(bytes);
  const name = pick(records, random, pattern);
  return writeRecords({ ...records, [name]: how(records[name]!) });
}

/** What is changed, how many times, and how. */
export const KINDS: readonly [string, number, (bytes: Uint8Array, random: Random) => Uint8Array][] = [
  ['bytes anywhere', 200, (bytes, random) => withBytes(bytes, random, 1 + random(8), [0, bytes.length])],
  [
    "the zip's directory",
    300,
    (bytes, random) => withBytes(bytes, random, 1 + random(3), [bytes.length - 900, bytes.length]),
  ],
  ['the end of the file', 100, (bytes, random) => bytes.subarray(0, random(bytes.length))],
  [
    'opcodes of the pickles',
    400,
    (bytes, random) =>
      change(bytes, random, /^(data|constants)\.pkl$/, (data) =>
        withBytes(data, random, 1 + random(4), [0, data.length]),
      ),
  ],
  ['the source', 400, (bytes, random) => change(bytes, random, /\.py$/, (data) => withWords(data, random))],
  [
    'the source ranges',
    100,
    (bytes, random) =>
      change(bytes, random, /\.debug_pkl$/, (data) => withBytes(data, random, 1 + random(9), [0, data.length])),
  ],
  ['shapes', 300, (bytes, random) => change(bytes, random, /^data\.pkl$/, (data) => withShapes(data, random))],
  [
    'the length of storages',
    200,
    (bytes, random) => change(bytes, random, /^data\/\d/, (data) => data.subarray(0, random(data.length))),
  ],
];
