// What an install takes on disk: the packed package, installed by npm in an empty folder.
// node --import=tsx benchmarks/installed-size.ts
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { reportFigure, round } from './figures.js';
import { ROOT } from './host-process.js';

const run = promisify(execFile);
const MB = 1e6;

/** Bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += (await stat(path)).size;
  }
  return bytes;
}

/** The packages of node_modules, the largest first. */
async function packages(modules: string): Promise<{ name: string; bytes: number }[]> {
  const names = (await readdir(modules, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const scoped = names.filter(({ name }) => name.startsWith('@'));
  const inside = await Promise.all(
    scoped.map(async ({ name }) => (await readdir(join(modules, name))).map((own) => `${name}/${own}`)),
  );
  const all = [...names.filter(({ name }) => !/^[.@]/.test(name)).map(({ name }) => name), ...inside.flat()];
  const sizes = await Promise.all(all.map(async (name) => ({ name, bytes: await sizeOf(join(modules, name)) })));
  return sizes.sort((a, b) => b.bytes - a.bytes);
}

const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
  cwd: ROOT,
  maxBuffer: 2 ** 26,
});
const [{ filename, size }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string; size: number }];
await writeFile(join(folder, 'package.json'), '{}');
const start = performance.now();
// Without --ignore-scripts ONNX Runtime fetches its CUDA libraries on Linux: several hundred MB more.
await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `./${filename}`], {
  cwd: folder,
  maxBuffer: 2 ** 26,
});
const seconds = (performance.now() - start) / 1000;
const modules = join(folder, 'node_modules');
const total = await sizeOf(modules);
const largest = (await packages(modules)).slice(0, 4).map(({ name, bytes }) => `${name} ${round(bytes / MB)} MB`);
const binaries = join(modules, 'onnxruntime-node', 'bin', 'napi-v6');
const elsewhere = (await sizeOf(binaries)) - (await sizeOf(join(binaries, process.platform, process.arch)));
await rm(folder, { recursive: true });

reportFigure(
  'Installed size',
  total / MB,
  { atMost: 450 },
  ' MB',
  `packed ${round(size / MB)} MB; ${largest.join(', ')}; ${round(elsewhere / MB)} MB are ONNX Runtime for other platforms, which its package brings along: a package for each would save them; installed in ${round(seconds)} s`,
);
