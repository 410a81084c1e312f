// The Java client on a real host: its own tests, and its example as a new user runs it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as readText } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import type { HostOptions } from '../../../server/config.js';
import { silentLog } from '../../../server/log.js';
import { startHost } from '../../../server/main.js';
import { writeRawImage } from '../../fixtures/go.js';
import { buildJavaClient, hasJava, JAVA_CLIENT, maven } from '../../fixtures/java.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { EXAMPLE_WORKFLOWS, HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');
const TLS = join(ROOT, 'test', 'fixtures', 'tls');
const CERTIFICATE = join(TLS, 'certificate.pem');
/** gRPC for Java has Unix sockets on Linux alone. */
const hasSockets = process.platform === 'linux';

test("the Java client passes its tests, and its example writes MONAI's mask of the head MRI byte for byte", async (t) => {
  t.timeout(600_000, 'the first time, Maven fetches gRPC and itself');
  if (!(await hasJava(t))) return;
  const { folder: built, classpath } = await buildJavaClient();
  const [host, folder, image, expected] = await Promise.all([
    startTestHost(t),
    createFolder(t),
    readImageFile(HEAD_MRI),
    readImageFile(MASK),
  ]);
  await writeRawImage(folder, 'head-mri', image);
  await writeFile(join(folder, 'expected.raw'), expected.voxels);

  const tokenFile = join(folder, 'token.txt');
  await writeFile(tokenFile, 'right-token');
  const tls = await startEmptyHost(t, { tlsCert: CERTIFICATE, tlsKey: join(TLS, 'key.pem'), tokenFile });
  const socket = hasSockets ? await startEmptyHost(t, { address: `unix:${join(folder, 'host.sock')}` }) : '';
  const env = {
    VOXHOST_TEST_HOST: host.address,
    VOXHOST_TEST_FOLDER: folder,
    VOXHOST_TEST_TLS_HOST: tls,
    VOXHOST_TEST_CERTIFICATE: CERTIFICATE,
    VOXHOST_TEST_SOCKET: socket,
  };
  const said = await maven(t, ['surefire:test', `-DbuildFolder=${built}`], { env });
  const [, run, skipped] = /Tests run: (\d+), Failures: 0, Errors: 0, Skipped: (\d+)\s*$/m.exec(said) ?? [];
  t.is(skipped, hasSockets ? '0' : '1', 'what was left out would look as if it held');
  t.true(Number(run) >= 20, said);

  const words = [host.address, join(folder, 'head-mri'), join(folder, 'mask')].map((word) => `'${word}'`).join(' ');
  const example = ['-q', 'compile', 'exec:java', `-Dexec.args=${words}`, `-DbuildFolder=${join(folder, 'target')}`];
  const printed = await maven(t, example, { cwd: join(JAVA_CLIENT, 'example') });
  t.regex(printed, /^brain_extraction_mri: /m, 'the workflows');
  t.regex(printed, /^ *\d+ % network 1\/1$/m, 'progress');
  t.regex(printed, /^brain: [\d.,]+ mL$/m, 'what was measured');
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), expected.voxels), 0);

  if (process.platform === 'win32') return; // Where a signal ends a process at once.
  await t.notThrowsAsync(interruptExample(t, folder, [join(folder, 'target', 'classes'), classpath].join(delimiter)));
});

/** Ctrl-C in the middle of a run of a minute: the example is gone, and the run on the host is cancelled. */
async function interruptExample(t: ExecutionContext, folder: string, classpath: string): Promise<void> {
  const workflows = await createFolder(t);
  const bundle = join(workflows, 'slow');
  await cp(join(EXAMPLE_WORKFLOWS, 'brain_extraction_mri'), bundle, { recursive: true });
  const config = join(bundle, 'configs', 'inference.json');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace('"overlap": 0.5', '"overlap": 0.95'));
  const { address, client } = await startTestHost(t, { workflows });

  const words = [address, join(folder, 'head-mri'), join(folder, 'none'), 'slow'];
  const child = spawn('java', ['-cp', classpath, 'com.example.ExtractBrain', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [closed, complaint] = [once(child, 'close'), readText(child.stderr)];
  for await (const line of createInterface(child.stdout)) if (/ % network /.test(line)) child.kill('SIGINT');
  await closed;
  const [run] = await client.runs();
  if (run === undefined) throw new Error(`No run was begun: ${await complaint}`);
  for await (const _ of client.watchRun(run.name));
  t.is((await client.getRun(run.name)).state, 'cancelled');
}

/** Starts a host without workflows. @returns its address */
async function startEmptyHost(t: ExecutionContext, options: HostOptions): Promise<string> {
  const [workflows, data] = await Promise.all([createFolder(t), createFolder(t)]);
  const host = await startHost({ address: '127.0.0.1:0', workflows, data, device: 'cpu', ...options }, silentLog);
  t.teardown(() => host.stop());
  return host.address;
}
