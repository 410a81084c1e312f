// A file of torch.jit.save and ten lines of YAML, on a machine without Python: hosted, called, the mask that torch makes.
import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readImageFile } from '../../clients/typescript/index.js';
import { HEAD_MRI, ROOT } from '../fixtures/start-host.js';
import { MASK, MAY_DIFFER, NETWORK, WORKFLOW } from '../fixtures/torchscript/deepbet.js';
import { createFolder, startHostProcess } from './host-process.js';

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** Runs a command to its end. Rejects when there is no such command. */
function run(command: string, words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text }));
  });
}

test('a network of torch.jit.save and ten lines of YAML give the mask of PyTorch, with only node on the PATH', async (t) => {
  t.true(WORKFLOW.trimEnd().split('\n').length <= 10);
  const folder = await createFolder(t);
  const [bin, cwd, workflows] = ['bin', 'mine', 'workflows'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [bin, cwd, workflows]) await mkdir(made);
  // A link is a right of its own on Windows, where an empty PATH says the same.
  if (process.platform !== 'win32') await symlink(process.execPath, join(bin, 'node'));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:path|python.*|virtual_env|conda.*|voxhost_.*)$/i.test(name),
  );
  const env = { ...Object.fromEntries(kept), PATH: bin };
  for (const python of ['python', 'python3']) {
    await t.throwsAsync(run(python, ['--version'], cwd, env), { code: 'ENOENT' });
  }

  await copyFile(NETWORK, join(cwd, 'brain.zip'));
  await writeFile(join(cwd, 'workflow.yaml'), WORKFLOW);
  const data = join(folder, 'data');
  const flags = ['--address', '127.0.0.1:0', '--workflows', workflows, '--data', data];
  const host = startHostProcess(t, flags, env);
  const address = await host.address;
  const main = join(ROOT, 'clients', 'cli', 'main.ts');
  const voxhost = async (...words: string[]): Promise<string> => {
    const all = [`--import=${import.meta.resolve('tsx')}`, main, ...words, '--host', address];
    const { code, text } = await run(process.execPath, all, cwd, env);
    t.is(code, 0, text);
    return text;
  };

  t.regex(await voxhost('deploy', 'brain.zip'), /^brain .*is ready on cpu/m);
  t.deepEqual((await readdir(join(workflows, 'brain'))).sort(), ['model.zip', 'workflow.yaml']);
  await voxhost('run', 'brain', HEAD_MRI, '-o', 'mask.nii.gz');
  const [ours, torchs] = await Promise.all([readImageFile(join(cwd, 'mask.nii.gz')), readImageFile(MASK)]);
  t.deepEqual(ours.header.sizes, torchs.header.sizes);
  const differing = ours.voxels.reduce((sum, value, at) => sum + (value === torchs.voxels[at] ? 0 : 1), 0);
  t.log(`${differing} voxels differ`);
  t.true(differing <= MAY_DIFFER);
  t.true(torchs.voxels.some((value) => value === 1));

  // It was converted once: what was kept is the model that the host ran.
  const [key, ...others] = await readdir(join(data, 'converted'));
  t.deepEqual(others, []);
  t.regex(await readFile(join(data, 'converted', key!, 'report.json'), 'utf8'), /"network": ".*LinkNet3d"/);
});
