// docs/errors.md lists the reasons that the code gives, all of them and no other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Sources below a folder: of programs, neither tests nor what protoc made. */
function readSources(folder: string, endings: readonly string[]): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .filter(
      (name) =>
        !/node_modules|(^|[/\\])(tests?|tools|contract|benchmarks|v1|target|build|\.venv)[/\\]|v1\.rs$|_test\.go$|voxhostv1/.test(
          name,
        ),
    )
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
}

const source = ['server', 'clients'].map((folder) => readSources(folder, ['.ts'])).join('\n');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');

/** Each client's folder and endings, and a reason that only it or few give: what shows that its sources were read. */
const CLIENTS: Record<string, readonly [folder: string, endings: readonly string[], sample: string]> = {
  TypeScript: ['clients/typescript', ['.ts'], 'INCOMPLETE_DOWNLOAD'],
  Python: ['clients/python/src', ['.py'], 'HOST_CLOSED'],
  'C++': ['clients/cpp', ['.cpp', '.h'], 'CALLBACK_THREW'],
  Go: ['clients/go', ['.go'], 'INCOMPLETE_DOWNLOAD'],
  Java: ['clients/java/src/main', ['.java'], 'INCOMPLETE_DOWNLOAD'],
  Rust: ['clients/rust', ['.rs'], 'OUTPUT_NOT_FOUND'],
  'C#': ['clients/csharp', ['.cs'], 'HOST_UNAVAILABLE'],
};

/** How the languages write a reason: by name, behind a gRPC code, before a sentence that is made, as a case of a code. */
const REASON = [
  /\b[rR]easons?\b[^'"\n;]{0,24}['"]([A-Z][A-Z_]+)['"]/g,
  /[cC]ode(?:(?:::|\.)\w+)?,\s*"([A-Z][A-Z_]+)"/g,
  /\("([A-Z][A-Z_]+)",\s*format!/g,
  /error_from\(code, "([A-Z][A-Z_]+)"/g,
  /\bplain\('([A-Z][A-Z_]+)'/g,
  /\bdamaged\(\s*"([A-Z][A-Z_]+)"/g,
  /-> "([A-Z][A-Z_]+)";/g,
];

const documented = new Set(
  [...page.matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap((row) => [...row[1]!.matchAll(/[A-Z_]+/g)].map(String)),
);

for (const [client, [folder, endings, sample]] of Object.entries(CLIENTS)) {
  test(`every reason that the ${client} client gives stands in docs/errors.md`, (t) => {
    const text = readSources(folder, endings);
    const given = new Set(REASON.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!)));
    t.true(given.has(sample), [...given].join());
    t.deepEqual([...given].filter((reason) => !documented.has(reason)).sort(), []);
  });
}

test('every reason that the host gives stands in docs/errors.md', (t) => {
  const given = [
    ...source.matchAll(/reason: (?:[^'\n;]*\? )?'([A-Z_]+)'/g),
    ...source.matchAll(/new FailedPrecondition\(\s*'([A-Z_]+)'/g),
  ].map((match) => match[1]!);
  t.true(given.length > 20);
  t.deepEqual([...new Set(given)].filter((reason) => !documented.has(reason)).sort(), []);
});

test('every reason of docs/errors.md is given by the host or a client', (t) => {
  const kinds = [...source.matchAll(/new NotFound\(\s*'([a-z]+)'/g)].map(
    (match) => `${match[1]!.toUpperCase()}_NOT_FOUND`,
  );
  t.true(documented.size > 20);
  const all = Object.values(CLIENTS)
    .map(([folder, endings]) => readSources(folder, endings))
    .join('\n');
  const isGiven = (reason: string): boolean =>
    source.includes(`'${reason}'`) || all.includes(`"${reason}"`) || kinds.includes(reason);
  const unused = [...documented].filter((reason) => !isGiven(reason));
  t.deepEqual(unused.sort(), []);
});
