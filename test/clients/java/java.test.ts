// The Java client on a real host: its own tests, and its example as a new user runs it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { writeRawImage } from '../../fixtures/go.js';
import { buildJavaClient, hasJava, JAVA_CLIENT, maven } from '../../fixtures/java.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the Java client passes its tests, and its example writes MONAI's mask of the head MRI byte for byte", async (t) => {
  t.timeout(600_000, 'the first time, Maven fetches gRPC and itself');
  if (!(await hasJava(t))) return;
  const { folder: built } = await buildJavaClient();
  const [host, folder, image, expected] = await Promise.all([
    startTestHost(t),
    createFolder(t),
    readImageFile(HEAD_MRI),
    readImageFile(MASK),
  ]);
  await writeRawImage(folder, 'head-mri', image);
  await writeFile(join(folder, 'expected.raw'), expected.voxels);

  const env = { VOXHOST_TEST_HOST: host.address, VOXHOST_TEST_FOLDER: folder };
  const said = await maven(t, ['surefire:test', `-DbuildFolder=${built}`], { env });
  const [, run, skipped] = /Tests run: (\d+), Failures: 0, Errors: 0, Skipped: (\d+)\s*$/m.exec(said) ?? [];
  t.is(skipped, '0', 'what was left out would look as if it held');
  t.true(Number(run) >= 20, said);

  const words = [host.address, join(folder, 'head-mri'), join(folder, 'mask')].map((word) => `'${word}'`).join(' ');
  const example = ['-q', 'compile', 'exec:java', `-Dexec.args=${words}`, `-DbuildFolder=${join(folder, 'target')}`];
  const printed = await maven(t, example, { cwd: join(JAVA_CLIENT, 'example') });
  t.regex(printed, /^brain_extraction_mri: /m, 'the workflows');
  t.regex(printed, /^ *\d+ % network 1\/1$/m, 'progress');
  t.regex(printed, /^brain: [\d.,]+ mL$/m, 'what was measured');
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), expected.voxels), 0);
});
