// The deployed workflows: their states, who is listed, how they leave, what memory they may hold.
import { existsSync, lstatSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { InvalidArgument, NotFound } from '../../server/errors.js';
import type { RunnerLease } from '../../server/runners/runner-pool.js';
import { createGate } from '../fixtures/gate.js';
import { createFolder, isAlive, whenDead, writeScript } from '../fixtures/scripted-bundle.js';
import { hasVersion, isReady, openCatalog } from './catalog-fixture.js';
import { bundleEntries, writeZip } from './zip-writer.js';

const refusal = (message: string) => ({
  say: {
    type: 'load-failed',
    error: { code: 'FAILED_PRECONDITION', reason: 'UNSUPPORTED', message, metadata: {} },
    attempts: [{ device: 'cuda', available: false, reason: 'no driver' }],
  },
});

function compute(lease: RunnerLease, signal = new AbortController().signal): Promise<unknown> {
  const listener = { onProgress: () => {}, onOutput: () => {} };
  return lease
    .run({ run: 'r', inputs: {}, parameters: {}, outputFolder: '.' }, listener, signal)
    .finally(() => lease.release());
}

async function scriptedZip(folder: string, version: string, extra: object = {}): Promise<string> {
  const file = join(folder, `${version}.zip`);
  const script = JSON.stringify({ description: { version }, ...extra, countFolder: '' });
  await writeFile(file, writeZip([...bundleEntries(''), { name: 'script.json', content: script }]));
  return file;
}

test.serial('bundles are listed by name and loading at once, described when read, ready when warm', async (t) => {
  const gate = await createGate(t);
  const { catalog, when } = await openCatalog(t, { b: { loads: [[{ gate: gate.port }]] }, a: {} });
  t.deepEqual(
    catalog.list().map(({ name, state, device, resident }) => ({ name, state, device, resident })),
    [
      { name: 'a', state: 'loading', device: '', resident: false },
      { name: 'b', state: 'loading', device: '', resident: false },
    ],
  );
  const described = await when('b', (workflow) => workflow.description !== undefined);
  t.is(described.state, 'loading');
  t.is(catalog.readiness('b').kind, 'loading');
  await gate.arrival();
  gate.open();
  const ready = await when('b', isReady);
  t.is(ready.device, 'cpu');
  t.true(ready.resident);
  t.is(ready.failure, '');
  t.is(catalog.readiness('b').kind, 'free');
});

test.serial(
  'a bundle that cannot run has failed, with the sentence of its runner, and takes no other with it',
  async (t) => {
    const { when, catalog } = await openCatalog(t, {
      bad: { loads: [[refusal('configs/inference.json, x: no')]] },
      good: {},
    });
    const failed = await when('bad', (workflow) => workflow.state === 'failed');
    t.is(failed.failure, 'configs/inference.json, x: no');
    const readiness = catalog.readiness('bad');
    t.is(readiness.kind === 'failed' && readiness.error.reason, 'UNSUPPORTED');
    await when('good', isReady);
    t.deepEqual(
      [...catalog.devices()].sort((a, b) => (a.device < b.device ? -1 : 1)),
      [
        { device: 'cpu', available: true, reason: '', busy: 0 },
        { device: 'cuda', available: false, reason: 'no driver', busy: 0 },
      ],
    );
  },
);

test.serial('files, dot folders and folders whose names are none for a workflow are no workflows', async (t) => {
  const root = await createFolder(t);
  for (const name of ['fine', '.hidden', '-dash', 'a name', 'x'.repeat(65)]) await writeScript(join(root, name));
  await writeFile(join(root, 'notes.txt'), '');
  const { catalog } = await openCatalog(t, {}, { folder: root });
  t.deepEqual(
    catalog.list().map((workflow) => workflow.name),
    ['fine'],
  );
});

test.serial('an unknown workflow is not found, and the error lists those there are', async (t) => {
  const { catalog } = await openCatalog(t, { b: {}, a: {} });
  const error = t.throws(() => catalog.get('c'), { instanceOf: NotFound });
  t.regex(error.message, /"c".*a, b/);
});

test.serial('one run computes on a device at a time, whichever the workflow', async (t) => {
  const { catalog, when } = await openCatalog(t, { a: {}, b: {}, other: { device: 'webgpu' } });
  for (const name of ['a', 'b', 'other']) await when(name, isReady);
  const lease = catalog.lease('a');
  t.is(catalog.readiness('a').kind, 'busy');
  t.is(catalog.readiness('b').kind, 'busy');
  t.is(catalog.readiness('other').kind, 'free');
  t.is(catalog.devices().find((one) => one.device === 'cpu')?.busy, 1);
  await compute(lease);
  t.is(catalog.readiness('b').kind, 'free');
  t.is(typeof catalog.get('a').typicalDurationMs, 'number');
});

test.serial('undeployed: runs are stopped, the process and the folder are gone, listeners are told', async (t) => {
  const gate = await createGate(t);
  const { catalog, when, folder } = await openCatalog(t, { gone: { runs: [[{ gate: gate.port }]] }, stays: {} });
  await when('gone', isReady);
  const running = compute(catalog.lease('gone'));
  const pid = await gate.arrival();
  const told: unknown[] = [];
  catalog.subscribe((name, workflow) => told.push([name, workflow]));
  const undeploying = catalog.undeploy('gone');
  await t.throwsAsync(running, { message: /stopped/ });
  await undeploying;
  t.false(isAlive(pid));
  t.deepEqual(await readdir(folder), ['stays']);
  t.deepEqual(told[0], ['gone', undefined]);
  t.throws(() => catalog.get('gone'), { instanceOf: NotFound });
  await t.throwsAsync(catalog.undeploy('gone'), { instanceOf: NotFound });
});

test.serial('of a link to a bundle elsewhere, undeploying removes the link and nothing behind it', async (t) => {
  const elsewhere = await createFolder(t);
  await writeScript(elsewhere);
  const root = await createFolder(t);
  await symlink(elsewhere, join(root, 'linked'), 'junction');
  const { catalog, when } = await openCatalog(t, {}, { folder: root });
  await when('linked', isReady);
  await catalog.undeploy('linked');
  t.deepEqual(await readdir(root), []);
  t.true(existsSync(join(elsewhere, 'script.json')));
});

test.serial('a zip is deployed warm, and its folder is in place with nothing beside it', async (t) => {
  const { catalog, folder, stagingFolder, pids } = await openCatalog(t);
  const zip = await scriptedZip(await createFolder(t), '2.0.0');
  const workflow = await catalog.deployZip('brain', zip);
  t.true(hasVersion('2.0.0')(workflow));
  t.deepEqual(await readdir(folder), ['brain']);
  t.true(existsSync(join(folder, 'brain', 'configs', 'metadata.json')));
  t.deepEqual(await readdir(stagingFolder), []);
  await compute(catalog.lease('brain'));
  t.is(pids('brain').length, 1, 'tried and served by the same process');
});

test.serial(
  'a newer zip takes over only when it can run; otherwise the old one stays in place and in memory',
  async (t) => {
    const { catalog, folder, stagingFolder, pids } = await openCatalog(t);
    const zips = await createFolder(t);
    await catalog.deployZip('brain', await scriptedZip(zips, '1.0.0'));
    await t.throwsAsync(
      catalog.deployZip('brain', await scriptedZip(zips, '2.0.0', { loads: [[refusal('no such transform')]] })),
      { message: 'no such transform' },
    );
    t.true(hasVersion('1.0.0')(catalog.get('brain')));
    t.true(isAlive(pids('brain')[0]!));
    t.deepEqual(await readdir(stagingFolder), []);
    const replaced = await catalog.deployZip('brain', await scriptedZip(zips, '3.0.0'));
    t.true(hasVersion('3.0.0')(replaced));
    t.deepEqual(await readdir(folder), ['brain']);
  },
);

test.serial('a run under way ends on the version that it began on', async (t) => {
  const gate = await createGate(t);
  const { catalog, when, pids } = await openCatalog(t, { brain: { runs: [[{ gate: gate.port }]] } });
  await when('brain', isReady);
  const running = compute(catalog.lease('brain'));
  const pid = await gate.arrival();
  await catalog.deployZip('brain', await scriptedZip(await createFolder(t), '2.0.0'));
  t.true(isAlive(pid));
  t.is(catalog.readiness('brain').kind, 'busy', 'the device is still the old one’s');
  gate.open();
  await t.notThrowsAsync(running);
  t.is(catalog.readiness('brain').kind, 'free');
  await compute(catalog.lease('brain'));
  t.is(pids('brain').length, 2);
});

test.serial('what is no bundle’s zip is refused, and nothing is left of it', async (t) => {
  const { catalog, folder, stagingFolder } = await openCatalog(t);
  const zips = await createFolder(t);
  const file = join(zips, 'bad.zip');
  await writeFile(file, 'PK no');
  await t.throwsAsync(catalog.deployZip('brain', file), { instanceOf: InvalidArgument });
  await writeFile(file, writeZip([...bundleEntries(''), { name: '../escape', content: '' }]));
  await t.throwsAsync(catalog.deployZip('brain', file), { instanceOf: InvalidArgument });
  t.deepEqual(await readdir(stagingFolder), []);
  t.deepEqual(await readdir(folder), []);
  t.deepEqual(catalog.list(), []);
});

for (const name of ['', '..', '.hidden', 'a/b', 'a\\b', '-x', 'dot.', 'x'.repeat(65), 'ä']) {
  test.serial(`a workflow cannot be called ${JSON.stringify(name)}`, async (t) => {
    const { catalog } = await openCatalog(t);
    const error = await t.throwsAsync(catalog.deployZip(name, 'none.zip'), { instanceOf: InvalidArgument });
    t.is(error.metadata['field'], 'name');
  });
}

test.serial('what a crash left in the folders is removed at the next start', async (t) => {
  const root = await createFolder(t);
  const stagingFolder = await createFolder(t);
  for (const folder of [join(stagingFolder, 'deploy-x'), join(root, '.voxhost-removed-x'), join(root, '.other')]) {
    await mkdir(folder);
  }
  await mkdir(join(stagingFolder, 'not-ours'));
  await openCatalog(t, {}, { folder: root, stagingFolder });
  t.deepEqual(await readdir(stagingFolder), ['not-ours']);
  t.deepEqual(await readdir(root), ['.other']);
});

test.serial(
  'idle models above the budget leave memory, the longest unused first, and come back for a run',
  async (t) => {
    const script = { rssBytes: 600 };
    const { catalog, when, pids } = await openCatalog(t, { a: script, b: script }, { modelMemoryBytes: 1000 });
    await Promise.race([
      when('a', (workflow) => isReady(workflow) && !workflow.resident),
      when('b', (workflow) => isReady(workflow) && !workflow.resident),
    ]);
    await when('a', isReady);
    await when('b', isReady);
    const [cold, warm] = catalog.get('a').resident ? ['b', 'a'] : ['a', 'b'];
    t.is(catalog.readiness(cold!).kind, 'cold');
    t.is(catalog.get(cold!).state, 'ready');
    // Its memory is the machine's again.
    await whenDead(pids(cold!)[0]!);
    await catalog.prepare(cold!);
    await when(warm!, (workflow) => !workflow.resident);
    await compute(catalog.lease(cold!));
    t.is(pids(cold!).length, 2);
  },
);

test.serial('closing ends every process, those that load too', async (t) => {
  const gate = await createGate(t);
  const { catalog, when, pids } = await openCatalog(t, { a: {}, b: { loads: [[{ gate: gate.port }]] } });
  await when('a', isReady);
  await gate.arrival();
  await catalog.close();
  t.false(isAlive(pids('a')[0]!));
  t.false(isAlive(pids('b')[0]!));
});

test.serial('the folder is made when it is not there', async (t) => {
  const root = await createFolder(t);
  await openCatalog(t, {}, { folder: join(root, 'a', 'b'), stagingFolder: join(root, 'c', 'd') });
  t.true(lstatSync(join(root, 'a', 'b')).isDirectory());
  t.true(lstatSync(join(root, 'c', 'd')).isDirectory());
});
