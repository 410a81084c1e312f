// Operators against MONAI's own signatures, as Python's inspect gives them (test/golden/signatures.py).
import { readFileSync } from 'node:fs';
import test from 'ava';
import { findOperator, operatorNames } from '../../server/operators/catalog.js';
import type { ArgumentSpec } from '../../server/operators/operator.js';

interface MonaiArgument {
  readonly name: string;
  readonly default?: unknown;
  /** Stands for `*args` or `**kwargs`. */
  readonly any?: boolean;
}

interface Signatures {
  readonly monai: string;
  readonly transforms: Readonly<Record<string, Record<'array' | 'dictionary', readonly MonaiArgument[]>>>;
}

const signatures: Signatures = JSON.parse(
  readFileSync(new URL('../golden/signatures.json', import.meta.url), 'utf8'),
) as Signatures;

/** A function as a default (`select_fn`) is null here: nothing else is taken. */
function defaultsOf(list: readonly MonaiArgument[]): Record<string, unknown> {
  const named = list.filter(({ name, any }) => !any && name !== 'keys');
  return Object.fromEntries(
    named.map((argument) => {
      const value = 'default' in argument ? argument.default : 'required';
      return [argument.name, value === '<function>' ? null : value];
    }),
  );
}

function ownDefaults(list: readonly ArgumentSpec[]): Record<string, unknown> {
  return Object.fromEntries(list.map((spec) => [spec.name, 'defaultValue' in spec ? spec.defaultValue : 'required']));
}

function pick(record: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in record).map((name) => [name, record[name]]));
}

/** What a dictionary form of MONAI's must be told though the array form has a default, which is taken here for both. */
const TOLD_IN_DICTIONARY_FORM: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Invert: { transform: null },
  Lambda: { func: null },
  GaussianSmooth: { sigma: 1 },
  MedianSmooth: { radius: 1 },
};

const dictionaryOnly = [
  'AddLabelAsGuidance',
  'ConcatItems',
  'CopyItems',
  'DeleteItems',
  'SaveClassification',
  'SelectItems',
];

test('every operator is a transform of MONAI 1.6.1, in both forms', (t) => {
  t.is(signatures.monai, '1.6.1');
  t.deepEqual([...operatorNames()].sort(), Object.keys(signatures.transforms).sort());
});

for (const [name, { array, dictionary }] of Object.entries(signatures.transforms)) {
  const specs = (findOperator(name) ?? findOperator(`${name}d`))!.arguments;
  const shared = specs.filter((spec) => !spec.dictionaryOnly);
  const inMonai = Object.keys(defaultsOf(array));

  test(`${name} takes MONAI's arguments in MONAI's order`, (t) => {
    const own = shared.map((spec) => spec.name);
    t.deepEqual(own.slice(0, inMonai.length), inMonai);
    // What follows are names that MONAI passes on through its **kwargs: there must be some to pass them through.
    t.true(own.length === inMonai.length || array.some((argument) => argument.any), own.slice(inMonai.length).join());
    t.is(findOperator(name) === undefined, array.length === 0 && dictionaryOnly.includes(name));
  });

  test(`${name} has MONAI's defaults`, (t) => {
    t.deepEqual(pick(ownDefaults(shared), inMonai), defaultsOf(array));
  });

  test(`${name}d has MONAI's further arguments and no others`, (t) => {
    const expected = defaultsOf(dictionary);
    const further = Object.keys(expected).filter((argument) => !inMonai.includes(argument));
    const own = ownDefaults(specs.filter((spec) => spec.dictionaryOnly));
    t.deepEqual(own, pick(expected, further));
  });

  test(`${name}d has the same defaults as ${name}`, (t) => {
    const expected = { ...defaultsOf(dictionary), ...TOLD_IN_DICTIONARY_FORM[name] };
    const both = inMonai.filter((argument) => argument in expected);
    t.deepEqual(pick(ownDefaults(shared), both), pick(expected, both));
  });
}
