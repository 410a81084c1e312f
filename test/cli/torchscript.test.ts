// The command with a network of torch.jit.save, as a person has it: check tells what it is, deploy hosts it, run uses it.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readImageFile } from '../../clients/typescript/index.js';
import { HEAD_MRI, ROOT, startTestHost } from '../fixtures/start-host.js';
import { MASK, MAY_DIFFER, NETWORK, WORKFLOW } from '../fixtures/torchscript/deepbet.js';
import { runCli } from './run-cli.js';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-cli-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test.serial(
  'check tells the network, its ends and operators, and proposes the workflow.yaml that is missing',
  async (t) => {
    const cwd = await makeFolder(t);
    await copyFile(NETWORK, join(cwd, 'model.zip'));
    const found = await runCli(t, ['check', 'model.zip', '--shape', '1,1,32,32,32'], { cwd });
    t.is(found.code, 0, found.stderr);
    t.regex(found.stdout, /^model\.zip is TorchScript: LinkNet3d\.\n/);
    t.regex(found.stdout, /gives +output \[1, 2, 32, 32, 32\]\n/);
    t.regex(found.stdout, /torch\._convolution ×35/);
    t.regex(found.stdout, /model: model\.zip\ninput: \{ channels: 1, axes: 3/);

    await writeFile(
      join(cwd, 'workflow.yaml'),
      found.stdout.slice(found.stdout.indexOf('model: '), found.stdout.indexOf('\n\nWrite in')),
    );
    const proposed = await runCli(t, ['check', 'model.zip', '--device', 'cpu'], { cwd });
    t.is(proposed.code, 0, proposed.stdout);
    t.regex(proposed.stdout, /^model\.zip can run: takes image, gives pred\./);
  },
);

test.serial(
  'check tells whether a network takes images of any size, and proposes a workflow.yaml that does',
  async (t) => {
    const cwd = await makeFolder(t);
    await copyFile(NETWORK, join(cwd, 'model.zip'));
    const found = await runCli(t, ['check', 'model.zip', '--shape', '1,1,-1,-1,-1'], { cwd });
    t.is(found.code, 0, found.stdout + found.stderr);
    t.log(found.stdout.split('\n').slice(1, 3).join('\n'));
    t.notRegex(found.stdout, /gives +output \[1, 2, 64/);
    t.regex(found.stdout, /roi_size: \[-1, -1, -1\]/);

    const wrong = await runCli(t, ['check', 'model.zip', '--shape', '1,-1,64,64,64'], { cwd });
    t.is(wrong.code, 2);
    t.regex(wrong.stderr, /--shape is "1,-1,64,64,64", expected batch, channels and sizes/);
  },
);

test.serial('check tells weights from a network, and a network from a bundle', async (t) => {
  const cwd = await makeFolder(t);
  await copyFile(join(ROOT, 'test', 'golden', 'data', 'torchscript', 'weights.pt'), join(cwd, 'model.pt'));
  const weights = await runCli(t, ['check', 'model.pt'], { cwd });
  t.is(weights.code, 1);
  t.regex(weights.stdout, /model\.pt: This file holds weights without a network.*torch\.jit\.save/);
});

test.serial('deploy sends a model.zip with the workflow.yaml beside it, and any client gets the mask', async (t) => {
  const cwd = await makeFolder(t);
  await copyFile(NETWORK, join(cwd, 'brain.zip'));
  // Not the examples: what is deployed lands in this folder.
  const host = await startTestHost(t, { workflows: await makeFolder(t) });
  const alone = await runCli(t, ['deploy', 'brain.zip', '--host', host.address], { cwd });
  t.is(alone.code, 2);
  t.regex(alone.stderr, /a network with a workflow\.yaml beside it.*voxhost check/);

  await writeFile(join(cwd, 'workflow.yaml'), WORKFLOW);
  const deployed = await runCli(t, ['deploy', 'brain.zip', '--host', host.address], { cwd });
  t.is(deployed.code, 0, deployed.stderr);
  t.regex(deployed.stdout, /^brain .*is ready on cpu/);
  const shown = await runCli(t, ['show', 'brain', '--host', host.address, '--json'], { cwd });
  t.is((JSON.parse(shown.stdout) as { modelFormat: string }).modelFormat, 'torchscript');

  const run = await runCli(t, ['run', 'brain', HEAD_MRI, '-o', 'mask.nii.gz', '--host', host.address], { cwd });
  t.is(run.code, 0, run.stderr);
  const [ours, torchs] = await Promise.all([readImageFile(join(cwd, 'mask.nii.gz')), readImageFile(MASK)]);
  const count = ours.voxels.reduce((sum, value, index) => sum + (value === torchs.voxels[index] ? 0 : 1), 0);
  t.log(`${count} voxels differ`);
  t.true(count <= MAY_DIFFER);
});
