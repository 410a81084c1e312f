// The Slicer module against Slicer's own MRML (slicer-core from PyPI), real Qt, and a real host. It needs a gigabyte of
// packages: CI always has them; elsewhere the test runs when asked (VOXHOST_TEST_SLICER=1) or when they are there.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { findPython, hasPython } from '../../fixtures/python.js';
import { ROOT, startTestHost } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const module = join(ROOT, 'clients', 'slicer');
const requirements = join(module, 'tests', 'requirements.txt');
const asked = Boolean(process.env['CI'] || process.env['VOXHOST_TEST_SLICER']);

test("the Slicer module passes its tests in Slicer's own MRML, against a real host", async (t) => {
  if (!asked && !(await hasPython(requirements))) {
    t.log(
      'Left out: needs slicer-core, 1.5 GB of packages from PyPI. VOXHOST_TEST_SLICER=1 fetches them into .cache/.',
    );
    t.pass();
    return;
  }
  t.timeout(900_000, 'the first time, pip installs slicer-core');
  const python = await findPython(requirements);
  const { address, serving } = await startTestHost(t);
  await serving('brain_extraction_deepbet');
  const env = {
    ...process.env,
    VOXHOST_TEST_HOST: address,
    QT_QPA_PLATFORM: 'offscreen',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const { stdout } = await run(python, ['-m', 'pytest', '-rs', '--color=no'], { cwd: module, env }).catch(
    (error: { stdout?: string; stderr?: string }) => t.fail(`${error.stdout}\n${error.stderr}`),
  );
  t.log(stdout.trimEnd().split('\n').at(-1));
  t.regex(stdout, /\b\d{2,} passed/);
  t.notRegex(stdout, /skipped/, 'what was left out would look as if it held');
});
