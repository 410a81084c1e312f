// A thousand broken and hostile versions of real bundles: each is planned or refused, and none runs anything.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { PlainError } from '../../server/errors.js';
import { checkBundle } from '../../server/workflows/plan-bundle.js';
import { EXAMPLES, makeFolder, writeFiles } from './bundle-files.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Dice = (below: number) => number;

/** Numbers below a bound, the same for the same seed (mulberry32). */
function createDice(seed: number): Dice {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function pick<T>(dice: Dice, list: readonly T[]): T {
  return list[dice(list.length)]!;
}

/** Python and JavaScript that would leave `mark` behind, if anyone ran it. */
function traps(mark: string): string[] {
  return [
    `$open(${JSON.stringify(mark)}, 'w').write('x')`,
    `$__import__('os').system('touch ${mark}')`,
    `$().__class__.__bases__[0].__subclasses__()`,
    `$[].constructor.constructor("globalThis.voxhostTrap = 1")()`,
    '$globalThis.voxhostTrap = 1',
    `$constructor.constructor('return process')().exit(1)`,
    '$process.exit(1)',
    `$(lambda: exec("import os; os.system('touch ${mark}')"))()`,
    '$import os',
    `\${toString: 1, valueOf: 2}`,
    '$`\x24{globalThis.voxhostTrap = 1}`',
    `$${'('.repeat(5_000)}`,
    `$${'@preprocessing+'.repeat(500)}1`,
    '$[0] * 10 ** 12',
    "$'x' * 10 ** 9 * 10 ** 9",
    '$range(10 ** 15)',
    '$9 ** 9 ** 9 ** 9',
    "$'%s' % @preprocessing",
    '$@preprocessing::transforms::0::keys',
    '$@postprocessing == @postprocessing',
    '$sorted(@preprocessing::transforms)',
  ];
}

const ODD: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  1e21,
  0.1,
  '',
  ' ',
  '@',
  '%',
  '$',
  '@@',
  '%%',
  '$$',
  '@::',
  '@#',
  '%::a',
  '@preprocessing',
  '@postprocessing',
  '@evaluator',
  '@inferer::roi_size',
  '%preprocessing',
  '%inferer',
  '%inference.json::preprocessing',
  '%configs/inference.json',
  '%../../../../etc/passwd.json::x',
  '@####x',
  '💥',
  'הפוך',
  'a\u0000b',
  'ﬀ\u0301',
  '\ud800',
  'true',
  'None',
  [],
  {},
  [[]],
  [[[[{}]]]],
  ['image', 5],
  { _target_: 5 },
  { _target_: 'Compose' },
  { _target_: 'Compose', transforms: '@preprocessing' },
  { _target_: '@preprocessing' },
  { _target_: 'Spacingd', _disabled_: '@zzz' },
  { _mode_: {} },
  { __proto__key: 1 },
];

/** One change at a random place. */
function mutate(root: Json, dice: Dice, mark: string): Json {
  const places: { parent: Json[] | { [key: string]: Json }; key: string }[] = [];
  const walk = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ parent: value, key });
      walk((value as { [key: string]: Json })[key] ?? null);
    }
  };
  walk(root);
  if (places.length === 0) return pick(dice, ODD);
  const { parent, key } = pick(dice, places);
  const here = parent as { [key: string]: Json };
  if (key === '__proto__') return root;
  const other = pick(dice, places);
  const elsewhere = (other.parent as { [key: string]: Json })[other.key] ?? null;
  const changes: readonly (() => void)[] = [
    () => {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete here[key];
    },
    () => {
      here[key] = structuredClone(pick(dice, ODD));
    },
    () => {
      here[key] = pick(dice, traps(mark));
    },
    () => {
      here[key] = structuredClone(elsewhere);
    },
    () => {
      here[key] = `@${pathTo(root, parent)}`;
    },
    () => {
      here[key] = deep(here[key] ?? null, pick(dice, [3, 30, 300]), dice(2) === 0);
    },
    () => {
      here[key] = Array(pick(dice, [2, 100, 3_000])).fill(structuredClone(here[key] ?? null));
    },
    () => {
      here[key] = pick(dice, ['x', '@', '(', 'é', '$', '@a::']).repeat(pick(dice, [50, 20_000]));
    },
    () => {
      const value = here[key] ?? null;
      if (!Array.isArray(parent)) delete here[key];
      here[`${key}${pick(dice, ['s', '_', '::0', '#x', ' ', '💥', '\u0000'])}`] = value;
    },
    () => {
      Object.defineProperty(here, '__proto__', {
        value: { _target_: 'Spacingd' },
        enumerable: true,
        configurable: true,
      });
    },
    () => {
      for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
        (root as { [key: string]: Json })[name] = [`@${'bcda'[index]}`, `$@${'bcda'[index]} + @${name}`];
      }
      here[key] = '@a';
    },
    () => {
      // Each doubles the one before: 2⁶⁰ elements, if anyone wrote them out.
      for (let index = 0; index < 60; index += 1) {
        (root as { [key: string]: Json })[`n${index + 1}`] = [`@n${index}`, `@n${index}`];
      }
      (root as { [key: string]: Json })['n0'] = structuredClone(here[key] ?? null);
      here[key] = '@n60';
    },
  ];
  pick(dice, changes)();
  return root;
}

function pathTo(root: Json, wanted: Json): string {
  const search = (value: Json, path: string): string | undefined => {
    if (value === wanted) return path;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [key, one] of Object.entries(value)) {
      const found = search(one, path === '' ? key : `${path}::${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(root, '') ?? '';
}

function deep(value: Json, levels: number, list: boolean): Json {
  let nested = value;
  for (let level = 0; level < levels; level += 1) nested = list ? [nested] : { x: nested };
  return nested;
}

/** One character changed, or the end cut off. */
function mutateText(text: string, dice: Dice): string {
  const at = dice(text.length);
  if (dice(4) === 0) return text.slice(0, at);
  return (
    text.slice(0, at) + pick(dice, ['{', '}', '[', ']', '"', ',', ':', '0', '\\', '\n', 'é', '']) + text.slice(at + 1)
  );
}

const SEEDS = 1_000;
const BATCH = 100;

for (let first = 1; first <= SEEDS; first += BATCH) {
  test(`broken bundles ${first} to ${first + BATCH - 1} are planned or refused with file and key, and run nothing`, async (t) => {
    t.timeout(100_000, 'a broken bundle hung');
    const folder = await makeFolder(t);
    const mark = join(folder, 'mark');
    const outcomes = { planned: 0, refused: 0 };
    for (let seed = first; seed < first + BATCH; seed += 1) {
      const problems = await checkMutation(seed, join(folder, String(seed)), mark);
      outcomes[problems.length === 0 ? 'planned' : 'refused'] += 1;
      for (const { code, reason, message, metadata } of problems) {
        t.is(code, 'FAILED_PRECONDITION', `seed ${seed}: ${message}`);
        t.true(['INVALID_BUNDLE', 'UNSUPPORTED'].includes(reason), `seed ${seed}: ${reason}`);
        t.truthy(metadata['file'], `seed ${seed}: ${message}`);
        t.true(message.length <= 1_500, `seed ${seed}: ${message.length} characters`);
      }
    }
    t.false(existsSync(mark), 'something of a bundle was run');
    t.false('voxhostTrap' in globalThis, 'something of a bundle was run');
    t.false('_target_' in {}, "a bundle reached every object's prototype");
    t.true(outcomes.refused > 0);
  });
}

/** Folders of configs: of the examples, and of bundles of MONAI's model zoo (of which one is YAML and two are no plans). */
const ZOO = fileURLToPath(new URL('../fixtures/zoo', import.meta.url));
const SOURCES: readonly string[] = [
  ...['brain_extraction_mri', 'brain_extraction_deepbet'].map((name) => join(EXAMPLES, name, 'configs')),
  ...readdirSync(ZOO).map((name) => join(ZOO, name)),
];

async function checkMutation(seed: number, folder: string, mark: string): Promise<readonly PlainError[]> {
  const dice = createDice(seed);
  const source = pick(dice, SOURCES);
  const names = ['metadata.json', readdirSync(source).find((name) => name.startsWith('inference.')) ?? ''];
  const files: Record<string, string> = { 'models/model.onnx': 'x' };
  for (const name of names) files[`configs/${name}`] = await readFile(join(source, name), 'utf8');
  const name = names[dice(5) === 0 ? 0 : 1] ?? '';
  let text = files[`configs/${name}`] ?? '';
  if (dice(6) === 0 || name.endsWith('.yaml')) {
    for (let times = 1 + dice(3); times > 0; times -= 1) text = mutateText(text, dice);
  } else {
    let root = JSON.parse(text) as Json;
    for (let times = 1 + dice(3); times > 0; times -= 1) root = mutate(root, dice, mark);
    text = JSON.stringify(root);
  }
  await writeFiles(folder, { ...files, [`configs/${name}`]: text });
  const { plan, problems } = await checkBundle(folder);
  if ((plan === undefined) === (problems.length === 0)) throw new Error(`seed ${seed}: neither planned nor refused`);
  return problems;
}
