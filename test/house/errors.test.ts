// docs/errors.md lists the reasons that the code gives, all of them and no other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = ['server', 'clients']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  )
  .join('\n');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');

const documented = new Set(
  [...page.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap((row) => [...row[1]!.matchAll(/[A-Z_]+/g)].map(String)),
);

test('every reason that the code gives stands in docs/errors.md', (t) => {
  const given = [
    ...source.matchAll(/reason: (?:[^'\n;]*\? )?'([A-Z_]+)'/g),
    ...source.matchAll(/new FailedPrecondition\(\s*'([A-Z_]+)'/g),
  ].map((match) => match[1]!);
  t.true(given.length > 20);
  t.deepEqual([...new Set(given)].filter((reason) => !documented.has(reason)).sort(), []);
});

test('every reason of docs/errors.md is given by the code', (t) => {
  const kinds = [...source.matchAll(/new NotFound\(\s*'([a-z]+)'/g)].map(
    (match) => `${match[1]!.toUpperCase()}_NOT_FOUND`,
  );
  t.true(documented.size > 20);
  const unused = [...documented].filter((reason) => !source.includes(`'${reason}'`) && !kinds.includes(reason));
  t.deepEqual(unused.sort(), []);
});
