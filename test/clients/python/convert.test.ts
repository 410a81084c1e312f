// voxhost.convert with MONAI and PyTorch. CI has neither: there the host runs what it once made (test_convert.py).
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { ROOT } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const client = join(ROOT, 'clients', 'python');

test('voxhost.convert makes of PyTorch weights and of TorchScript an ONNX model that agrees with both', async (t) => {
  const python = process.env['VOXHOST_MONAI_PYTHON'];
  if (!python) {
    t.log('Left out: set VOXHOST_MONAI_PYTHON to a Python with MONAI, PyTorch, onnxruntime, grpcio and pytest.');
    t.log('The committed bundle that it made is run on the host in python.test.ts.');
    return t.pass();
  }
  t.timeout(600_000);
  const env = {
    ...process.env,
    PYTHONPATH: [join(client, 'src'), join(client, 'tests')].join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const words = ['-m', 'pytest', '-q', '--color=no', '-c', join(client, 'pyproject.toml'), '-p', 'no:cacheprovider'];
  const { stdout } = await run(python, [...words, join(client, 'tests', 'reference_convert.py')], {
    cwd: client,
    env,
    maxBuffer: 2 ** 26,
  }).catch((error: { stdout?: string; stderr?: string }) => t.fail(`${error.stdout}\n${error.stderr}`));
  t.regex(stdout, /\b6 passed/);
  t.notRegex(stdout, /skipped/);
});
