import { randomBytes } from 'node:crypto';
import test from 'ava';
import { FailedPrecondition, LimitExceeded, NotFound } from '../../server/errors.js';
import type { Volume, VolumeStore } from '../../server/volumes/store.js';
import { createWatchedLog, download, headerOf, openStore, sha256, upload, uploadNoise } from './store-fixture.js';

const KB = 1000;

function present(store: VolumeStore, volumes: readonly Volume[]): boolean[] {
  return volumes.map((volume) => {
    try {
      return store.getVolume(volume.name) !== undefined;
    } catch {
      return false;
    }
  });
}

async function uploadFour(store: VolumeStore): Promise<Volume[]> {
  const volumes: Volume[] = [];
  for (let count = 0; count < 4; count++) volumes.push((await uploadNoise(store, 100 * KB)).volume);
  return volumes;
}

test('the least recently used volumes make way: reading, pinning and finding are uses', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 400 * KB });
  const volumes = await uploadFour(store);
  await download(store, volumes[0]!.name);
  store.pinVolume(volumes[1]!.name)();
  await store.findVolume(volumes[2]!.header, volumes[2]!.sha256);
  await uploadNoise(store, 90 * KB);
  t.deepEqual(present(store, volumes), [true, true, true, false]);
  await uploadNoise(store, 190 * KB);
  t.deepEqual(present(store, volumes), [false, false, true, false]);
  t.true(store.usage().usedBytes <= 400 * KB);
});

test('the order of use is known after a restart', async (t) => {
  const first = await openStore(t);
  const volumes = await uploadFour(first.store);
  await download(first.store, volumes[0]!.name);
  await download(first.store, volumes[2]!.name);
  await first.store.close();
  const { store } = await openStore(t, { folder: first.folder, quotaBytes: 200 * KB });
  t.deepEqual(present(store, volumes), [true, false, true, false]);
  t.is(store.usage().usedBytes, 200 * KB);
});

test('what a run needs is neither evicted nor deleted until it is let go as often as it was pinned', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 400 * KB });
  const volumes = await uploadFour(store);
  const unpin = [store.pinVolume(volumes[0]!.name), store.pinVolume(volumes[0]!.name)];
  await uploadNoise(store, 100 * KB);
  t.deepEqual(present(store, volumes), [true, false, true, true]);
  await t.throwsAsync(store.deleteVolume(volumes[0]!.name), { instanceOf: FailedPrecondition });
  unpin[0]!();
  unpin[0]!();
  await t.throwsAsync(store.deleteVolume(volumes[0]!.name), { instanceOf: FailedPrecondition });
  unpin[1]!();
  await store.deleteVolume(volumes[0]!.name);
  t.throws(() => store.pinVolume(volumes[0]!.name), { instanceOf: NotFound });
});

test('a pin holds one volume: another header over the same voxels can be deleted', async (t) => {
  const { store } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 1000);
  const other = await upload(store, bytes, { header: headerOf(1000, 'MR') });
  store.pinVolume(volume.name);
  await store.deleteVolume(other.name);
  t.true((await download(store, volume.name)).equals(bytes));
});

test('an upload for which there can be no room is refused before its bytes are sent, and nothing is evicted', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 400 * KB });
  const volumes = await uploadFour(store);
  store.pinVolume(volumes[0]!.name);
  const error = await t.throwsAsync(store.openUpload('', headerOf(301 * KB)), { instanceOf: LimitExceeded });
  t.regex(error?.message ?? '', /301000 bytes, at most 300000 bytes.*delete volumes/);
  t.deepEqual(present(store, volumes), [true, true, true, true]);
});

test('uploads under way keep the room that they were promised', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 400 * KB });
  const first = await store.openUpload('', headerOf(300 * KB));
  await t.throwsAsync(store.openUpload('', headerOf(101 * KB)), { message: /at most 100000 bytes/ });
  await first.write(0, Buffer.alloc(200 * KB));
  await t.throwsAsync(store.openUpload('', headerOf(101 * KB)), { message: /at most 100000 bytes/ });
  await first.release();
  await (await store.openUpload('', headerOf(400 * KB))).release();
  t.is(store.usage().usedBytes, 0);
});

test('nothing is evicted for an upload that was only announced', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 400 * KB });
  const volumes = await uploadFour(store);
  const one = await store.openUpload('', headerOf(400 * KB));
  t.deepEqual(present(store, volumes), [true, true, true, true]);
  await one.write(0, Buffer.alloc(150 * KB));
  t.deepEqual(present(store, volumes), [false, false, true, true]);
  await one.release();
});

test('when no volume can make way, the upload that was let go longest ago does', async (t) => {
  const { log, said } = createWatchedLog();
  const { store } = await openStore(t, { quotaBytes: 300 * KB, log });
  for (const id of ['older', 'newer']) {
    const one = await store.openUpload(id, headerOf(100 * KB));
    await one.write(0, Buffer.alloc(90 * KB));
    await one.release();
  }
  await uploadNoise(store, 200 * KB);
  await said('dropping an upload that nobody holds');
  t.throws(() => store.queryUpload('older'), { instanceOf: NotFound });
  t.is(store.queryUpload('newer').committedBytes, 90 * KB);
});

test('when pins take the room that an upload counted on, it fails, is dropped, and the store stays as it was', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 400 * KB });
  const volumes = await uploadFour(store);
  const one = await store.openUpload('', headerOf(100 * KB));
  for (const volume of volumes) store.pinVolume(volume.name);
  await t.throwsAsync(one.write(0, Buffer.alloc(50 * KB)), { instanceOf: LimitExceeded });
  t.deepEqual(present(store, volumes), [true, true, true, true]);
  t.is(store.usage().usedBytes, 400 * KB);
});

test('a volume of the same content as one being evicted arrives whole', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 100 * KB });
  const bytes = randomBytes(60 * KB);
  for (let round = 0; round < 20; round++) {
    const [volume] = await Promise.all([upload(store, bytes), uploadNoise(store, 30 * KB)]);
    t.is(volume.sha256, sha256(bytes));
    await upload(store, randomBytes(90 * KB));
  }
  t.true((await download(store, (await upload(store, bytes)).name)).equals(bytes));
});
