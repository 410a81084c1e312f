// The same networks as saved by PyTorch 1.6 and by those that came after it, with the MONAI of their time: each imports
// and answers as that PyTorch did.
import { readdirSync } from 'node:fs';
import test from 'ava';
import { compareWithTorch, FORMS, readCases } from './answers.js';

const root = new URL('../golden/data/torchscript/versions/', import.meta.url);
const versions = readdirSync(root);

test('PyTorch 1.6, 1.13 and several of 2 are among them', (t) => {
  for (const wanted of [/^1\.6\./, /^1\.13\./, /^2\..*/]) t.true(versions.some((version) => wanted.test(version)));
});

for (const version of versions) {
  const folder = new URL(`${version}/`, root);
  for (const [name, golden] of readCases(folder)) {
    for (const form of FORMS) {
      test(`${name} ${form} by PyTorch ${version} answers as it did there`, async (t) => {
        t.is(golden.torch, version);
        const written = golden[form];
        if ('file' in written) await compareWithTorch(t, folder, golden, written.file);
        else t.fail(`it was not saved: ${written.raises}`);
      });
    }
  }
}
