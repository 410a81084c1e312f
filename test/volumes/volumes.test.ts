import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { LimitExceeded, NotFound } from '../../server/errors.js';
import type { Volume } from '../../server/volumes/store.js';
import { download, headerOf, listFiles, openStore, sha256, upload, uploadNoise } from './store-fixture.js';

test('a volume is found by header and digest, and gets its name where only the header is new', async (t) => {
  const { store } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 1000);
  t.deepEqual(await store.findVolume(headerOf(1000), volume.sha256), volume);
  const other = await store.findVolume(headerOf(1000, 'CT'), volume.sha256);
  t.not(other?.name, volume.name);
  t.is(other?.header.modality, 'CT');
  t.true((await download(store, other!.name)).equals(bytes));
  t.is(await store.findVolume(headerOf(999), volume.sha256), undefined, 'the size does not fit');
  t.is(await store.findVolume(headerOf(1000), sha256(Buffer.alloc(1000))), undefined);
});

test('a deleted volume is gone from list and disk; its voxels stay while another volume has them', async (t) => {
  const { store, folder } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 1000);
  const other = await store.findVolume(headerOf(1000, 'CT'), volume.sha256);
  await store.deleteVolume(volume.name);
  t.throws(() => store.getVolume(volume.name), { instanceOf: NotFound, message: /upload it again/ });
  await t.throwsAsync(store.deleteVolume(volume.name), { instanceOf: NotFound });
  t.true((await download(store, other!.name)).equals(bytes));
  await store.deleteVolume(other!.name);
  t.is(store.usage().usedBytes, 0);
  await store.close();
  t.deepEqual(await listFiles(folder), []);
});

test('a runner’s result file becomes a volume by being moved', async (t) => {
  const { store } = await openStore(t);
  const scratch = store.scratchFolder;
  t.deepEqual(await readdir(scratch), []);
  const bytes = randomBytes(5000);
  const file = join(scratch, 'mask.raw');
  await writeFile(file, bytes);
  const { ino } = await stat(file);
  const volume = await store.adoptFile(file, headerOf(5000), sha256(bytes));
  t.is((await stat(volume.file)).ino, ino);
  t.deepEqual(await readdir(scratch), []);
  t.true((await download(store, volume.name)).equals(bytes));
  t.deepEqual(store.getVolume(volume.name), volume);
  t.is(store.usage().usedBytes, 5000);
});

test('a volume can be read and pinned as soon as it is placed, before its record is on disk', async (t) => {
  const { store, folder } = await openStore(t);
  const bytes = randomBytes(5000);
  const file = join(store.scratchFolder, 'mask.raw');
  await writeFile(file, bytes);
  const early: unknown[] = [];
  const reading: Promise<Buffer>[] = [];
  const volume = await store.adoptFile(file, headerOf(5000), sha256(bytes), (placed) => {
    early.push(placed, readdirSync(join(folder, 'unsettled')).length);
    store.pinVolume(placed.name);
    reading.push(download(store, placed.name));
  });
  t.deepEqual(early, [volume, 0]);
  t.true((await reading[0]!).equals(bytes));
  t.deepEqual(readdirSync(join(folder, 'unsettled')), [`${volume.name}.json`]);
});

test('a volume whose record cannot be written is refused and gone; later it comes as if for the first time', async (t) => {
  const { store, folder } = await openStore(t);
  await rm(join(folder, 'unsettled'), { recursive: true });
  const bytes = randomBytes(3000);
  const one = await store.openUpload('', headerOf(3000));
  await one.write(0, bytes);
  const placed: Volume[] = [];
  const finishing = one.finish({ sizeBytes: 3000, sha256: sha256(bytes) }, (volume) => placed.push(volume));
  await t.throwsAsync(finishing, { message: /ENOENT/ });
  t.is(placed.length, 1);
  t.throws(() => store.getVolume(placed[0]!.name), { instanceOf: NotFound });
  await one.release();
  await mkdir(join(folder, 'unsettled'));
  const again = await upload(store, bytes);
  t.true((await download(store, again.name)).equals(bytes));
  await store.deleteVolume(again.name);
  t.is(store.usage().usedBytes, 0);
});

test('a result that is here already is the volume that is here, and its file goes', async (t) => {
  const { store } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 5000);
  const file = join(store.scratchFolder, 'mask.raw');
  await writeFile(file, bytes);
  t.deepEqual(await store.adoptFile(file, headerOf(5000), volume.sha256), volume);
  t.deepEqual(await readdir(store.scratchFolder), []);
});

test('a result makes idle volumes go, and is refused where none can', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 10_000 });
  const { volume: idle } = await uploadNoise(store, 4000);
  const { volume: needed } = await uploadNoise(store, 4000);
  store.pinVolume(needed.name);
  const file = join(store.scratchFolder, 'mask.raw');
  const adopt = async (count: number) => {
    const bytes = randomBytes(count);
    await writeFile(file, bytes);
    return store.adoptFile(file, headerOf(count), sha256(bytes));
  };
  await adopt(5000);
  t.throws(() => store.getVolume(idle.name), { instanceOf: NotFound });
  await t.throwsAsync(adopt(7000), { instanceOf: LimitExceeded, message: /7000 bytes/ });
  t.notThrows(() => store.getVolume(needed.name));
});

test('a result whose size is not its header’s is refused', async (t) => {
  const { store } = await openStore(t);
  const file = join(store.scratchFolder, 'mask.raw');
  await writeFile(file, Buffer.alloc(10));
  await t.throwsAsync(store.adoptFile(file, headerOf(11), sha256(Buffer.alloc(10))), { message: /10 bytes.*11/ });
  await t.throwsAsync(store.adoptFile(file, headerOf(10), '../x'), { message: /digest/ });
});
