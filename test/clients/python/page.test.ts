// docs/clients/python.md as a new user follows it: its program in a fresh folder, its other snippets after it.
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { findPython } from '../../fixtures/python.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { EXAMPLE_WORKFLOWS, HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const client = join(ROOT, 'clients', 'python');
const mask = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the Python page's program gives MONAI's mask, and each of its other snippets runs", async (t) => {
  t.timeout(600_000, 'the first time, pip installs what the page asks for');
  const page = await readFile(join(ROOT, 'docs', 'clients', 'python.md'), 'utf8');
  const [program, ...snippets] = [...page.matchAll(/^```python\n(.*?)^```/gms)].map((match) => match[1]!);
  t.true(snippets.length >= 8);
  const extras = [...page.matchAll(/voxhost\[(\w+)\]/g)].map((match) => match[1]!);
  const project = await readFile(join(client, 'pyproject.toml'), 'utf8');
  for (const extra of extras) t.regex(project, new RegExp(`^${extra} = \\[`, 'm'), 'an extra of the package');

  const folder = await createFolder(t);
  await copyFile(HEAD_MRI, join(folder, 'head-mri.nii.gz'));
  await cp(join(EXAMPLE_WORKFLOWS, 'brain_extraction_deepbet'), join(folder, 'workflows', 'brain_extraction_deepbet'), {
    recursive: true,
  });
  await putCommand(folder);
  const python = await findPython(join(client, 'tests', 'requirements-smoke.txt'));
  const host = await startTestHost(t);
  const execute = async (code: string): Promise<string> => {
    const file = join(folder, 'page.py');
    await writeFile(file, code.replaceAll('127.0.0.1:50151', host.address));
    const { stdout } = await run(python, [file], {
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: join(client, 'src'),
        PYTHONIOENCODING: 'utf-8',
        PATH: `${folder}${delimiter}${process.env['PATH']}`,
      },
    });
    return stdout;
  };

  t.regex(await execute(program!), /^brain: [\d.]+ mL$/m);
  const [got, expected] = await Promise.all([readImageFile(join(folder, 'mask.nii.gz')), readImageFile(mask)]);
  t.is(Buffer.compare(got.voxels, expected.voxels), 0);

  const opening = 'import voxhost\n\nhost = voxhost.connect("127.0.0.1:50151", timeout_s=60)\n';
  const said = await execute([opening, ...snippets].join('\n'));
  t.regex(said, /^brain_extraction_mri (ready|loading)/m);
  t.regex(said, /^Nifti1Image \(181, 217, 181\)$/m);
  t.regex(said, /^uint8 \d+ voxels$/m);
  t.regex(said, /^done: 100%$/m, 'progress came');
  t.regex(said, /^0\.25 \d+\n0\.5 \d+$/m);
  t.regex(said, /^The call was stopped by its caller\.$/m);
  t.regex(said, /^WORKFLOW_NOT_FOUND - There is no workflow "no_such_workflow"/m);
  t.regex(said, /^\d+\.\d+ \d+\.\d+$/m, 'two runs at once');
  t.regex(said, /\['brain_extraction_deepbet'\]$/m, 'a host of its own');
  t.regex(said, /gpu\.invalid/, 'no machine of that name is known');
});

/** `voxhost` on the PATH, as npm or the wheel would put it there. */
async function putCommand(folder: string): Promise<void> {
  const main = join(ROOT, 'clients', 'cli', 'main.ts');
  const loader = import.meta.resolve('tsx');
  const sh = join(folder, 'voxhost');
  await writeFile(sh, `#!/bin/sh\nexec "${process.execPath}" --import="${loader}" "${main}" "$@"\n`);
  await writeFile(`${sh}.cmd`, `@"${process.execPath}" --import="${loader}" "${main}" %*\r\n`);
  await chmod(sh, 0o755);
}
