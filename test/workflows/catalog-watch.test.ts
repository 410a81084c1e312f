// A bundle put into the folder, changed in it or taken away is deployed, reloaded or undeployed, without a restart.
import { appendFileSync } from 'node:fs';
import { cp, mkdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createGate } from '../fixtures/gate.js';
import { createFolder, isAlive, whenDead, writeScript } from '../fixtures/scripted-bundle.js';
import { hasVersion, isReady, openCatalog } from './catalog-fixture.js';

const version = (text: string) => ({ description: { version: text } });
const refusal = {
  say: {
    type: 'load-failed',
    error: { code: 'FAILED_PRECONDITION', reason: 'UNSUPPORTED', message: 'a transform is unknown', metadata: {} },
    attempts: [],
  },
};

test.serial('a bundle that is put in is deployed', async (t) => {
  const { when, put, lines } = await openCatalog(t, { old: {} });
  await put('new', version('1.2.3'));
  await when('new', hasVersion('1.2.3'));
  await when('old', isReady);
  t.true(lines.some((line) => line.message === 'bundle changed' && line.fields['change'] === 'put in'));
});

test.serial('a bundle that is copied in file by file is deployed once it is whole', async (t) => {
  const { folder, when, pids } = await openCatalog(t);
  const source = await createFolder(t);
  await writeScript(source, version('1.0.0'));
  await cp(source, join(folder, 'copied'), { recursive: true });
  await when('copied', hasVersion('1.0.0'));
  t.is(pids('copied').length, 1);
});

test.serial('a bundle is left alone while it grows, and deployed when it has come to rest', async (t) => {
  const { catalog, folder, when, put } = await openCatalog(t);
  await mkdir(join(folder, 'growing'));
  // On the same clock as the watch, and faster: it never sees the folder at rest.
  const growth = setInterval(() => appendFileSync(join(folder, 'growing', 'model.onnx'), 'more'), 1);
  t.teardown(() => clearInterval(growth));
  await put('whole');
  await when('whole', isReady);
  t.deepEqual(
    catalog.list().map((workflow) => workflow.name),
    ['whole'],
  );
  await writeScript(join(folder, 'growing'), version('1.0.0'));
  clearInterval(growth);
  await when('growing', hasVersion('1.0.0'));
});

test.serial(
  'a bundle that changes is loaded beside the old version, which serves until the new one is warm',
  async (t) => {
    const gate = await createGate(t);
    const { catalog, folder, when, pids } = await openCatalog(t, { brain: version('1.0.0') });
    const before = await when('brain', isReady);
    await writeScript(join(folder, 'brain'), { ...version('2.0.0'), loads: [[{ gate: gate.port }]] });
    await gate.arrival();
    t.true(hasVersion('1.0.0')(catalog.get('brain')));
    t.is(catalog.readiness('brain').kind, 'free');
    gate.open();
    const after = await when('brain', hasVersion('2.0.0'));
    t.is(after.reloadFailure, '');
    t.true(after.deployTimeMs >= before.deployTimeMs);
    t.is(pids('brain').length, 2);
  },
);

test.serial('a change that cannot run keeps the old version and says why, until one can', async (t) => {
  const { folder, when, pids } = await openCatalog(t, { brain: version('1.0.0') });
  await when('brain', isReady);
  await writeScript(join(folder, 'brain'), { ...version('2.0.0'), loads: [[refusal]] });
  const kept = await when('brain', (workflow) => workflow.reloadFailure !== '');
  t.true(hasVersion('1.0.0')(kept));
  t.is(kept.reloadFailure, 'a transform is unknown');
  t.true(isAlive(pids('brain')[0]!));
  await writeScript(join(folder, 'brain'), version('3.0.0'));
  const replaced = await when('brain', hasVersion('3.0.0'));
  t.is(replaced.reloadFailure, '');
});

test.serial('a bundle that had failed is tried again when it changes', async (t) => {
  const { folder, when } = await openCatalog(t, { brain: { loads: [[refusal]] } });
  await when('brain', (workflow) => workflow.state === 'failed');
  await writeScript(join(folder, 'brain'), version('2.0.0'));
  await when('brain', hasVersion('2.0.0'));
  t.pass();
});

test.serial('a change while a change is being loaded: the last one counts', async (t) => {
  const gate = await createGate(t);
  const { folder, when } = await openCatalog(t, { brain: version('1.0.0') });
  await when('brain', isReady);
  await writeScript(join(folder, 'brain'), { ...version('2.0.0'), loads: [[{ gate: gate.port }]] });
  const passing = await gate.arrival();
  await writeScript(join(folder, 'brain'), version('3.0.0'));
  await when('brain', hasVersion('3.0.0'));
  t.false(isAlive(passing));
});

test.serial('a bundle that is taken away is undeployed and its process ends', async (t) => {
  const root = await createFolder(t);
  const { folder, when, whenGone, pids } = await openCatalog(t, { brain: {}, other: {} });
  await when('brain', isReady);
  await rename(join(folder, 'brain'), join(root, 'brain'));
  await whenGone('brain');
  await when('other', isReady);
  await whenDead(pids('brain')[0]!);
  t.pass();
});

test.serial('a bundle that is removed and put back is reloaded', async (t) => {
  const { folder, when, put } = await openCatalog(t, { brain: version('1.0.0') });
  await when('brain', isReady);
  await rm(join(folder, 'brain'), { recursive: true });
  await put('brain', version('2.0.0'));
  await when('brain', hasVersion('2.0.0'));
  t.pass();
});

test.serial('dot folders and bad names that are put in are left alone', async (t) => {
  const { catalog, folder, when, put, lines } = await openCatalog(t);
  await mkdir(join(folder, '.staging'));
  await put('bad name');
  await put('good');
  await when('good', isReady);
  t.deepEqual(
    catalog.list().map((workflow) => workflow.name),
    ['good'],
  );
  t.false(lines.some((line) => String(line.fields['name']).startsWith('.')));
});

test.serial('where the system tells of no change, looking again finds it', async (t) => {
  const root = await createFolder(t);
  // Deeper than what is watched.
  const deep = join(root, 'brain', 'a', 'b', 'c', 'd');
  await writeScript(join(root, 'brain'), version('1.0.0'));
  await writeScript(deep, {});
  const { when, pids } = await openCatalog(t, {}, { folder: root, rescanMs: 5 });
  await when('brain', isReady);
  await utimes(join(deep, 'script.json'), 1, 1);
  await when('brain', () => pids('brain').length === 2);
  t.pass();
});
