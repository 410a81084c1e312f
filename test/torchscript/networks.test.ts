// Every family of networks, scripted and traced by torch: imported, run by ONNX Runtime, compared with torch's own answers.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { findPython } from '../fixtures/python.js';
import { compareWithTorch, FORMS, readCases } from './answers.js';

const folder = new URL('../golden/data/torchscript/networks/', import.meta.url);
const cases = readCases(folder);

/** Its trace holds a tensor of the image that it was made with: torch itself takes no batch of two. */
const FIXED_BATCH = new Map([['resnet-3d traced', /^torch\.cat: Shapes .* cannot be joined .*resnet\.py:293\)$/]]);

/** The models that the tests below made, for ONNX's own checker. */
const models = mkdtempSync(join(tmpdir(), 'voxhost-torchscript-'));
test.after.always(() => rmSync(models, { recursive: true, force: true }));

test.serial('all families are there', (t) => {
  t.true(cases.size >= 40);
});

for (const [name, golden] of cases) {
  for (const form of FORMS) {
    const written = golden[form];
    if (!('file' in written)) continue;
    const fixedBatch = FIXED_BATCH.get(`${name} ${form}`);
    test.serial(`${name} ${form} answers as torch, for a batch of one${fixedBatch ? '' : ' and of two'}`, async (t) => {
      const { onnx } = await compareWithTorch(t, folder, golden, written.file, fixedBatch);
      writeFileSync(join(models, `${name}-${form}.onnx`), onnx);
    });
  }
}

test.serial("ONNX's own checker finds nothing in any of the models", async (t) => {
  t.timeout(600_000, 'the first time, pip installs onnx');
  const here = fileURLToPath(new URL('python/', import.meta.url));
  const python = await findPython(join(here, 'requirements.txt'));
  const { stdout } = await promisify(execFile)(python, [join(here, 'check_models.py'), models]);
  const lines = stdout.trimEnd().split(/\r?\n/);
  t.is(lines.length, readdirSync(models).length);
  t.deepEqual(
    lines.filter((line) => !line.endsWith(': fine')),
    [],
  );
});
