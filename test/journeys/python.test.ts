// Another language with nothing of ours: stubs generated from proto/, then plain grpcio.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { findPython } from '../fixtures/python.js';
import { HEAD_MRI, ROOT, startTestHost } from '../fixtures/start-host.js';

const run = promisify(execFile);
const here = join(ROOT, 'test', 'journeys', 'python');

test("Python's grpcio with generated stubs uploads the head MRI, watches the run, and reads MONAI's mask to the byte", async (t) => {
  t.timeout(600_000, 'the first time, pip installs grpcio');
  const python = await findPython(join(here, 'requirements.txt'));
  const stubs = await mkdtemp(join(tmpdir(), 'voxhost-stubs-'));
  t.teardown(() => rm(stubs, { recursive: true, force: true }));
  const protos = (await readdir(join(ROOT, 'proto', 'voxhost', 'v1'))).map((name) => `voxhost/v1/${name}`);
  const outputs = [`--python_out=${stubs}`, `--grpc_python_out=${stubs}`];
  await run(python, ['-m', 'grpc_tools.protoc', `-I${join(ROOT, 'proto')}`, ...outputs, ...protos]);

  const { address } = await startTestHost(t);
  const mask = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');
  const script = [join(here, 'run_workflow.py'), stubs, address, 'brain_extraction_deepbet', HEAD_MRI, mask];
  const { stdout } = await run(python, script);
  t.log(stdout);
  const lines = stdout.trimEnd().split('\n');

  t.true(lines.includes(`uploaded: ${181 * 217 * 181} bytes`));
  const progress = lines.filter((line) => line.startsWith('progress: '));
  t.true(progress.some((line) => line.startsWith('progress: network ')));
  t.true(progress.some((line) => line.startsWith('progress: KeepLargestConnectedComponent ')));
  for (const kind of ['started', 'output_ready', 'succeeded']) t.true(lines.includes(kind), kind);
  t.true(lines.includes('workflow: Brain extraction (deepbet), head MRI, from image to pred'));
  t.true(lines.includes('mask: 1963934 voxels are not 0'));
  t.is(lines.at(-1), 'identical');
});
