// docs/clients/bad-luck.md names conversations and tests: each is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readConversations } from '../contract/driver.js';
import { ROOT } from '../fixtures/start-host.js';

const folder = join(ROOT, 'docs', 'clients');
const rows = readFileSync(join(folder, 'bad-luck.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('every conversation that the page of bad luck names is one of the contract', async (t) => {
  const known = new Set((await readConversations()).map(({ name }) => name));
  const named = rows.flatMap(([, , conversations]) => [...conversations!.matchAll(/`([^`]+)`/g)].map((one) => one[1]!));
  t.true(named.length > 15);
  t.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
});

test('every test that the page of bad luck names stands in its file, and no bad luck is without one', (t) => {
  for (const [, luck, conversations, beside] of rows) {
    t.true(conversations !== '' || beside !== '', luck);
    for (const [, title, file] of beside!.matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g)) {
      const path = join(folder, file!);
      t.true(existsSync(path), path);
      t.true(readFileSync(path, 'utf8').includes(title!), `${file}: ${title}`);
    }
  }
});
