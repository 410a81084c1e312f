// The evaluation of plain values against TorchScript's own interpreter.
import test from 'ava';
import { TorchScriptError } from '../../../server/torchscript/error.js';
import { openProgram, parseTagged, readGolden, tagged } from '../golden.js';

const archive = readGolden('language.zip');
const { answers } = parseTagged(Buffer.from(readGolden('language.json')).toString());

for (const [method, expected] of Object.entries(answers)) {
  test(`${method} gives what torch's interpreter gives, with the same types`, (t) => {
    t.deepEqual(tagged(openProgram(archive).call(method)), expected);
  });
}

test('the generator made more than ten methods', (t) => {
  t.true(Object.keys(answers).length > 10);
});

test("what the network raises itself is told with its text, the line of source and the author's line", (t) => {
  const error = t.throws(() => openProgram(archive).call('fails'), { instanceOf: TorchScriptError });
  t.is(error.problem, 'raised');
  t.regex(error.message, /expected 4 ints, got 3/);
});

test('an index outside a list is told as Python does', (t) => {
  const error = t.throws(() => openProgram(archive).call('outside'), { instanceOf: TorchScriptError });
  t.is(error.problem, 'raised');
  t.regex(error.message, /IndexError: 3 of 3 items/);
});
