// Every family of networks, scripted and traced by torch: imported, run by ONNX Runtime, compared with torch's own answers.
import test from 'ava';
import { compareWithTorch, FORMS, readCases } from './answers.js';
import { checkModelsLast } from './check-models.js';

const folder = new URL('../golden/data/torchscript/networks/', import.meta.url);
const cases = readCases(folder);

/** Its trace holds a tensor of the image that it was made with: torch itself takes no batch of two. */
const FIXED_BATCH = new Map([['resnet-3d traced', /^torch\.cat: Shapes .* cannot be joined .*resnet\.py:293\)$/]]);

const models = checkModelsLast();

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
      models.keep(`${name}-${form}`, onnx);
    });
  }
}

models.declare();
