// docs/clients/README.md is what its script makes, and every page of a client is in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readHere, renderClients } from '../../docs/clients/list-clients.js';
import { LANGUAGES } from '../contract/conversation.js';
import { ROOT } from '../fixtures/start-host.js';

const folder = join(ROOT, 'docs', 'clients');
const table = readFileSync(join(folder, 'README.md'), 'utf8');

test('the table of clients is made from the pages, the contract and what was measured', (t) => {
  t.is(table, renderClients(readHere), 'run `node --import=tsx docs/clients/list-clients.ts`');
});

test('every client with a page has a row, and every file that a row leads to is there', (t) => {
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && !/README|contract|bad-luck/.test(name));
  for (const page of pages) t.regex(table, new RegExp(`^\\| \\[[^\\]]+\\]\\(${page}\\) \\|`, 'm'), page);
  const links = [...table.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]!);
  t.deepEqual(
    links.filter((link) => !existsSync(join(folder, link))),
    [],
  );
});

test('a client counts the rows of the contract that say yes, and shows no throughput that was not measured', (t) => {
  const files: Record<string, string> = {
    'contract.md': '| conversation | must end with | Go |\n|---|---|---|\n| a | x | yes |\n| b | x | **no** |\n',
    'go.md': '```sh\ngo mod init x\ngo get voxhost\n```\n```go\nline one\n\nline two\nline three\n```\n',
  };
  const row = renderClients((name) => files[name])
    .split('\n')
    .find((line) => line.startsWith('| [Go]'));
  t.is(row, '| [Go](go.md) | `go get voxhost` | [3 lines](go.md) | 1 of 2 | contexts |  |');
});

test("the contract's page names the program of every language that holds it, and each is there", (t) => {
  const contract = readFileSync(join(ROOT, 'test', 'contract', 'README.md'), 'utf8');
  const programs = new Map(
    [...contract.matchAll(/^\| (\S+) \| `([^`]+)` \|$/gm)].map((row) => [row[1]!, row[2]!] as const),
  );
  t.deepEqual([...programs.keys()].sort(), [...LANGUAGES].sort());
  for (const program of programs.values()) t.true(existsSync(join(ROOT, program)), program);
});

test('the folder of every client has a README that names how it is installed and leads to places that are there', (t) => {
  for (const client of ['cpp', 'csharp', 'go', 'java', 'python', 'rust', 'slicer', 'typescript']) {
    const here = join(ROOT, 'clients', client);
    const readme = readFileSync(join(here, 'README.md'), 'utf8');
    t.regex(readme, /```(?:sh|xml|py|python)\n|Extension/i, client);
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1]!);
    t.deepEqual(
      links.filter((link) => !existsSync(join(here, link))),
      [],
      client,
    );
  }
});

test("the TypeScript client's README names every method of a host", (t) => {
  const readme = readFileSync(join(ROOT, 'clients', 'typescript', 'README.md'), 'utf8');
  const source = readFileSync(join(ROOT, 'clients', 'typescript', 'connect.ts'), 'utf8');
  const declared = /export interface Host \{\n(.*?)^\}/ms.exec(source)![1]!;
  const methods = [...declared.matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1]!);
  t.true(methods.length > 15);
  t.deepEqual(
    methods.filter((method) => !new RegExp(`\`(?:host\\.)?${method}\\(`).test(readme)),
    [],
  );
});
