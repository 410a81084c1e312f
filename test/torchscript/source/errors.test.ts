// What is wrong in a program's text is told with the line and the column where it begins.
import test from 'ava';
import { TorchScriptError, type TorchScriptProblem } from '../../../server/torchscript/error.js';
import { tokenize } from '../../../server/torchscript/source/lexer.js';
import { parseFile } from '../../../server/torchscript/source/parse-file.js';
import { placesIn } from './normalise.js';

const MAX_TOKENS = 100;

/** Columns from 1 on, as editors show them. */
function placeIn(text: string): (at: number) => string {
  const places = placesIn(text);
  return (at) => {
    const [line, column] = places(at);
    return `${line}:${column + 1}`;
  };
}

test('tokens are placed where they begin, and blocks where their first line does', (t) => {
  const text = 'if x:\n  # nothing\n\n  y = (1,\n 2.5)\nz\n';
  const tokens = tokenize(text, MAX_TOKENS, placeIn(text));
  const shown = tokens.map(({ type, text: own, at }) => `${placeIn(text)(at)} ${type}${own && ` ${own}`}`);
  t.deepEqual(shown, [
    '1:1 name if',
    '1:4 name x',
    '1:5 operator :',
    '1:6 newline',
    '4:3 indent',
    '4:3 name y',
    '4:5 operator =',
    '4:7 operator (',
    '4:8 int 1',
    '4:9 operator ,',
    '5:2 float 2.5',
    '5:5 operator )',
    '5:6 newline',
    '6:1 dedent',
    '6:1 name z',
    '6:2 newline',
    '7:1 end',
  ]);
});

const inTokens: [string, string, TorchScriptProblem, string, RegExp][] = [
  ['a character of no program', 'x\ny = a ? b', 'damaged', '2:7', /"\?" belongs/],
  ['a character beyond ASCII', 'x = é', 'damaged', '1:5', /"é" belongs/],
  ['a backslash within a line', 'x = \\ 1', 'damaged', '1:5', /belongs/],
  ['a text without an end', 'x\n  \ny = f("abc\n)', 'damaged', '3:7', /a text has no end/],
  ['a text that ends the file', "y = 'abc\\'", 'damaged', '1:5', /a text has no end/],
  ['an f-string', 'y = f"{x}"', 'unsupported', '1:5', /f"…"/],
  ['raw bytes', "y = rb'x'", 'unsupported', '1:5', /rb"…"/],
  ['a complex number', 'y = [1,\n 2j]', 'unsupported', '2:2', /complex/],
  ['a number of many digits', `y = ${'9'.repeat(401)}`, 'limit', '1:5', /401 digits/],
  ['a bracket that is not closed', 'a(b)\nc[d(e)\nf', 'damaged', '2:2', /bracket/],
  ['the innermost of some that are not closed', 'a(\n b[', 'damaged', '2:3', /bracket/],
  ['a tab', 'if x:\n\ty', 'damaged', '2:1', /tab/],
  ['a tab after spaces', 'if x:\n  \ty', 'damaged', '2:3', /tab/],
  ['an indentation of no block', 'if x:\n    y\n  z', 'damaged', '3:3', /fits no block/],
  [
    'blocks in each other',
    Array.from({ length: 110 }, (_, depth) => `${' '.repeat(depth)}a`).join('\n'),
    'limit',
    '102:102',
    /nested more than 100/,
  ],
  ['one word too many', `x ${'\n\ny '.repeat(60)}`, 'limit', '101:1', /more than 100 words/],
];
for (const [what, text, problem, where, message] of inTokens) {
  test(`${what} is no token, with line and column`, (t) => {
    const maxTokens = problem === 'limit' && !message.source.includes('words') ? 10_000 : MAX_TOKENS;
    const error = t.throws(() => tokenize(text, maxTokens, placeIn(text)), { instanceOf: TorchScriptError, message });
    t.deepEqual({ problem: error.problem, where: error.where }, { problem, where });
  });
}

const inFiles: [string, string, TorchScriptProblem, string, RegExp][] = [
  ['a statement outside of everything', 'x', 'unsupported', '1:1', /"x" is not of the Python/],
  ['an import', 'def f():\n  import os', 'unsupported', '2:3', /"import"/],
  ['a global', 'def f():\n  x = 1\n  global x', 'unsupported', '3:3', /"global"/],
  ['a lambda', 'def f():\n  x = [lambda: 1]', 'unsupported', '2:8', /"lambda"/],
  ['a comprehension', 'def f():\n  x = [i for i in y]', 'damaged', '2:10', /"for" stands where "," belongs/],
  ['a conditional expression', 'def f():\n  x = a if b else c', 'unsupported', '2:9', /"if"/],
  ['an operator', 'def f():\n  x = a + b', 'unsupported', '2:9', /"\+"/],
  ['an augmented assignment', 'def f():\n  x += 1', 'unsupported', '2:5', /"\+"/],
  ['a chained assignment', 'def f():\n  x = y = 1', 'unsupported', '2:9', /"="/],
  ['spread arguments', 'def f():\n  g(*x)', 'unsupported', '2:5', /"\*"/],
  ['a name after a named argument', 'def f():\n  g(a=1, b)', 'damaged', '2:11', /without a name/],
  ['an assignment to a call', 'def f():\n  g() = 1\n', 'damaged', '2:3', /no name/],
  ['an assignment to a slice', 'def f():\n  x[1:2] = y\n', 'damaged', '2:4', /no name/],
  ['a bracket of another kind', 'def f():\n  x = (1]', 'damaged', '2:9', /"\]" stands where "," belongs/],
  ['a bracket too many', 'def f():\n  x = 1)', 'unsupported', '2:8', /"\)"/],
  ['a function without a body', 'def f():\nx = 1', 'damaged', '2:1', /where a indent belongs/],
  ['a function without a name', 'def (x):\n  pass', 'damaged', '1:5', /"\(" stands where a name belongs/],
  ['a parameter that is a number', 'def f(1):\n  pass', 'damaged', '1:7', /"1" stands where a name belongs/],
  ['a loop without a list', 'def f():\n  for i of x:\n    pass', 'damaged', '2:9', /"of" stands where "in" belongs/],
  ['a loop over two names', 'def f():\n  for i, j in x:\n    pass', 'damaged', '2:8', /"," stands where "in" belongs/],
  ['a class of two bases', 'class A(B, C):\n  pass', 'damaged', '1:10', /"," stands where "\)" belongs/],
  ['a text in the place of a class', 'class "A":\n  pass', 'damaged', '1:7', /a string stands where a name belongs/],
  ['a line that ends too soon', 'def f():\n  if x\n    pass\n', 'damaged', '2:7', /a newline stands where ":" belongs/],
];
for (const [what, text, problem, where, message] of inFiles) {
  test(`${what} is refused by the parser, with line and column`, (t) => {
    const run = () => parseFile(text, MAX_TOKENS, placeIn(text));
    const error = t.throws(run, { instanceOf: TorchScriptError, message });
    t.deepEqual({ problem: error.problem, where: error.where }, { problem, where });
  });
}
