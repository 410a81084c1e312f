// What expressions refuse, and how they are bounded. What they give is held against MONAI in ../config.test.ts.
import test from 'ava';
import { InvalidBundle, Unsupported, VoxhostError } from '../../server/errors.js';
import { evaluateExpression } from '../../server/expressions/evaluate-expression.js';
import { MAX_EVALUATION_SIZE } from '../../server/expressions/evaluation.js';
import { functionNames } from '../../server/expressions/functions.js';
import { Component, PythonName, type Value } from '../../server/expressions/values.js';

const place = { file: 'configs/inference.json', key: 'x' };
const component = new Component(
  'Spacingd',
  place,
  [],
  () => null,
  () => null,
);
const known: Readonly<Record<string, Value>> = { a: 7, list: [1, 2, 3], network: component };

function evaluate(source: string): Value {
  const budget = { left: MAX_EVALUATION_SIZE, depth: 0 };
  return evaluateExpression(source, place, (id) => known[id] ?? null, budget);
}

const refused: readonly (readonly [source: string, what: RegExp])[] = [
  ['[lambda x: x]', /"lambda" at column 2 /],
  ['[i for i in @list]', /a comprehension at column 4 /],
  ["{'image': i for i in @list}", /a comprehension at column 13 /],
  ['{1, 2}', /a set at column 1 /],
  ['[*@list]', /unpacking with "\*" at column 2 /],
  ['max(*@list)', /unpacking with "\*" at column 5 /],
  ["f'{@a}'", /the string prefix "f" at column 1 /],
  ["b'x'", /the string prefix "b" at column 1 /],
  ["'%d' % 3", /formatting with "%" at column 1 /],
  ['1j', /the complex number 1j at column 1 /],
  ['1 << 2', /the operator "<<" at column 3 /],
  ['1 | 2', /the operator "\|" at column 3 /],
  ['~1', /the operator "~" at column 1 /],
  ['(x := 1)', /the operator ":=" at column 4 /],
  ['@network.to(@a)', /the attribute "\.to" at column 9 /],
  ['@network(@a)', /calling @network at column 9 /],
  ['@network[0]', /looking into a Spacingd object at column 1 /],
  ['@list[0, 1]', /an index of several axes at column 8 /],
  ["'user@host'", /an "@" inside the string at column 1 /],
  ['max([1], key=len)', /the keyword argument "key=" at column 10 /],
  ['round(2.345, 2)', /round\(\) to digits at column 1 /],
  ['str(0.1)', /str\(\) of 0\.1 at column 1 /],
  ['2 ** 53 + 1', /an integer beyond 2⁵³ at column 1 /],
  ['9007199254740993', /the integer 9007199254740993 at column 1 /],
  ['(-8) ** 0.5', /a complex number at column 2 /],
  ['@a is 7', /"is" with anything but None, True and False at column 1 /],
  ['{(1, 2): 3}', /the key a list at column 2 /],
  ['__import__("os").system("id")', /the attribute "\.system" at column 17 /],
  ['__import__("os")', /calling "__import__" at column 1 /],
  ['eval("1")', /calling "eval" at column 1 /],
  ['exec("1")', /calling "exec" at column 1 /],
  ['open("/etc/passwd")', /calling "open" at column 1 /],
  ['os.system("id")', /calling "os\.system" at column 1 /],
  ['glob.glob("*")', /calling "glob\.glob" at column 1 /],
  ['torch.cuda.is_available()', /calling "torch\.cuda\.is_available" at column 1 /],
  ['os.environ', /"os\.environ" at column 1 /],
  ['globals()', /calling "globals" at column 1 /],
  ['process', /"process" at column 1 /],
  ['constructor', /"constructor" at column 1 /],
  ['toString()', /calling "toString" at column 1 /],
  ['__proto__', /"__proto__" at column 1 /],
  ['torch.constructor', /"torch\.constructor" at column 1 /],
  ['monai.utils.CommonKeys.constructor', /"monai\.utils\.CommonKeys\.constructor" at column 1 /],
  ['monai.utils.constructor.name', /"monai\.utils\.constructor\.name" at column 1 /],
  ['monai.data.list_data_collate', /"monai\.data\.list_data_collate" at column 1 /],
  ['().__class__.__bases__[0].__subclasses__()', /the attribute "\.__class__" at column 3 /],
];

for (const [source, what] of refused) {
  test(`refuses by name and column: ${source}`, (t) => {
    const error = t.throws(() => evaluate(source), { instanceOf: Unsupported });
    t.regex(error.message, what);
    t.is(error.metadata['file'], place.file);
    t.is(error.metadata['key'], place.key);
  });
}

const bounded: readonly (readonly [title: string, source: string])[] = [
  ['a list repeated a billion times', '[0] * 1000000000'],
  ['an empty list repeated a quadrillion times', '[] * 1000000000000000'],
  ['a string repeated a billion times', "'x' * 1000000000"],
  ['a range of a trillion', 'range(1000000000000)'],
  ['repeating what was repeated', `[0]${' * 100'.repeat(6)}`],
  ['brackets 10,000 deep', `${'('.repeat(4_000)}1${')'.repeat(4_000)}`],
  ['lists 1,000 deep', `${'['.repeat(900)}1${']'.repeat(900)}`],
  ['signs 1,000 deep', `${'-'.repeat(1_900)}1`],
  ['nots 1,000 deep', `${'not '.repeat(1_900)}1`],
  ['powers 500 deep', `${'1 ** '.repeat(500)}1`],
  ['conditions 500 deep', `${'1 if 0 else '.repeat(500)}1`],
  ['a sum of 999 terms', `${'1 + '.repeat(998)}1`],
  ['an index 900 deep', `@list${'[0]'.repeat(600)}`],
  ['a million characters', `'${'x'.repeat(1_000_000)}'`],
  ['more tokens than there may be', '1,'.repeat(1_100)],
  ['a power that overflows', '9.0 ** 999.0'],
];

for (const [title, source] of bounded) {
  test(`refuses what is too much: ${title}`, (t) => {
    t.throws(() => evaluate(source), { instanceOf: VoxhostError });
  });
}

test('a budget is shared: many expressions cannot make together what one may not', (t) => {
  const budget = { left: 1_000, depth: 0 };
  const once = () => evaluateExpression('[0] * 400', place, () => null, budget);
  once();
  once();
  t.throws(once, { instanceOf: InvalidBundle });
});

test('an expression names a component without looking into it', (t) => {
  t.deepEqual(evaluate('[@network] + [1]'), [component, 1]);
  t.is(evaluate('copy.deepcopy(@network)'), component);
  t.is(evaluate('@network is None'), false);
});

test('every function refuses too many arguments', (t) => {
  for (const name of functionNames()) {
    t.throws(() => evaluate(`${name}(${Array(300).fill('1').join(', ')})`), { instanceOf: InvalidBundle }, name);
  }
});

test('own keys of dictionaries only: what JavaScript puts into objects is not there', (t) => {
  t.throws(() => evaluate("{'a': 1}['constructor']"), { instanceOf: InvalidBundle });
  t.false(evaluate("'toString' in {'a': 1}") as boolean);
  t.deepEqual(Object.keys(evaluate("{'__proto__': 1}") as object), ['__proto__']);
});

test('a lambda is a name for its own text, which no expression calls', (t) => {
  const value = evaluate(' lambda x: x[1:] ');
  t.true(value instanceof PythonName);
  t.is((value as PythonName).plain, 'lambda x: x[1:]');
});
