// The C++ client on a real host: its own tests, its command line, and what a project that uses it sees.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { loadProtocol } from '../../../proto/protocol.js';
import { writeMetaImage } from '../../../server/imaging/formats/write-metaimage.js';
import { silentLog } from '../../../server/log.js';
import { startHost } from '../../../server/main.js';
import { buildCpp, cppProgram, hasCpp } from '../../fixtures/cpp.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const execute = promisify(execFile);
const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');
const TLS = join(ROOT, 'test', 'fixtures', 'tls');

test.serial('the C++ client passes its tests against a real host', async (t) => {
  t.timeout(1_200_000, 'the first time, gRPC for C++ is installed and the client built');
  if (!(await hasCpp(t))) return;
  const [build, host, folder, image, expected] = await Promise.all([
    buildCpp(),
    startTestHost(t),
    createFolder(t),
    readImageFile(HEAD_MRI),
    readImageFile(MASK),
  ]);
  await writeMetaImage(join(folder, 'head-mri.mha'), image.header, image.voxels, { compressionLevel: 0 });
  await writeFile(join(folder, 'expected.raw'), expected.voxels);
  const env = { ...process.env, VOXHOST_TEST_HOST: host.address, VOXHOST_TEST_FOLDER: folder };
  const { stdout } = await execute(cppProgram(build, 'tests', 'voxhost-tests'), [], { env }).catch((error) =>
    t.fail(`${error.stdout}${error.stderr}`),
  );
  const [, passed, failed] = /test cases:\s*(\d+) \|\s*\d+ passed \|\s*(\d+) failed/.exec(stdout) ?? [];
  t.is(failed, '0', stdout);
  t.true(Number(passed) >= 25, stdout);
});

test.serial(
  "voxhost-cli lists the workflows, writes MONAI's mask of the head MRI byte for byte, and takes Ctrl-C to the host",
  async (t) => {
    t.timeout(1_200_000, 'the first time, gRPC for C++ is installed and the client built');
    if (!(await hasCpp(t))) return;
    const [build, host, folder, image, expected] = await Promise.all([
      buildCpp(),
      startTestHost(t),
      createFolder(t),
      readImageFile(HEAD_MRI),
      readImageFile(MASK),
    ]);
    const cli = cppProgram(build, 'tools', 'voxhost-cli');
    const [input, mask] = [join(folder, 'head-mri.mha'), join(folder, 'mask.mha')];
    await writeMetaImage(input, image.header, image.voxels, { compressionLevel: 0 });
    const run = ['--address', host.address, 'run', 'brain_extraction_deepbet', input, mask];
    const { stdout } = await execute(cli, run);
    t.regex(stdout, /^brain: [\d.]+ mL$/m);
    const written = await readImageFile(mask);
    t.is(Buffer.compare(written.voxels, expected.voxels), 0);
    t.deepEqual(written.header.indexToWorldLps, image.header.indexToWorldLps);

    const listed = await execute(cli, ['--address', host.address, 'ls']);
    t.regex(listed.stdout, /^brain_extraction_deepbet +ready +MR +\S/m);

    // Ctrl-C, once the network computes.
    if (process.platform === 'win32') return;
    const child = spawn(cli, ['--set', 'overlap=0.95', ...run.slice(0, 3), 'brain_extraction_mri', input, mask], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let isInterrupted = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      // Once: a second would end the program at once.
      if (!isInterrupted && said.includes('network')) isInterrupted = child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    t.is(code, 130, said);
    t.regex(said, /The call was cancelled by its caller\./);
    const [newest] = await host.client.runs();
    for await (const _ of host.client.watchRun(newest!.name));
    t.is((await host.client.getRun(newest!.name)).state, 'cancelled', 'on the host too');
  },
);

test.serial('voxhost-cli speaks TLS with a token, and says in a sentence what is wrong with either', async (t) => {
  t.timeout(1_200_000, 'the first time, gRPC for C++ is installed and the client built');
  if (!(await hasCpp(t))) return;
  const [build, folder] = [await buildCpp(), await createFolder(t)];
  const [token, other] = [join(folder, 'token.txt'), join(folder, 'other.txt')];
  await writeFile(token, 'right-token\n');
  await writeFile(other, 'other-token\n');
  const certificate = join(TLS, 'certificate.pem');
  const host = await startHost(
    {
      address: '127.0.0.1:0',
      workflows: join(folder, 'workflows'),
      data: join(folder, 'data'),
      device: 'cpu',
      tlsCert: certificate,
      tlsKey: join(TLS, 'key.pem'),
      tokenFile: token,
    },
    silentLog,
  );
  t.teardown(() => host.stop());
  const list = (...options: string[]) =>
    execute(cppProgram(build, 'tools', 'voxhost-cli'), ['--address', host.address, ...options, 'ls']);
  const refusal = (...options: string[]) => t.throwsAsync(list(...options)) as Promise<{ stderr: string } & Error>;

  t.is((await list('--ca', certificate, '--token-file', token)).stdout, '', 'nothing is deployed');
  t.regex((await refusal('--ca', certificate)).stderr, /token/i);
  t.regex((await refusal('--ca', certificate, '--token-file', other)).stderr, /token/i);
  t.regex((await refusal('--tls', '--token-file', token)).stderr, /certificate is not trusted/);
  t.regex((await refusal()).stderr, /does one side alone speak TLS\?/);
});

test.serial('a connection with a silent call under way asks for signs of life without end', async (t) => {
  t.timeout(1_200_000, 'the first time, gRPC for C++ is installed and the client built');
  if (!(await hasCpp(t))) return;
  const build = await buildCpp();
  const server = await startSilentHost(t);
  let bytesUp = 0;
  const pings = 6; // gRPC's own limit without data is two: a proxy that cuts at 60 s idle would end a long watch.
  const [enough, tell] = gate();
  const proxy = createServer((client) => {
    const target = connect(server.port, '127.0.0.1');
    client.on('data', (data) => {
      // PING: nine bytes of frame, eight of its own.
      if (server.isWatched() && data.length === 17 && data[3] === 6 && data[4] === 0) bytesUp += 17;
      if (bytesUp >= pings * 17) tell();
    });
    client.pipe(target).pipe(client);
    for (const socket of [client, target])
      socket.on('error', () => {}).on('close', () => [client, target].map((one) => one.destroy()));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => proxy.close());
  const watch = spawn(cppProgram(build, 'tests', 'voxhost-watch'), [
    `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  ]);
  t.teardown(() => watch.kill());
  await enough;
  t.pass();
});

/** A host that says who it is, and says nothing of a run that is watched. */
async function startSilentHost(t: ExecutionContext): Promise<{ port: number; isWatched(): boolean }> {
  const { v1 } = loadProtocol().voxhost;
  let watchers = 0;
  const server = new Server();
  server.addService(v1.HostService.service, {
    getHostInfo: (_call: unknown, answer: (error: null, info: object) => void) =>
      answer(null, { version: '0.1.0', protocolVersionMin: 1, protocolVersionMax: 1 }),
  });
  server.addService(v1.RunService.service, {
    watchRun: () => {
      watchers += 1;
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  t.teardown(() => server.forceShutdown());
  return { port, isWatched: () => watchers > 0 };
}

function gate(): [Promise<void>, () => void] {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [opened, open];
}
