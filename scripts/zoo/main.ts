// Writes docs/zoo.md: what becomes of each bundle in a copy of MONAI's model zoo, and the proof where MONAI is there.
//
//   make zoo ZOO=FOLDER
//   VOXHOST_MONAI_PYTHON=python node --import=tsx scripts/zoo/main.ts FOLDER [--only NAME …] [--keep FOLDER] [--print]
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { planZoo } from './plan-zoo.js';
import { type Proof, proveZoo } from './prove-zoo.js';
import { zooPage } from './zoo-page.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    keep: { type: 'string' },
    print: { type: 'boolean' },
    version: { type: 'string' },
  },
});
const [zoo] = positionals;
if (zoo === undefined) throw new Error('usage: make zoo ZOO=FOLDER, a clone of github.com/Project-MONAI/model-zoo');

function versionOf(folder: string): string {
  try {
    const args = ['-C', folder, 'log', '-1', '--format=%h of %cs'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return 'a copy without history';
  }
}

const all = await planZoo(zoo);
const bundles = values.only ? all.filter(({ name }) => values.only?.includes(name)) : all;
const python = process.env['VOXHOST_MONAI_PYTHON'];
const proofs: ReadonlyMap<string, Proof> = python ? await proveZoo(bundles, python, values.keep) : new Map();
const page = zooPage(bundles, proofs, values.version ?? versionOf(zoo));
if (values.print || values.only) console.log(page);
else await writeFile(fileURLToPath(new URL('../../docs/zoo.md', import.meta.url)), page);
