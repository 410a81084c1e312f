import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LimitExceeded, NotFound } from '../../server/errors.js';
import { download, headerOf, listFiles, makeFolder, openStore, sha256, upload, uploadNoise } from './store-fixture.js';

const MIB = 2 ** 20;

/** A real disk of 8 MiB. Undefined where this user may not mount one: that is a failure in CI, elsewhere it is said. */
async function mountSmallDisk(t: ExecutionContext): Promise<string | undefined> {
  const folder = await makeFolder(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    if (process.env['CI']) throw error;
    t.log(`not tested: a small disk cannot be mounted here (${String(error).split('\n')[0]})`);
    t.pass();
    return undefined;
  }
  t.teardown(() => execFileSync('umount', ['-l', folder]));
  return folder;
}

test('an upload larger than the disk is refused before its bytes are sent, naming the disk and the remedy', async (t) => {
  const folder = await mountSmallDisk(t);
  if (!folder) return;
  const { store } = await openStore(t, { folder });
  const { volume } = await uploadNoise(store, MIB);
  const error = await t.throwsAsync(store.openUpload('', headerOf(20 * MIB)), { instanceOf: LimitExceeded });
  t.true(error?.message.includes(folder));
  t.regex(error?.message ?? '', /20971520 bytes.*--data/);
  t.notThrows(() => store.getVolume(volume.name));
});

test('a disk that fills during an upload ends that upload alone; the store stays whole and takes the next', async (t) => {
  const folder = await mountSmallDisk(t);
  if (!folder) return;
  const { store } = await openStore(t, { folder });
  const { volume, bytes } = await uploadNoise(store, 2 * MIB);
  const unpin = store.pinVolume(volume.name);
  const source = randomBytes(4 * MIB);
  const one = await store.openUpload('scan', headerOf(source.length));
  await one.write(0, source.subarray(0, MIB));
  await writeFile(join(folder, 'ballast'), randomBytes(4 * MIB));
  const error = await t.throwsAsync(
    async () => {
      for (let at = MIB; at < source.length; at += MIB) await one.write(at, source.subarray(at, at + MIB));
      await one.finish({ sizeBytes: source.length, sha256: sha256(source) });
    },
    { instanceOf: LimitExceeded },
  );
  t.true(error?.message.includes(folder));
  await one.release();
  t.deepEqual(await readdir(join(folder, 'staging')), []);
  t.throws(() => store.queryUpload('scan'), { instanceOf: NotFound });
  t.is(store.usage().usedBytes, 2 * MIB);
  t.true((await download(store, volume.name)).equals(bytes));
  await rm(join(folder, 'ballast'));
  t.is((await upload(store, source, { id: 'scan' })).sha256, sha256(source));
  unpin();
});

test('on a full disk idle volumes make way, if that is enough for the upload', async (t) => {
  const folder = await mountSmallDisk(t);
  if (!folder) return;
  const { store } = await openStore(t, { folder });
  const idle = [(await uploadNoise(store, 2 * MIB)).volume, (await uploadNoise(store, 2 * MIB)).volume];
  const source = randomBytes(5 * MIB);
  const volume = await upload(store, source);
  t.true((await download(store, volume.name)).equals(source));
  t.throws(() => store.getVolume(idle[0]!.name), { instanceOf: NotFound });
});

test('a result that does not fit on the disk when it is moved there says which disk', async (t) => {
  const folder = await mountSmallDisk(t);
  const elsewhere = await makeFolder(t);
  if (!folder) return;
  const { store } = await openStore(t, { folder });
  const bytes = randomBytes(9 * MIB);
  const file = join(elsewhere, 'mask.raw');
  await writeFile(file, bytes);
  const error = await t.throwsAsync(store.adoptFile(file, headerOf(bytes.length), sha256(bytes)), {
    instanceOf: LimitExceeded,
  });
  t.true(error?.message.includes(folder));
  t.deepEqual(
    (await listFiles(folder)).filter((name) => name.startsWith('blobs/')),
    [],
  );
  t.is(store.usage().usedBytes, 0);
});

test('a result from another disk is copied whole and removed there', async (t) => {
  const folder = await mountSmallDisk(t);
  const elsewhere = await makeFolder(t);
  if (!folder) return;
  const { store } = await openStore(t, { folder });
  const bytes = randomBytes(MIB);
  await writeFile(join(elsewhere, 'mask.raw'), bytes);
  const volume = await store.adoptFile(join(elsewhere, 'mask.raw'), headerOf(bytes.length), sha256(bytes));
  t.true((await download(store, volume.name)).equals(bytes));
  t.deepEqual(await readdir(elsewhere), []);
});
