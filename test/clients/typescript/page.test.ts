// docs/clients/typescript.md as a new user follows it: its program in a fresh folder, its other snippets after it.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const library = join(ROOT, 'clients', 'typescript', 'index.ts');
const mask = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the TypeScript page's program gives MONAI's mask, its types hold, and each of its other snippets runs", async (t) => {
  t.timeout(300_000);
  const page = await readFile(join(ROOT, 'docs', 'clients', 'typescript.md'), 'utf8');
  const [program, ...snippets] = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]!);
  t.true(snippets.length >= 6);

  const folder = await createFolder(t);
  await copyFile(HEAD_MRI, join(folder, 'head-mri.nii.gz'));
  await putPackage(folder);
  const host = await startTestHost(t);
  const at = (code: string): string => code.replaceAll('127.0.0.1:50151', host.address);
  await writeFile(join(folder, 'program.mts'), at(program!));
  await writeFile(join(folder, 'snippets.mts'), at(asModule(program!, snippets)));
  const execute = async (file: string): Promise<string> => {
    const { stdout } = await run(process.execPath, [`--import=${import.meta.resolve('tsx')}`, file], { cwd: folder });
    return stdout;
  };

  t.regex(await execute('program.mts'), /^brain: [\d.]+ mL$/m);
  const [got, expected] = await Promise.all([readImageFile(join(folder, 'mask.nii.gz')), readImageFile(mask)]);
  t.is(Buffer.compare(got.voxels, expected.voxels), 0);

  const said = await execute('snippets.mts');
  t.regex(said, /^brain_extraction_mri (ready|loading)/m);
  t.regex(said, /^786432 [0-9a-f]{8}$/m);
  t.regex(said, /^write: \d+ %$/m, 'progress came');
  t.regex(said, /^0\.25 \d+\n0\.5 \d+$/m);
  t.regex(said, /^.*(cancelled|stopped|aborted).*$/im);
  t.regex(said, /^WORKFLOW_NOT_FOUND - There is no workflow "no_such_workflow"/m);
  t.regex(said, /gpu\.invalid/, 'no machine of that name is known');

  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = ['--typeRoots', join(ROOT, 'node_modules', '@types'), '--types', 'node'];
  const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--module', 'nodenext', '--target', 'es2023'];
  const files = ['program.mts', 'snippets.mts'].map((name) => join(folder, name));
  await t.notThrowsAsync(
    run(process.execPath, [compiler, ...options, '--skipLibCheck', ...types, ...files], { cwd: folder }).catch(
      ({ stdout }: { stdout: string }) => Promise.reject(new Error(stdout)),
    ),
  );
});

/** `voxhost` in the folder's node_modules, as npm would put it there: this checkout. */
async function putPackage(folder: string): Promise<void> {
  const place = join(folder, 'node_modules', 'voxhost');
  await mkdir(place, { recursive: true });
  const manifest = { name: 'voxhost', type: 'module', exports: { types: './index.d.ts', default: './index.js' } };
  await writeFile(join(place, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(place, 'index.js'), `export * from ${JSON.stringify(pathToFileURL(library).href)};\n`);
  await writeFile(join(place, 'index.d.ts'), `export * from ${JSON.stringify(library.replace(/\.ts$/, '.js'))};\n`);
}

/** The first lines of the program, then each snippet in a block of its own; imports go to the top. */
function asModule(program: string, snippets: readonly string[]): string {
  const opening = program.split('\n').filter((line) => /^(import|const (host|image) )/.test(line));
  const imports = snippets.flatMap((snippet) => snippet.split('\n').filter((line) => line.startsWith('import ')));
  const bodies = snippets.map(
    (snippet) =>
      `{\n${snippet
        .split('\n')
        .filter((line) => !line.startsWith('import '))
        .join('\n')}\n}`,
  );
  return [...imports, ...opening, ...bodies, 'host.close();'].join('\n');
}
