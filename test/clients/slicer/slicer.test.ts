// The Slicer module against Slicer's own MRML (slicer-core from PyPI), real Qt, and a real host. It needs a gigabyte of
// packages: CI always has them; elsewhere the test runs when asked (VOXHOST_TEST_SLICER=1) or when they are there.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { silentLog } from '../../../server/log.js';
import { startHost } from '../../../server/main.js';
import { findPython, hasPython } from '../../fixtures/python.js';
import { ROOT, startTestHost } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const module = join(ROOT, 'clients', 'slicer');
const requirements = join(module, 'tests', 'requirements.txt');
const asked = Boolean(process.env['CI'] || process.env['VOXHOST_TEST_SLICER']);

/** A second host, which wants a token and has no workflow: where it is, for the tests' environment. */
async function startHostWithToken(t: ExecutionContext): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-slicer-'));
  const token = randomUUID();
  await writeFile(join(folder, 'token'), token);
  const options = { address: '127.0.0.1:0', workflows: folder, data: join(folder, 'data'), device: 'cpu' };
  const host = await startHost({ ...options, tokenFile: join(folder, 'token') }, silentLog);
  t.teardown(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { VOXHOST_TEST_TOKEN_HOST: host.address, VOXHOST_TEST_TOKEN: token };
}

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
    ...(await startHostWithToken(t)),
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
