// Programs that were made to hurt: each ends with an error that names its line, after a number of steps and not of seconds.
import test from 'ava';
import { TorchScriptError, type TorchScriptProblem } from '../../../server/torchscript/error.js';
import { importTorchScript } from '../../../server/torchscript/import.js';
import { archiveOf, attributes, readRecords, writeRecords } from '../archives.js';
import { global, pickle, text } from '../pickle/assemble.js';

const LIMITS = { maxSteps: 200_000, maxItems: 100_000, maxDepth: 1_200 };

function run(bytes: Uint8Array): void {
  importTorchScript(bytes, { inputShapes: [[1, 1, 4, 4]], batch: 'fixed', limits: LIMITS });
}

test('the smallest archive of these tests imports', (t) => {
  t.notThrows(() => run(archiveOf('return torch.add(x, 1)')));
});

const itself = 'def again(self: __torch__.N,\n    x: Tensor) -> Tensor:\n    return (self).again(x, )\n';
const programs: [string, string, TorchScriptProblem, RegExp][] = [
  ['a loop of a billion steps', 'for i in range(1000000000):\n  pass\nreturn x', 'limit', /200000 steps/],
  ['a loop without end', 'while True:\n  pass\nreturn x', 'limit', /steps/],
  ['loops in loops', 'for i in range(100000):\n  for j in range(100000):\n    y = j\nreturn x', 'limit', /steps/],
  ['a list of a billion items', 'y = torch.mul([1], 1000000000)\nreturn x', 'limit', /items/],
  ['a range as a list', 'y = torch.list(range(1000000000))\nreturn x', 'limit', /items/],
  ['a list that doubles', 'y = [1]\nfor i in range(64):\n  y = torch.add(y, y)\nreturn x', 'limit', /items/],
  ['a text that doubles', 'y = "a"\nfor i in range(64):\n  y = torch.add(y, y)\nreturn x', 'limit', /items/],
  [
    'a list that grows while it is looped over',
    'y = [1]\nfor i in y:\n  z = torch.append(y, i)\nreturn x',
    'limit',
    /items|steps/,
  ],
  ['recursion', 'return (self).forward(x, )', 'limit', /nested more than/],
  ['recursion through another method', 'return (self).again(x, )', 'limit', /nested more than/],
  ['an operator that nobody knows', 'return torch.rm_rf(x)', 'unsupported', /torch\.rm_rf/],
  ['a function that is not in the archive', 'return __torch__.os.system(x)', 'unsupported', /__torch__\.os\.system/],
  ['a name of JavaScript', 'return (self).constructor(x, )', 'damaged', /no attribute constructor/],
  ['a prototype', 'return self.__proto__', 'damaged', /__proto__/],
  ['an operator named like a property of objects', 'return torch.constructor(x)', 'unsupported', /torch\.constructor/],
  [
    'a branch on the numbers of the input',
    'if bool(torch.gt(torch.sum(x), 0)):\n  y = x\nelse:\n  y = x\nreturn y',
    'unsupported',
    /differ from image to image/,
  ],
  [
    'a loop counted by the numbers of the input',
    'for i in range(int(torch.sum(x))):\n  pass\nreturn x',
    'unsupported',
    /differ from image to image/,
  ],
  ['a name without a value', 'return y', 'damaged', /y has no value/],
  ['no tensor in the end', 'return 1', 'unsupported', /no tensor/],
  ['a tensor larger than any machine', 'return torch.zeros([1000000, 1000000, 1000000])', 'limit', /tensor/],
  ['a tensor of a negative size', 'return torch.zeros([-5])', 'unsupported', /./],
  [
    'an expression that is nested too deep',
    `return ${'torch.neg('.repeat(5_000)}x${')'.repeat(5_000)}`,
    'limit',
    /nested more than/,
  ],
  ['brackets that are nested too deep', `y = ${'['.repeat(50_000)}\nreturn x`, 'damaged', /bracket/],
  [
    'brackets that are nested too deep and closed',
    `y = ${'['.repeat(50_000)}${']'.repeat(50_000)}\nreturn x`,
    'limit',
    /nested more than/,
  ],
  ['a chain of attributes', `return x${'.data'.repeat(50_000)}`, 'limit', /links/],
  ['an import', 'import os\nreturn x', 'unsupported', /"import"/],
  ['a lambda', 'y = lambda: 1\nreturn x', 'unsupported', /"lambda"/],
  ['an f-string', 'y = f"{x}"\nreturn x', 'unsupported', /f"…"/],
  ['an assignment to a number', '1 = x\nreturn x', 'damaged', /no name/],
  ['a text without an end', 'y = "abc\nreturn x', 'damaged', /no end/],
  ['a division by zero', 'y = torch.floordiv(1, 0)\nreturn x', 'raised', /ZeroDivisionError/],
];
for (const [what, forward, problem, message] of programs) {
  test(`${what} is an error that names the line`, (t) => {
    const error = t.throws(() => run(archiveOf(forward, forward.includes('.again') ? `  ${itself}` : '')), {
      instanceOf: TorchScriptError,
      message,
    });
    t.is(error.problem, problem);
    t.regex(error.where, /^code\/__torch__\.py:\d+|^forward$/);
  });
}

test('blocks nested too deep are refused', (t) => {
  const lines = Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}if True:`);
  const forward = [...lines, `${' '.repeat(200)}pass`, 'return x'].join('\n');
  t.throws(() => run(archiveOf(forward)), { instanceOf: TorchScriptError, message: /blocks are nested/ });
});

test('an object that holds itself is no trouble, unless the program follows it without end', (t) => {
  const bytes = (forward: string) =>
    writeRecords({
      ...readRecords(archiveOf(forward)),
      'data.pkl': pickle(global('__torch__', 'N'), ')', 0x81, 'q', 0, '}(', text('me'), 'h', 0, 'ub'),
    });
  t.notThrows(() => run(bytes('return torch.add(x, 1)')));
  const error = t.throws(() => run(bytes('return (self.me).forward(x, )')), { instanceOf: TorchScriptError });
  t.is(error.problem, 'limit');
});

test("integers wrap at 64 bits, as torch's do, however often they are squared", (t) => {
  t.notThrows(() => run(archiveOf('y = 3\nfor i in range(1000):\n  y = torch.mul(y, y)\nreturn torch.add(x, y)')));
});

test('a module of a class that is not in the archive is told', (t) => {
  const bytes = archiveOf(
    'return (self.a).forward(x, )',
    '',
    attributes({ a: Buffer.concat([global('__torch__.q', 'A'), Buffer.from([0x29, 0x81])]) }),
  );
  t.throws(() => run(bytes), { instanceOf: TorchScriptError, message: /__torch__\.q\.A has no attribute forward/ });
});
