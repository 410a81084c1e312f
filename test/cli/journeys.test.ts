// The command against a real host: what a person does with it, from `ls` to a mask, and what goes wrong on the way.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import test, { type ExecutionContext } from 'ava';
import { type Run, readImageFile, type Workflow, writeImageFile } from '../../clients/typescript/index.js';
import { EXAMPLE_WORKFLOWS, HEAD_MRI, ROOT, startTestHost } from '../fixtures/start-host.js';
import { runCli, startCli } from './run-cli.js';

const MONAIS_MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-cli-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test.serial('run writes the mask that MONAI gives, beside a summary and a picture; --json says the same', async (t) => {
  const cwd = await makeFolder(t);
  const host = await startTestHost(t);
  await copyFile(HEAD_MRI, join(cwd, 'head.nii.gz'));
  const words = ['run', 'brain_extraction_deepbet', 'head.nii.gz', '--host', host.address];
  const plain = await runCli(t, [...words, '--preview', 'head.png'], { cwd });
  t.is(plain.code, 0, plain.stderr);
  t.regex(plain.stdout, /^SEGMENT +VOLUME +VOXELS\nbrain +1963\.9 mL +1,963,934 voxels\n/);
  t.regex(plain.stdout, /Wrote head_pred\.nii\.gz\nDrew head\.png\nTook /);
  const [ours, monais] = await Promise.all([readImageFile(join(cwd, 'head_pred.nii.gz')), readImageFile(MONAIS_MASK)]);
  t.true(Buffer.from(ours.voxels).equals(monais.voxels));
  t.deepEqual(ours.header.indexToWorldLps, monais.header.indexToWorldLps);
  t.true((await loadImage(join(cwd, 'head.png'))).width > 1000);

  const json = await runCli(t, [...words, '-o', join('masks', 'brain.nrrd'), '--json'], { cwd });
  t.is(json.code, 0, json.stderr);
  const summary = JSON.parse(json.stdout) as { run: Run; files: Record<string, string> };
  t.is(summary.run.state, 'succeeded');
  t.is(summary.run.outputs[0]?.segments.find(({ segment }) => segment.name === 'brain')?.voxelCount, 1_963_934);
  t.deepEqual(summary.files, { pred: join('masks', 'brain.nrrd') });
  const nrrd = await readImageFile(join(cwd, 'masks', 'brain.nrrd'));
  t.true(Buffer.from(nrrd.voxels).equals(monais.voxels));
  t.deepEqual(nrrd.header.indexToWorldLps, monais.header.indexToWorldLps);
});

test.serial('ls, show, runs, undeploy and deploy tell what is on the host and change it', async (t) => {
  const cwd = await makeFolder(t);
  const workflows = join(cwd, 'workflows');
  await cp(join(EXAMPLE_WORKFLOWS, 'brain_extraction_mri'), join(workflows, 'brain_extraction_mri'), {
    recursive: true,
  });
  const host = await startTestHost(t, { workflows });
  await host.serving('brain_extraction_mri');
  const call = (...words: string[]) => runCli(t, ['--host', host.address, ...words], { cwd });

  const ls = await call('ls');
  t.regex(ls.stdout, /^NAME +VERSION +STATE +DEVICE +TAKES +TITLE\nbrain_extraction_mri +\S+ +ready +cpu/);
  const listed = JSON.parse((await call('ls', '--json')).stdout) as Workflow[];
  t.deepEqual(
    listed.map(({ name, state }) => [name, state]),
    [['brain_extraction_mri', 'ready']],
  );
  const show = await call('show', 'brain_extraction_mri');
  t.regex(show.stdout, /inputs\n {2}NAME +MODALITY.*\n {2}image /);
  t.regex(show.stdout, /parameters \(--param NAME=VALUE\)\n(.*\n)* {2}overlap +number/);
  t.is((await call('runs')).stdout, 'No run yet.\n');

  const undeployed = await call('undeploy', 'brain_extraction_mri');
  t.is(undeployed.stdout, 'brain_extraction_mri is gone.\n');
  t.is((await call('ls')).stdout, 'No workflow is deployed. Deploy one: voxhost deploy BUNDLE\n');
  const deployed = await call('deploy', join(EXAMPLE_WORKFLOWS, 'brain_extraction_mri'), '--name', 'mine');
  t.is(deployed.code, 0, deployed.stderr);
  t.regex(deployed.stdout, /^mine \S+ is ready on cpu \(/);
  t.true(existsSync(join(workflows, 'mine', 'configs', 'inference.json')));

  const unknown = await call('show', 'brain_extraction_mri');
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /There is no workflow "brain_extraction_mri".*mine/);
});

test.serial('Ctrl-C cancels the run on the host and ends with 130', async (t) => {
  const cwd = await makeFolder(t);
  const host = await startTestHost(t);
  // A larger head and the most overlap: thousands of windows.
  const head = await readImageFile(HEAD_MRI);
  const fine = head.header.indexToWorldLps.map((value, n) => (n % 4 === 3 ? value : value * 3));
  await writeImageFile(join(cwd, 'large.nii.gz'), { ...head.header, indexToWorldLps: fine }, head.voxels, {
    compressionLevel: 1,
  });
  const words = ['run', 'brain_extraction_mri', 'large.nii.gz', '--param', 'overlap=0.95', '--host', host.address];
  const running = startCli(t, words, { cwd });
  await running.says(/network, window/);
  running.kill('SIGINT');
  const { code, stderr, stdout } = await running.ended;
  t.is(code, 130, stderr);
  t.regex(stderr, /Cancelling the run on the host; once more to leave at once\./);
  t.is(stdout, '');
  const [run] = await host.client.runs();
  t.is(run?.state, 'cancelled');
  t.false(existsSync(join(cwd, 'large_pred.nii.gz')));
  const listed = await runCli(t, ['runs', '--host', host.address], { cwd });
  t.regex(listed.stdout, /brain_extraction_mri +cancelled/);
});

test.serial('without a host, run starts one for itself, says so, and leaves none behind', async (t) => {
  const cwd = await makeFolder(t);
  const address = `127.0.0.1:${await freePort()}`;
  const env = { VOXHOST_ADDRESS: address };
  const words = [
    'run',
    'brain_extraction_mri',
    HEAD_MRI,
    '--workflows',
    EXAMPLE_WORKFLOWS,
    '--data',
    join(cwd, 'data'),
  ];
  const done = await runCli(t, [...words, '-o', 'mask.mha', '--device', 'cpu'], { cwd, env });
  t.is(done.code, 0, done.stderr);
  t.regex(done.stderr, /No host is running at 127\.0\.0\.1:\d+: starting one for this run/);
  t.regex(done.stdout, /brain +1789\.8 mL/);
  t.true(existsSync(join(cwd, 'mask.mha')));
  // The data folder's lock is free again: no host holds it.
  const again = await runCli(t, [...words, '-o', 'mask2.mha', '--device', 'cpu'], { cwd, env });
  t.is(again.code, 0, again.stderr);
  t.true((await readFile(join(cwd, 'mask.mha'))).equals(await readFile(join(cwd, 'mask2.mha'))));
});

test.serial('serve is found at its address, and ends with SIGTERM in good order', async (t) => {
  const cwd = await makeFolder(t);
  const address = `127.0.0.1:${await freePort()}`;
  const words = ['serve', '--address', address, '--workflows', EXAMPLE_WORKFLOWS, '--data', 'data', '--device', 'cpu'];
  const serving = startCli(t, words, { cwd });
  await serving.says(/Serving/);
  const doctor = await runCli(t, ['doctor', '--host', address, '--data', 'data', '--json'], { cwd });
  const report = JSON.parse(doctor.stdout) as {
    ok: boolean;
    findings: { name: string; state: string; detail: string }[];
  };
  t.true(report.ok);
  t.regex(
    report.findings.find(({ name }) => name === 'host')!.detail,
    new RegExp(`answers at ${address}, .* with 2 workflows`),
  );
  t.is(report.findings.find(({ name }) => name === 'device cpu')?.state, 'ok');
  const second = await runCli(t, [...words.slice(0, 5), '--data', 'other'], { cwd });
  t.not(second.code, 0);
  t.regex(second.stderr, new RegExp(address));
  serving.kill('SIGTERM');
  t.is((await serving.ended).code, 0);
});

test.serial('check tells what runs here, and every file and key that is in the way of what does not', async (t) => {
  const cwd = await makeFolder(t);
  const good = await runCli(t, ['check', join(EXAMPLE_WORKFLOWS, 'brain_extraction_mri'), '--device', 'cpu'], { cwd });
  t.is(good.code, 0, good.stderr);
  t.regex(good.stdout, /^brain_extraction_mri can run: takes image, gives pred\. It loads on cpu in /);

  await cp(join(EXAMPLE_WORKFLOWS, 'brain_extraction_mri'), join(cwd, 'broken'), { recursive: true });
  const file = join(cwd, 'broken', 'configs', 'inference.json');
  const config = await readFile(file, 'utf8');
  await writeFile(
    file,
    config.replace(/"Spacingd"/, '"Teleportd"').replace(/"SlidingWindowInferer"/, '"MagicInferer"'),
  );
  const bad = await runCli(t, ['check', 'broken'], { cwd });
  t.is(bad.code, 1);
  t.regex(bad.stdout, /^broken cannot run: 2 problems\.\n/);
  t.regex(bad.stdout, /configs\/inference\.json, preprocessing::transforms::\d+.*Teleportd/);
  t.regex(bad.stdout, /MagicInferer/);

  await writeFile(join(cwd, 'broken', 'models', 'model.onnx'), 'no model at all');
  await writeFile(file, config);
  const model = await runCli(t, ['check', 'broken', '--json'], { cwd });
  t.is(model.code, 1);
  const report = JSON.parse(model.stdout) as { ok: boolean; problems: { message: string }[] };
  t.false(report.ok);
  t.regex(report.problems[0]!.message, /^models\/model\.onnx/);
});

const mistakes: [string, string[], number, RegExp][] = [
  [
    'a file that is not there',
    ['run', 'brain', 'nothing.nii.gz'],
    2,
    /^nothing\.nii\.gz: file is missing, expected a file that exists\.\n$/,
  ],
  ['a file of no known format', ['run', 'brain', 'scan.dcm'], 2, /scan\.dcm", expected a name ending in \.nii\.gz/],
  ['an unknown command', ['rnu'], 2, /unknown command 'rnu'\n\(Did you mean run\?\)/],
  ['an unknown option', ['ls', '--hots', 'x'], 2, /unknown option '--hots'/],
  ['an address that is none', ['ls', '--host', 'http://x'], 2, /address is "http:\/\/x", expected host:port or unix:/],
  [
    'a token file that is not there',
    ['ls', '--token-file', 'none.txt'],
    2,
    /--token-file is "none\.txt", expected a file that can be read/,
  ],
  ['a host that is not there', ['ls', '--host', 'unix:none.sock'], 3, /^No host answers at unix:none\.sock/],
];
for (const [title, words, code, message] of mistakes) {
  test(`${title} ends with ${code} and one sentence`, async (t) => {
    const cwd = await makeFolder(t);
    const result = await runCli(t, words, { cwd });
    t.is(result.code, code, result.stderr);
    t.regex(result.stderr, message);
    t.is(result.stdout, '');
  });
}

test('every command has help with examples', async (t) => {
  const cwd = await makeFolder(t);
  const main = await runCli(t, ['--help'], { cwd });
  t.is(main.code, 0);
  t.regex(main.stdout, /Exit codes:\n {2}0 {4}done/);
  const commands = [...main.stdout.matchAll(/^ {2}([a-z]+) .*/gm)]
    .map((match) => match[1]!)
    .filter((name) => name !== 'help');
  t.deepEqual(commands.slice(0, 10), [
    'serve',
    'ls',
    'show',
    'run',
    'deploy',
    'undeploy',
    'check',
    'runs',
    'cancel',
    'doctor',
  ]);
  for (const command of ['serve', 'run', 'check']) {
    const help = await runCli(t, [command, '--help'], { cwd });
    t.is(help.code, 0);
    t.regex(help.stdout, new RegExp(`Examples:\n {2}\\$ voxhost ${command}`));
  }
});
