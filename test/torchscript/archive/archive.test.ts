// The zip of an archive: read as PyTorch writes it, refused when it could be understood in two ways.
import test from 'ava';
import { openArchive } from '../../../server/torchscript/archive/archive.js';
import { recognise, refuseOldWeights } from '../../../server/torchscript/archive/recognise.js';
import { TorchScriptError, type TorchScriptProblem } from '../../../server/torchscript/error.js';
import { importTorchScript } from '../../../server/torchscript/import.js';
import { readGolden } from '../golden.js';
import { type TestEntry, writeZip } from '../zip.js';

const LIMITS = { maxRecords: 1_000, maxInflatedBytes: 1 << 20, maxTextBytes: 1 << 20 };
const text = (value: string) => Buffer.from(value);
const open = (...entries: TestEntry[]) => openArchive(writeZip(entries), LIMITS);

test('a stored record is a view of the file, not a copy', (t) => {
  const bytes = readGolden('tiny.zip');
  const record = openArchive(bytes, LIMITS).read('data/0');
  t.is(record.buffer, bytes.buffer);
});

test('a deflated record is inflated', (t) => {
  t.is(open({ name: 'a/code.py', data: text('x'.repeat(500)), deflate: true }).readText('code.py').length, 500);
});

const a: TestEntry = { name: 'a/one', data: text('0123456789') };
const hostile: [string, TestEntry[], TorchScriptProblem, RegExp][] = [
  ['a name that leads out', [{ ...a, name: 'a/../b' }], 'refused', /a\/\.\.\/b/],
  ['a name with a backslash', [{ ...a, name: 'a/b\\c' }], 'refused', /a\/b/],
  ['an empty part of a name', [{ ...a, name: 'a//b' }], 'refused', /a\/\/b/],
  ['two records of one name', [a, a], 'refused', /one/],
  ['records in two folders', [a, { ...a, name: 'b/one' }], 'not-torchscript', /one folder/],
  [
    'a record that lies within another',
    [a, { ...a, name: 'a/two', claim: { headerOffset: 0 } }],
    'damaged',
    /disagree/,
  ],
  [
    'a record that is longer than its place',
    [
      { ...a, claim: { packedBytes: 500, unpackedBytes: 500 } },
      { ...a, name: 'a/two' },
    ],
    'damaged',
    /overlaps/,
  ],
  [
    'a record that reaches into the directory',
    [{ ...a, claim: { packedBytes: 30, unpackedBytes: 30 } }],
    'damaged',
    /directory/,
  ],
  ['a header that says another name', [{ ...a, localName: 'a/two' }], 'damaged', /disagree/],
  ['a password', [{ ...a, claim: { flags: 1 } }], 'refused', /encrypted/],
  ['another way of packing', [{ ...a, claim: { method: 14 } }], 'refused', /method 14/],
  ['a place behind the file', [{ ...a, claim: { headerOffset: 2 ** 31 } }], 'damaged', /byte 2147483648/],
];
for (const [what, entries, problem, message] of hostile) {
  test(`${what} is refused`, (t) => {
    const error = t.throws(() => open(...entries), { instanceOf: TorchScriptError, message });
    t.is(error.problem, problem);
  });
}

test('a wrong checksum is told when the record is read', (t) => {
  const archive = open({ ...a, claim: { crc32: 1 } });
  t.throws(() => archive.read('one'), { instanceOf: TorchScriptError, message: /one: its checksum is wrong/ });
});

test('a bomb unpacks to no more than it says, and says no more than is allowed', (t) => {
  const zeros = Buffer.alloc(4 << 20);
  const honest = open({ name: 'a/bomb', data: zeros, deflate: true });
  t.is(t.throws(() => honest.read('bomb'), { instanceOf: TorchScriptError }).problem, 'limit');
  const liar = open({ name: 'a/bomb', data: zeros, deflate: true, claim: { unpackedBytes: 100 } });
  t.is(t.throws(() => liar.read('bomb'), { instanceOf: TorchScriptError }).problem, 'damaged');
});

test('many records that unpack to a little each are counted together', (t) => {
  const entry = (index: number) => ({ name: `a/${index}`, data: Buffer.alloc(300_000), deflate: true });
  const archive = open(entry(0), entry(1), entry(2), entry(3));
  for (const name of ['0', '1', '2']) archive.read(name);
  t.is(t.throws(() => archive.read('3'), { instanceOf: TorchScriptError }).problem, 'limit');
});

test('more records than allowed are refused by their count alone', (t) => {
  const zip = writeZip([a]);
  zip.writeUInt16LE(60_000, zip.length - 12);
  t.is(t.throws(() => openArchive(zip, LIMITS), { instanceOf: TorchScriptError }).problem, 'limit');
});

test('a file cut short anywhere is an error and never an archive', (t) => {
  const bytes = readGolden('tiny.zip');
  for (let length = 0; length < bytes.length; length += 97) {
    t.throws(() => openArchive(bytes.subarray(0, length), LIMITS), { instanceOf: TorchScriptError }, `${length}`);
  }
});

const relatives: [string, Uint8Array, TorchScriptProblem, RegExp][] = [
  [
    'weights of torch.save',
    readGolden('weights.pt'),
    'weights-only',
    /torch\.jit\.save\(torch\.jit\.script\(network\)/,
  ],
  ['weights of torch before 1.6', readGolden('weights-old.pt'), 'weights-only', /weights without a network/],
  ['an empty file', new Uint8Array(), 'not-torchscript', /empty/],
  ['a text', text('hello, world, this is no archive at all'), 'not-torchscript', /no zip/],
  ['a zip of something else', writeZip([{ name: 'a/readme.txt', data: text('hi') }]), 'not-torchscript', /data\.pkl/],
  [
    'an archive of torch.export',
    writeZip([{ name: 'a/archive_format', data: text('pt2') }]),
    'not-torchscript',
    /torch\.export/,
  ],
];
for (const [what, bytes, problem, message] of relatives) {
  test(`${what} is told apart, with what to do`, (t) => {
    const run = () => importTorchScript(bytes, { inputShapes: [[1, 1, 4, 4]], batch: 'fixed' });
    const error = t.throws(run, { instanceOf: TorchScriptError, message });
    t.is(error.problem, problem);
  });
}

for (const [record, content, message] of [
  ['byteorder', 'big', /"big"-endian/],
  ['version', '99', /version "99"/],
  ['version', 'x', /version "x"/],
] as const) {
  test(`${record} ${content} is refused`, (t) => {
    const records = { 'data.pkl': '', 'constants.pkl': '', 'code/__torch__.py': '', byteorder: 'little', version: '3' };
    const entries = Object.entries({ ...records, [record]: content });
    const archive = open(...entries.map(([name, value]) => ({ name: `a/${name}`, data: text(value) })));
    t.throws(() => recognise(archive), { instanceOf: TorchScriptError, message });
  });
}

test('what is a zip is not taken for old weights', (t) => {
  t.notThrows(() => refuseOldWeights(readGolden('tiny.zip')));
});
