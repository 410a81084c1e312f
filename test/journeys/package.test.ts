// The package as a user gets it: packed, installed in an empty folder, and used there.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { EXAMPLE_WORKFLOWS, HEAD_MRI, ROOT } from '../fixtures/start-host.js';
import { createFolder } from './host-process.js';

const run = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
const shell = process.platform === 'win32';

test('packed and installed in an empty folder, voxhost looks after itself, runs a bundle and imports as a library', async (t) => {
  t.timeout(300_000);
  const folder = await createFolder(t);
  await run(npm, ['pack', '--pack-destination', folder], { cwd: ROOT, shell });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))!;
  const home = join(folder, 'home');
  await mkdir(home);
  await writeFile(join(home, 'package.json'), '{"private": true, "type": "module"}');
  // Without --ignore-scripts ONNX Runtime fetches its CUDA libraries, and fails the installation where it cannot.
  await run(npm, ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball)], {
    cwd: home,
    shell,
  });

  const doctor = await run(npx, ['voxhost', 'doctor'], { cwd: home, shell });
  t.regex(doctor.stdout, /cpu/);
  await copyFile(HEAD_MRI, join(home, 'head.nii.gz'));
  const flags = ['--workflows', EXAMPLE_WORKFLOWS, '--data', join(home, 'data')];
  await run(npx, ['voxhost', 'run', 'brain_extraction_mri', 'head.nii.gz', '-o', 'mask.nii.gz', ...flags], {
    cwd: home,
    shell,
  });
  const script =
    "import { readImageFile } from 'voxhost'; console.log((await readImageFile('mask.nii.gz')).header.sizes.join())";
  const library = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: home });
  t.is(library.stdout.trim(), '181,217,181');
});
