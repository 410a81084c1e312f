// The Python client on every Python from 3.9 to 3.13: all its tests on one, what matters most on the others, one host.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { findInterpreter, findPython, type Interpreter } from '../../fixtures/python.js';
import { ROOT, startTestHost, type TestHost } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const client = join(ROOT, 'clients', 'python');
const tests = join(client, 'tests');
const WHOLE = '3.12';
const VERSIONS = ['3.9', '3.10', '3.11', WHOLE, '3.13'];

/** The Pythons that are here. In CI each of them must be. */
async function interpreters(t: ExecutionContext): Promise<Interpreter[]> {
  const found = await Promise.all(VERSIONS.map(findInterpreter));
  const missing = VERSIONS.filter((_, index) => !found[index]);
  if (process.env['CI']) t.deepEqual(missing, [], 'CI has every Python that the client is for');
  else if (missing.length > 0) t.log(`Left out, not installed: Python ${missing.join(', ')}.`);
  return found.filter((one) => one !== undefined);
}

/** Runs pytest; nothing may be skipped. @returns how many tests passed */
async function pytest(t: ExecutionContext, python: string, host: TestHost, words: readonly string[]): Promise<number> {
  const env = {
    ...process.env,
    VOXHOST_TEST_HOST: host.address,
    PYTHONPATH: join(client, 'src'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  // Run from the top, where node finds tsx for the hosts that the tests start themselves.
  const pytestWords = [
    '-m',
    'pytest',
    '-q',
    '--color=no',
    '-c',
    join(client, 'pyproject.toml'),
    '-p',
    'no:cacheprovider',
  ];
  const { stdout } = await run(python, [...pytestWords, ...words], { cwd: ROOT, env, maxBuffer: 2 ** 26 }).catch(
    (error: { stdout?: string; stderr?: string }) => t.fail(`${error.stdout}\n${error.stderr}`),
  );
  t.notRegex(stdout, /skipped|deselected|xfailed/, 'what was left out would look as if it held');
  return Number(/(\d+) passed/.exec(stdout)?.[1] ?? 0);
}

test('the Python client passes its tests on one Python, and what matters most on all others, against one host', async (t) => {
  t.timeout(900_000, 'the first time, pip installs what the tests need');
  const [host, pythons] = await Promise.all([startTestHost(t), interpreters(t)]);
  const whole = pythons.find(({ version }) => version === WHOLE) ?? pythons.at(-1);
  if (!whole) return t.pass();
  for (const interpreter of pythons) {
    if (interpreter === whole) continue;
    const python = await findPython(join(tests, 'requirements-smoke.txt'), interpreter);
    const passed = await pytest(t, python, host, [join(tests, 'test_smoke.py')]);
    t.log(`Python ${interpreter.version}: ${passed} passed`);
    t.true(passed >= 3);
  }
  const python = await findPython(join(tests, 'requirements.txt'), whole);
  const passed = await pytest(t, python, host, [tests]);
  t.log(`Python ${whole.version}, all tests: ${passed} passed`);
  t.true(passed > 200);
});
