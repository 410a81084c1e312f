// docs/clients/contract.md says what is so: every conversation is held again, in every language that is here.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { findPython } from '../fixtures/python.js';
import { ROOT } from '../fixtures/start-host.js';
import { type Conversation, LANGUAGES } from './conversation.js';
import { holdAll, readConversations, type Verdict } from './driver.js';
import { PYTHON_REQUIREMENTS } from './languages.js';
import { renderPage } from './page.js';

const page = () => readFile(join(ROOT, 'docs', 'clients', 'contract.md'), 'utf8');

test.serial('messages.json and negative.json are what protobuf for Python makes', async (t) => {
  t.timeout(300_000, 'the first time, pip installs protobuf');
  const python = await findPython(PYTHON_REQUIREMENTS);
  const script = join(ROOT, 'test', 'contract', 'make_messages.py');
  await t.notThrowsAsync(promisify(execFile)(python, ['-B', script, '--check']));
});

test.serial('every client holds every conversation, and the page says so', async (t) => {
  t.timeout(1_200_000, 'the first time, every language fetches and builds what it needs');
  const verdicts = await holdAll();
  for (const { conversation, language, fault } of verdicts) t.is(fault, '', `${language}: ${conversation.name}`);
  const missing = LANGUAGES.filter((language) => !verdicts.some((verdict) => verdict.language === language));
  if (process.env['CI']) t.deepEqual(missing, [], 'CI has every language');
  else if (missing.length > 0) t.log(`Left out, not installed: ${missing.join(', ')}.`);
  // What could not be asked here is taken as the page has it: held.
  const [{ conversation: any }] = verdicts as [Verdict];
  const assumed = (await readConversations()).flatMap(({ name }) =>
    missing.map((language) => ({ conversation: verdictOf(verdicts, name) ?? any, language, fault: '' })),
  );
  t.is(renderPage([...verdicts, ...assumed]), await page(), 'run `make contract`');
});

function verdictOf(verdicts: readonly Verdict[], name: string): Conversation | undefined {
  return verdicts.find(({ conversation }) => conversation.name === name)?.conversation;
}

test.serial('a conversation that ends otherwise, or whose fault never came, is not held', async (t) => {
  const all = await readConversations();
  const named = (name: string): Conversation => all.find((one) => one.name === name)!;
  const wrong: Conversation[] = [
    { ...named('token-missing'), expect: { outcome: 'failed', class: 'UNAUTHENTICATED', reason: 'WRONG_TOKEN' } },
    { ...named('token-right'), expect: { outcome: 'succeeded', digest: 'mask' } },
    { ...named('token-right'), network: { cutUpAfterBytes: 2 ** 40 } },
    {
      ...named('host-absent'),
      expect: { outcome: 'succeeded', digest: 'workflows' },
      host: { kind: 'none', workflows: [] },
    },
  ];
  const verdicts = await holdAll({ conversations: wrong, language: 'TypeScript' });
  t.deepEqual(
    verdicts.map(({ fault }) => fault.split(/[:.]/)[0]),
    ['reason', 'digest', 'the connection was not cut', 'outcome'],
  );
});
