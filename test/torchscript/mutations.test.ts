// Two thousand seeded mutations of real archives: each imports, or is an error of ours that names a place.
import test from 'ava';
import { TorchScriptError } from '../../server/torchscript/error.js';
import { importTorchScript } from '../../server/torchscript/import.js';
import { readRecords, writeRecords } from './archives.js';
import { readGolden } from './golden.js';

type Random = (below: number) => number;

/** xorshift32: the same numbers in every run. */
function seeded(seed: number): Random {
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

/** Changes one record and writes the zip anew, with its right sum: the mutation reaches the reader of that record. */
function change(bytes: Uint8Array, random: Random, pattern: RegExp, how: (data: Uint8Array) => Uint8Array): Uint8Array {
  const records = readRecords(bytes);
  const name = pick(records, random, pattern);
  return writeRecords({ ...records, [name]: how(records[name]!) });
}

const kinds: [string, number, (bytes: Uint8Array, random: Random) => Uint8Array][] = [
  ['bytes anywhere', 200, (bytes, random) => withBytes(bytes, random, 1 + random(8), [0, bytes.length])],
  [
    "the zip's directory",
    400,
    (bytes, random) => withBytes(bytes, random, 1 + random(3), [bytes.length - 900, bytes.length]),
  ],
  ['the end of the file', 100, (bytes, random) => bytes.subarray(0, random(bytes.length))],
  [
    'opcodes of the pickles',
    500,
    (bytes, random) =>
      change(bytes, random, /^(data|constants)\.pkl$/, (data) =>
        withBytes(data, random, 1 + random(4), [0, data.length]),
      ),
  ],
  ['the source', 500, (bytes, random) => change(bytes, random, /\.py$/, (data) => withWords(data, random))],
  [
    'the source ranges',
    100,
    (bytes, random) =>
      change(bytes, random, /\.debug_pkl$/, (data) => withBytes(data, random, 1 + random(9), [0, data.length])),
  ],
  [
    'the length of storages',
    200,
    (bytes, random) => change(bytes, random, /^data\/\d/, (data) => data.subarray(0, random(data.length))),
  ],
];

const archives = ['tiny.zip', 'language.zip'].map(readGolden);
const limits = {
  maxSteps: 100_000,
  maxItems: 100_000,
  maxOpcodes: 100_000,
  maxInflatedBytes: 2 ** 22,
  maxCopiedBytes: 2 ** 24,
};

for (const [what, count, mutate] of kinds) {
  test(`${count} mutations of ${what} import or are refused with a place`, (t) => {
    let refused = 0;
    for (let seed = 0; seed < count; seed += 1) {
      const bytes = mutate(archives[seed % archives.length]!, seeded(seed + 1));
      try {
        importTorchScript(bytes, { inputShapes: [[1, 1, 4, 4]], batch: 'fixed', limits });
      } catch (error) {
        refused += 1;
        if (!(error instanceof TorchScriptError)) t.fail(`${what}, seed ${seed}: ${(error as Error).stack}`);
        else if (error.problem !== 'not-torchscript' && error.problem !== 'weights-only')
          t.not(error.where, '', `seed ${seed}`);
      }
    }
    t.log(`${refused} of ${count} refused`);
    t.true(refused > 0 || what === 'the source ranges');
  });
}

test('there are two thousand of them', (t) => {
  t.is(
    kinds.reduce((sum, [, count]) => sum + count, 0),
    2_000,
  );
});
