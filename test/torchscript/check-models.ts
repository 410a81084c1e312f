// ONNX's own checker, shapes inferred, over the models that a test file made.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { findPython } from '../fixtures/python.js';

/** Adds a last test, which checks every model that was kept until then. */
export function checkModelsLast(): { keep(name: string, onnx: Uint8Array): void; declare(): void } {
  const models = mkdtempSync(join(tmpdir(), 'voxhost-torchscript-'));
  test.after.always(() => rmSync(models, { recursive: true, force: true }));
  return {
    keep: (name, onnx) => writeFileSync(join(models, `${name}.onnx`), onnx),
    declare: () => {
      test.serial("ONNX's own checker finds nothing in any of the models", async (t) => {
        t.timeout(600_000, 'the first time, pip installs onnx');
        const here = fileURLToPath(new URL('python/', import.meta.url));
        const python = await findPython(join(here, 'requirements.txt'));
        const { stdout } = await promisify(execFile)(python, [join(here, 'check_models.py'), models]);
        const lines = stdout.trimEnd().split(/\r?\n/);
        t.true(lines.length > 0);
        t.is(lines.length, readdirSync(models).length);
        t.deepEqual(
          lines.filter((line) => !line.endsWith(': fine')),
          [],
        );
      });
    },
  };
}
