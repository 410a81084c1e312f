// Archives that were made to hurt, in the process that converts: each ends with an error that names the record or the
// line, by count and never by time, and the process never holds more than 1 GiB.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runConversion } from '../../server/conversion/conversion-process.js';
import type { ConvertAnswer } from '../../server/conversion/messages.js';
import type { AskedShape, TorchScriptProblem } from '../../server/torchscript/import.js';
import { archiveOf, attributes, readRecords, writeRecords } from '../torchscript/archives.js';
import { readGolden } from '../torchscript/golden.js';
import { KINDS, seeded } from '../torchscript/mutations.js';
import { global, type Part, pickle, tensor, text } from '../torchscript/pickle/assemble.js';
import { writeZip } from '../torchscript/zip.js';

const MOST_BYTES = 2 ** 30;
const NUMBERS = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);

const PLAIN: AskedShape = [1, 1, 4, 4];

async function convert(t: ExecutionContext, archive: Uint8Array, shape = PLAIN): Promise<ConvertAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-hostile-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const modelFile = join(folder, 'net.pt');
  await writeFile(modelFile, archive);
  const outputFolder = await mkdtemp(join(folder, 'out-'));
  const answer = await runConversion({ modelFile, inputShapes: [shape], outputFolder });
  // A process that was killed, or that ran out of memory, answers without it.
  t.true((answer.peakMemoryBytes ?? Number.POSITIVE_INFINITY) < MOST_BYTES, `${answer.peakMemoryBytes} bytes`);
  if ('failure' in answer) t.deepEqual(await readdir(outputFolder), []);
  return answer;
}

const plain = (forward = 'return torch.add(x, 1)') => readRecords(archiveOf(forward));
const withData = (...parts: Part[]) => writeRecords({ ...plain(), 'data.pkl': pickle(...parts) });
const lines = (...all: string[]) => archiveOf(all.join('\n'));
const forever = 'for i in range(1000000000):';
/** A tuple of two of one tuple of two of … : sixty of them name more values than there are atoms. */
const doubled = ['y = (1, )', 'for i in range(60):', '  y = (y, y)'];

function withTensor(of: Parameters<typeof tensor>[0]): Uint8Array {
  return writeRecords({
    ...readRecords(archiveOf('return torch.add(x, self.w)', '', attributes({ w: tensor(of) }))),
    'data/0': NUMBERS,
  });
}

function entriesOf(records: Readonly<Record<string, Uint8Array>>) {
  return Object.entries(records).map(([name, data]) => ({ name: `net/${name}`, data }));
}

const LINE = /^code\/__torch__\.py:\d+$/;
const hostile: [string, () => Uint8Array, TorchScriptProblem, RegExp, RegExp][] = [
  // What the file asks to be run.
  ['os.system', () => withData(global('os', 'system'), text('id'), 0x85, 'R'), 'refused', /^data\.pkl, byte/, /system/],
  ['eval', () => withData(text('builtins'), text('eval'), 0x93), 'refused', /^data\.pkl, byte/, /builtins\.eval/],
  // The zip.
  [
    'a zip bomb',
    () => {
      const code = { name: 'net/code/__torch__.py', data: Buffer.alloc(2 ** 29, 32), deflate: true };
      return writeZip([...entriesOf(plain()).filter(({ name }) => name !== code.name), code]);
    },
    'limit',
    /^code\/__torch__\.py$/,
    /larger than \d+ bytes/,
  ],
  [
    'a name that leads out',
    () => writeZip([...entriesOf(plain()), { name: 'net/../../etc/passwd', data: NUMBERS }]),
    'refused',
    /\.\./,
    /./,
  ],
  [
    'records that share bytes',
    () => {
      const [first, ...rest] = entriesOf(plain());
      return writeZip([{ ...first!, claim: { packedBytes: 4_000, unpackedBytes: 4_000 } }, ...rest]);
    },
    'damaged',
    /data\.pkl$/,
    /overlaps/,
  ],
  // Weights.
  [
    'a storage that exceeds its record',
    () => withTensor({ count: 7, offset: 0, sizes: [7], strides: [1] }),
    'damaged',
    /^data\/0/,
    /7 elements/,
  ],
  [
    'a tensor that reaches beyond its storage',
    () => withTensor({ count: 6, offset: 4, sizes: [2, 2], strides: [2, 1] }),
    'damaged',
    /^data/,
    /reaches beyond/,
  ],
  [
    'one number as a weight of four billion',
    () => withTensor({ count: 6, offset: 0, sizes: [65_536, 65_536], strides: [0, 0] }),
    'damaged',
    /^data/,
    /reaches beyond/,
  ],
  // The pickle.
  ['a pickle of only marks', () => withData('('.repeat(5_000_000)), 'limit', /^data\.pkl, byte/, /values/],
  ['a pickle of many small objects', () => withData(']', '}a'.repeat(5_000_000)), 'limit', /^data\.pkl/, /opcodes/],
  ['a pickle of one long text', () => withData(text('x'.repeat(80_000_000))), 'limit', /^data\.pkl/, /longer than/],
  [
    'lists in lists in lists',
    () => withData(']'.repeat(100_000), 'a'.repeat(99_999)),
    'limit',
    /^data\.pkl/,
    /nested more than/,
  ],
  [
    'an object that holds itself, followed without end',
    () =>
      writeRecords({
        ...plain('return (self.me).forward(x, )'),
        'data.pkl': pickle(global('__torch__', 'N'), ')', 0x81, 'q', 0, '}(', text('me'), 'h', 0, 'ub'),
      }),
    'limit',
    LINE,
    /nested more than/,
  ],
  // The source.
  ['a list of ten million numbers', () => lines(`y = [${'1, '.repeat(10_000_000)}]`), 'limit', LINE, /words/],
  [
    'a file of one long comment',
    () => lines('#'.repeat(40_000_000)),
    'limit',
    /^code\/__torch__\.py/,
    /text is longer/,
  ],
  // The program.
  ['a loop of a billion steps', () => lines(forever, '  pass', 'return x'), 'limit', LINE, /steps/],
  ['a list of a billion numbers', () => lines('y = torch.mul([1], 1000000000)', 'return x'), 'limit', LINE, /items/],
  ['recursion', () => lines('return (self).forward(x, )'), 'limit', LINE, /nested more than/],
  [
    '200,000 operators',
    () => lines('for i in range(200000):', '  x = torch.add(x, 1)', 'return x'),
    'limit',
    LINE,
    /tensors/,
  ],
  ['operators that give nothing new', () => lines(forever, '  y = torch.size(x)', 'return x'), 'limit', LINE, /steps/],
  ['views of views', () => lines(forever, '  x = torch.view(x, [4, 4])', 'return x'), 'limit', LINE, /views/],
  [
    'constants from constants',
    () => lines('a = torch.ones([1048576])', forever, '  a = torch.add(a, 1)', 'return torch.add(x, 1)'),
    'limit',
    LINE,
    /computed/,
  ],
  ['a table of ten billion', () => lines('a = torch.eye(100000)', 'return x'), 'limit', LINE, /written out/],
  [
    'ten million pieces',
    () => lines('a = torch.unbind(torch.zeros([10000000]))', 'return x'),
    'limit',
    LINE,
    /tensors/,
  ],
  ['a tensor of 10¹⁸', () => lines('return torch.zeros([1000000, 1000000, 1000000])'), 'limit', LINE, /any machine/],
  ['a type with a name without end', () => lines(...doubled, 'return torch.relu(y)'), 'unsupported', LINE, /Tuple\[/],
  [
    'a list among its own outputs',
    () => lines('y = [x, x]', 'for i in range(90):', '  z = torch.append(y, y)', 'return y'),
    'limit',
    /^forward$/,
    /items/,
  ],
  [
    'a format that is tried in a million ways',
    () => lines('y = torch.add("%", torch.mul("0", 1000000))', forever, '  z = torch.percentFormat(y, 1)', 'return x'),
    'limit',
    LINE,
    /items/,
  ],
];

for (const [what, make, problem, where, detail] of hostile) {
  test.serial(`${what} is refused with its place, within 1 GiB`, async (t) => {
    const answer = await convert(t, make());
    if (!('failure' in answer)) return t.fail('it was converted');
    t.is(answer.failure.problem, problem);
    t.regex(answer.failure.where, where);
    t.regex(answer.failure.detail, detail);
  });
}

test.serial(
  'a program that differs for every size is refused for open axes with its line, after few evaluations',
  async (t) => {
    const work = ['a = torch.ones([262144])', 'for i in range(9):', '  a = torch.add(a, 1)'];
    const archive = lines(
      ...work,
      'return torch.add(x, torch.add(torch.sum(a), torch.remainder(torch.size(x, 2), 97)))',
    );
    const answer = await convert(t, archive, [1, 1, 'open', 'open']);
    if (!('failure' in answer)) return t.fail('it was converted');
    t.regex(answer.failure.where, LINE);
    t.regex(answer.failure.detail, /cannot stay open here: Add depends on it/);
  },
);

const SAMPLED = 3;

for (const [what, count, mutate] of KINDS) {
  test.serial(
    `mutations of ${what}, ${SAMPLED} of ${count}, end in that process as they do outside of it`,
    async (t) => {
      for (let seed = 1; seed <= count; seed += Math.floor(count / SAMPLED)) {
        const answer = await convert(t, mutate(readGolden('tiny.zip'), seeded(seed)));
        if (!('failure' in answer)) continue;
        const { problem, where } = answer.failure;
        if (problem !== 'not-torchscript' && problem !== 'weights-only') t.not(where, '', `seed ${seed}`);
      }
    },
  );
}
