// A TorchScript file becomes an ONNX file on the disk: kept by what it was made from, made by a process with limits.
import { createHash } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { processFlags } from '../../server/conversion/conversion-process.js';
import { type ConvertOptions, convertTorchScript } from '../../server/conversion/convert.js';
import { InvalidBundle, Unsupported } from '../../server/errors.js';
import { IMPORTER_VERSION } from '../../server/torchscript/version.js';
import { archiveOf } from '../torchscript/archives.js';

const SHAPES = [[1, 1, 4, 4]];

interface Bench {
  readonly modelFile: string;
  readonly folder: string;
  convert(more?: Partial<ConvertOptions>): ReturnType<typeof convertTorchScript>;
}

/** A folder with one network, whose `forward` is this text. */
async function prepare(t: ExecutionContext, forward = 'return torch.add(x, 1)'): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'voxhost-conversion-'));
  t.teardown(() => rm(root, { recursive: true, force: true }));
  const modelFile = join(root, 'net.pt');
  await writeFile(modelFile, archiveOf(forward));
  const folder = join(root, 'converted');
  const convert = (more: Partial<ConvertOptions> = {}) =>
    convertTorchScript({ modelFile, fileName: 'net.pt', inputShapes: SHAPES, folder, ...more });
  return { modelFile, folder, convert };
}

test.serial("a conversion is kept under the digest of the file, the shapes and the importer's version", async (t) => {
  const { modelFile, folder, convert } = await prepare(t);
  const first = await convert();
  t.false(first.wasKept);
  const hash = createHash('sha256').update(await readFile(modelFile));
  const key = hash.update(`|${JSON.stringify(SHAPES)}|${IMPORTER_VERSION}`).digest('hex');
  t.deepEqual(await readdir(folder), [key]);
  t.is(first.onnxFile, join(folder, key, 'model.onnx'));
  t.deepEqual(await convert(), { ...first, wasKept: true });

  t.false((await convert({ inputShapes: [[1, 1, 8, 8]] })).wasKept);
  await writeFile(modelFile, archiveOf('return torch.add(x, 2)'));
  const changed = await convert();
  t.false(changed.wasKept);
  t.not(changed.onnxFile, first.onnxFile);
  t.is((await readdir(folder)).length, 3);
});

test.serial('two conversions of one file at once give one kept network, and leave nothing else', async (t) => {
  const { folder, convert } = await prepare(t);
  const [one, other] = await Promise.all([convert(), convert()]);
  t.is(one.onnxFile, other.onnxFile);
  t.deepEqual(one.report, other.report);
  t.is((await readdir(folder)).length, 1);
});

test.serial('what a full disk left half written is converted anew', async (t) => {
  const { convert } = await prepare(t);
  const { onnxFile } = await convert();
  const report = join(onnxFile, '..', 'report.json');
  for (const spoil of [() => writeFile(report, '{"netw'), () => rm(onnxFile)]) {
    await spoil();
    t.false((await convert()).wasKept);
    await t.notThrowsAsync(access(onnxFile));
    t.true((await convert()).wasKept);
  }
});

test.serial('a folder that cannot be written is told, with its name', async (t) => {
  const { modelFile, convert } = await prepare(t);
  const error = await t.throwsAsync(convert({ folder: join(modelFile, 'inside a file') }), { instanceOf: Unsupported });
  t.regex(error.message, /^net\.pt, network: .*cannot write to .*inside a file/);
});

test.serial('a process that takes too long is ended, and that is what is told', async (t) => {
  const { folder, convert } = await prepare(t);
  // No process answers within a millisecond: it has to be started first.
  const error = await t.throwsAsync(convert({ limits: { timeMs: 1 } }), { instanceOf: InvalidBundle });
  t.is(error.message, 'net.pt: its conversion took more than 0.001 s.');
  t.deepEqual(await readdir(folder), []);
});

test.serial('a process that runs out of memory is told as that, and the next conversion works', async (t) => {
  const { folder, convert } = await prepare(
    t,
    'y = [1]\nwhile True:\n  z = torch.append(y, [[], [], [], []])\nreturn x',
  );
  const error = await t.throwsAsync(convert({ limits: { heapMb: 24 } }), { instanceOf: InvalidBundle });
  t.regex(error.message, /^net\.pt: its conversion ran out of memory/);
  t.deepEqual(await readdir(folder), []);
  // With the memory that it has outside of this test, the same network ends by count.
  const counted = await t.throwsAsync(convert(), { instanceOf: InvalidBundle });
  t.regex(counted.message, /^net\.pt, code\/__torch__\.py:\d+: more than \d+ (items|steps)/);
});

test('the process that converts has a heap of 1 GiB at most', (t) => {
  t.true(processFlags().includes('--max-old-space-size=1024'));
});
