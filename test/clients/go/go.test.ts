// The Go client on a real host: its own tests, and its example as a new user runs it.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { go, hasGo, writeRawImage } from '../../fixtures/go.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the Go client passes its tests, and its example writes MONAI's mask of the head MRI byte for byte", async (t) => {
  t.timeout(600_000, 'the first time, Go fetches and builds gRPC');
  if (!(await hasGo(t))) return;
  const [host, folder, image, expected] = await Promise.all([
    startTestHost(t),
    createFolder(t),
    readImageFile(HEAD_MRI),
    readImageFile(MASK),
  ]);
  await writeRawImage(folder, 'head-mri', image);
  await writeFile(join(folder, 'expected.raw'), expected.voxels);

  const env = { VOXHOST_TEST_HOST: host.address, VOXHOST_TEST_FOLDER: folder };
  const said = await go(t, ['test', '-count=1', '-v', './...'], { env });
  t.notRegex(said, /--- SKIP/, 'what was left out would look as if it held');
  t.true((said.match(/^--- PASS/gm) ?? []).length >= 7, said);

  const example = ['run', './cmd/voxhost-example', '-address', host.address];
  const printed = await go(t, [...example, join(folder, 'head-mri'), join(folder, 'mask')]);
  t.regex(printed, /^brain_extraction_mri: /m, 'the workflows');
  t.regex(printed, /^ *\d+ % network 1\/1$/m, 'progress');
  t.regex(printed, /^brain: [\d.]+ mL$/m, 'what was measured');
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), expected.voxels), 0);
});

test('the committed Go stubs are what the generators make of proto/voxhost/v1', async (t) => {
  t.timeout(600_000, 'the first time, Go builds the generators');
  if (!(await hasGo(t))) return;
  const check = promisify(execFile)(process.execPath, [join('scripts', 'proto-go.mjs'), '--check'], { cwd: ROOT });
  const { stdout } = await check.catch((error: { stderr: string }) => t.fail(error.stderr));
  t.is(stdout, '8 stubs are fresh\n');
});
