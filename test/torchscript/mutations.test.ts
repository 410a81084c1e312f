// Two thousand seeded mutations of real archives: each imports, or is an error of ours that names a place.
import test from 'ava';
import { TorchScriptError } from '../../server/torchscript/error.js';
import { importTorchScript } from '../../server/torchscript/import.js';
import { readGolden } from './golden.js';
import { KINDS, seeded } from './mutations.js';

const archives = ['tiny.zip', 'language.zip'].map(readGolden);
const limits = {
  maxSteps: 100_000,
  maxItems: 100_000,
  maxOpcodes: 100_000,
  maxInflatedBytes: 2 ** 22,
  maxCopiedBytes: 2 ** 24,
};

for (const [what, count, mutate] of KINDS) {
  test(`${count} mutations of ${what} import or are refused with a place`, (t) => {
    let refused = 0;
    for (let seed = 0; seed < count; seed += 1) {
      const bytes = mutate(archives[seed % archives.length]!, seeded(seed + 1));
      try {
        importTorchScript(bytes, { inputShapes: [[1, 1, 4, 4]], batch: 'fixed', limits });
      } catch (error) {
        refused += 1;
        if (!(error instanceof TorchScriptError)) t.fail(`${what}, seed ${seed}: ${(error as Error).stack}`);
        else if (error.problem !== 'not-torchscript' && error.problem !== 'weights-only')
          t.not(error.where, '', `seed ${seed}`);
      }
    }
    t.log(`${refused} of ${count} refused`);
    t.true(refused > 0 || what === 'the source ranges');
  });
}

test('there are two thousand of them', (t) => {
  t.is(
    KINDS.reduce((sum, [, count]) => sum + count, 0),
    2_000,
  );
});
