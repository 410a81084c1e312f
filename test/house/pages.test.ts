// The pages name files of this repository: they exist.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../../', import.meta.url));

for (const page of ['docs/life-of-a-request.md', 'README.md']) {
  test(`every file that ${page} names exists`, (t) => {
    const text = readFileSync(join(root, page), 'utf8');
    const named = [
      ...[...text.matchAll(/`((?:server|clients|proto|docs|test|examples|benchmarks)\/[\w./-]*)`/g)].map((m) => m[1]!),
      ...[...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((m) => m[1]!),
    ];
    t.true(named.length > 3);
    t.deepEqual(
      [...new Set(named)].filter((path) => !existsSync(join(root, path))),
      [],
    );
  });
}
