import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { NotFound } from '../../server/errors.js';
import { until } from '../fixtures/until.js';
import { download, headerOf, listFiles, makeFolder, openStore, sha256, uploadNoise } from './store-fixture.js';

/** Makes all records of a closed store such as the disk may not have had when a crash came. */
async function unsettle(folder: string): Promise<void> {
  for (const file of await readdir(join(folder, 'records'))) {
    await rename(join(folder, 'records', file), join(folder, 'unsettled', file));
  }
}

test('a new volume is settled a moment later, and then found without a look at its voxels', async (t) => {
  const first = await openStore(t);
  const { volume } = await uploadNoise(first.store, 1000);
  const record = join(first.folder, 'records', `${volume.name}.json`);
  await until(() => existsSync(record));
  t.deepEqual(await readdir(join(first.folder, 'unsettled')), []);
  await first.store.close();
  await writeFile(volume.file, Buffer.alloc(1000));
  const { store } = await openStore(t, { folder: first.folder });
  t.deepEqual(store.getVolume(volume.name), volume);
});

test('volumes survive a restart, with all that was known of them', async (t) => {
  const first = await openStore(t);
  const { volume, bytes } = await uploadNoise(first.store, 70_000);
  const other = await first.store.findVolume(headerOf(70_000, 'MR'), volume.sha256);
  await first.store.close();
  const { store } = await openStore(t, { folder: first.folder });
  t.deepEqual(store.getVolume(volume.name), volume);
  t.deepEqual(store.getVolume(other!.name), other);
  t.true((await download(store, volume.name)).equals(bytes));
  t.is(store.usage().usedBytes, 70_000);
});

test('leftovers of a crash are cleaned at start; volumes and files of others stay', async (t) => {
  const first = await openStore(t);
  const { volume } = await uploadNoise(first.store, 1000);
  const { volume: without } = await uploadNoise(first.store, 2000);
  await first.store.close();
  const at = (...parts: string[]) => join(first.folder, ...parts);
  await writeFile(at('staging', 'abc.part'), 'half a volume');
  await mkdir(at('scratch', 'run-abc'));
  await writeFile(at('scratch', 'run-abc', 'mask.raw'), 'half a mask');
  await rm(without.file);
  const orphan = randomBytes(10);
  await writeFile(at('blobs', sha256(orphan)), orphan);
  await writeFile(at('blobs', `${sha256(orphan)}.copy`), orphan);
  await writeFile(at('records', `${sha256(orphan)}.json`), '{"version":1,"hea');
  await writeFile(at('unsettled', `${'1'.repeat(64)}.json`), '{');
  await unsettle(first.folder);
  await copyFile(at('unsettled', `${volume.name}.json`), at('records', `${'0'.repeat(64)}.json`));
  await writeFile(at('blobs', '.DS_Store'), 'not ours');

  const { store } = await openStore(t, { folder: first.folder });
  t.deepEqual(store.getVolume(volume.name), volume);
  t.throws(() => store.getVolume(without.name), { instanceOf: NotFound });
  t.is(store.usage().usedBytes, 1000);
  await store.close();
  const left = (await listFiles(first.folder)).map((file) => file.replace('unsettled/', 'records/'));
  t.deepEqual(left, ['blobs/.DS_Store', `blobs/${volume.sha256}`, `records/${volume.name}.json`]);
});

test('voxels of the wrong size are no volume', async (t) => {
  const first = await openStore(t);
  const { volume } = await uploadNoise(first.store, 1000);
  await first.store.close();
  await writeFile(volume.file, Buffer.alloc(999));
  const { store } = await openStore(t, { folder: first.folder });
  t.throws(() => store.getVolume(volume.name), { instanceOf: NotFound });
  t.deepEqual(await readdir(join(first.folder, 'blobs')), []);
});

test('voxels that a power cut left as zeros are found by their digest where the disk had not settled', async (t) => {
  const first = await openStore(t);
  const { volume } = await uploadNoise(first.store, 1000);
  const { volume: whole, bytes } = await uploadNoise(first.store, 3000);
  await first.store.close();
  await writeFile(volume.file, Buffer.alloc(1000));
  await unsettle(first.folder);
  const { store } = await openStore(t, { folder: first.folder });
  t.throws(() => store.getVolume(volume.name), { instanceOf: NotFound });
  t.true((await download(store, whole.name)).equals(bytes));
});

test('killed again and again around the finish of an upload, the store never shows a volume that is not whole', async (t) => {
  const folder = await makeFolder(t);
  const script = fileURLToPath(new URL('interrupted-store.ts', import.meta.url));
  const promised: string[] = [];
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, ['--import=tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let finishing = 0;
    for await (const line of createInterface(child.stdout)) {
      const [what, which] = line.split(' ') as [string, string];
      if (what === 'finished') promised.push(which);
      else if (++finishing === 2 + round) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    t.is(child.signalCode, 'SIGKILL');

    const { store } = await openStore(t, { folder });
    for (const name of promised) t.notThrows(() => store.getVolume(name), 'a client was told that it is here');
    for (const file of [...(await readdir(join(folder, 'records'))), ...(await readdir(join(folder, 'unsettled')))]) {
      const volume = store.getVolume(file.replace('.json', ''));
      t.is(sha256(await readFile(volume.file)), volume.sha256);
    }
    t.deepEqual(await readdir(join(folder, 'staging')), []);
    await store.close();
  }
  t.true(promised.length >= 5);
});
