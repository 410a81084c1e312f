// The Rust client on real hosts: its own tests, and its example as a new user runs it.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { silentLog } from '../../../server/log.js';
import { startHost } from '../../../server/main.js';
import { writeRawImage } from '../../fixtures/go.js';
import { buildRust, cargo, hasRust, rustProgram } from '../../fixtures/rust.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { EXAMPLE_WORKFLOWS, HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');
const TLS = join(ROOT, 'test', 'fixtures', 'tls');

test("the Rust client passes its tests, and its example writes MONAI's mask of the head MRI byte for byte", async (t) => {
  t.timeout(600_000, 'the first time, cargo fetches and builds tonic');
  if (!(await hasRust(t))) return;
  await buildRust();
  const [host, socketAddress, tlsAddress, folder, image, expected] = await Promise.all([
    startTestHost(t),
    startSocketHost(t),
    startTlsHost(t),
    createFolder(t),
    readImageFile(HEAD_MRI),
    readImageFile(MASK),
  ]);
  await writeRawImage(folder, 'head-mri', image);
  await writeFile(join(folder, 'expected.raw'), expected.voxels);
  await copyFile(join(TLS, 'certificate.pem'), join(folder, 'certificate.pem'));

  const env = {
    VOXHOST_TEST_HOST: host.address,
    VOXHOST_TEST_SOCKET_HOST: socketAddress,
    VOXHOST_TEST_TLS_HOST: tlsAddress,
    VOXHOST_TEST_FOLDER: folder,
  };
  const words = ['test', '--workspace', '--all-targets', '--locked', '--', '--include-ignored', '--test-threads=2'];
  const said = await cargo(t, words, { env });
  t.notRegex(said, / [1-9]\d* ignored/, 'what was left out would look as if it held');
  t.true((said.match(/^test .* ok$/gm) ?? []).length >= 15, said);

  t.regex(
    await cargo(t, ['test', '--doc', '-p', 'voxhost', '--locked']),
    /ok\. 2 passed/,
    'the documentation compiles',
  );

  const { stdout } = await promisify(execFile)(rustProgram(join('examples', 'extract')), [
    host.address,
    'brain_extraction_deepbet',
    join(folder, 'head-mri'),
    join(folder, 'mask'),
  ]);
  t.regex(stdout, /^brain_extraction_mri: /m, 'the workflows');
  t.regex(stdout, /^ *\d+ % network 1\/1$/m, 'progress');
  t.regex(stdout, /^brain: [\d.]+ mL$/m, 'what was measured');
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), expected.voxels), 0);
});

/** @returns the address of a host on a Unix socket; none on Windows */
async function startSocketHost(t: ExecutionContext): Promise<string> {
  if (process.platform === 'win32') return '';
  const folder = await createFolder(t);
  const { address } = await startTestHost(t, { address: `unix:${join(folder, 'host.sock')}`, workflows: folder });
  return address;
}

/** @returns the address of a host with TLS and the token `right-token` */
async function startTlsHost(t: ExecutionContext): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'voxhost-test-'));
  await writeFile(join(data, 'token.txt'), 'right-token');
  const host = await startHost(
    {
      address: 'localhost:0',
      workflows: EXAMPLE_WORKFLOWS,
      data,
      device: 'cpu',
      tokenFile: join(data, 'token.txt'),
      tlsCert: join(TLS, 'certificate.pem'),
      tlsKey: join(TLS, 'key.pem'),
    },
    silentLog,
  );
  t.teardown(async () => {
    await host.stop();
    await rm(data, { recursive: true, force: true, maxRetries: 3 });
  });
  return host.address;
}

test('the committed Rust stubs are what the generator makes of proto/voxhost/v1', async (t) => {
  t.timeout(600_000, 'the first time, cargo builds the generator');
  if (!(await hasRust(t))) return;
  await buildRust();
  const { stdout } = await promisify(execFile)(rustProgram('voxhost-stubs'), ['--check']);
  t.is(stdout, 'src/v1.rs is fresh\n');
});

test('the Rust sources are as rustfmt writes them', async (t) => {
  if (!(await hasRust(t))) return;
  await cargo(t, ['fmt', '--all', '--check']);
  t.pass();
});
