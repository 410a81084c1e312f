import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { InvalidArgument, LimitExceeded, NotFound, VoxhostError } from '../../server/errors.js';
import type { VolumeHeader } from '../../server/imaging/volume-header.js';
import { createWatchedLog, download, headerOf, listFiles, openStore, sha256, upload } from './store-fixture.js';

const MIB = 2 ** 20;

test('what was uploaded lies in one file whose digest node:crypto and sha256sum agree on', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(5 * MIB + 12_345);
  const volume = await upload(store, bytes, { chunkBytes: 700_001 });
  t.is(volume.sha256, sha256(bytes));
  t.is(volume.sizeBytes, bytes.length);
  t.true((await readFile(volume.file)).equals(bytes));
  if (process.platform === 'linux') {
    t.is(execFileSync('sha256sum', [volume.file], { encoding: 'utf8' }).slice(0, 64), volume.sha256);
  }
  t.deepEqual(store.getVolume(volume.name), volume);
});

test('a thousand chunks of a few bytes become the same volume', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(7000);
  const volume = await upload(store, bytes, { chunkBytes: 7 });
  t.true((await download(store, volume.name)).equals(bytes));
});

test('the same voxels under the same header are one volume, under another header two of one file', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(1000);
  const first = await upload(store, bytes);
  const again = await upload(store, bytes);
  const other = await upload(store, bytes, { header: headerOf(1000, 'CT') });
  t.deepEqual(again, first);
  t.not(other.name, first.name);
  t.is(other.file, first.file);
  t.is(store.usage().usedBytes, 1000);
  t.regex(first.name, /^[0-9a-f]{64}$/);
});

const differs = test.macro(async (t, change: Partial<VolumeHeader>) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(16);
  const plain = await upload(store, bytes);
  t.not((await upload(store, bytes, { header: { ...headerOf(16), ...change } })).name, plain.name);
});
test('a volume’s name follows from its sizes', differs, { sizes: [4, 4] });
test('a volume’s name follows from its type', differs, { sizes: [8], componentType: 'int16' });
test('a volume’s name follows from its geometry', differs, {
  indexToWorldLps: [1, 0, 0, 1e-9, 0, 1, 0, 0, 0, 0, 1, 0],
});

test('a file that was cut is never a volume', async (t) => {
  const { store, folder } = await openStore(t);
  const bytes = randomBytes(100_000);
  const one = await store.openUpload('', headerOf(bytes.length));
  await one.write(0, bytes.subarray(0, 60_000));
  await one.release();
  await one.release();
  t.deepEqual(await listFiles(folder), []);
  t.is(store.usage().usedBytes, 0);
  t.is(await store.findVolume(headerOf(bytes.length), sha256(bytes)), undefined);
});

const lost = test.macro(
  async (t, sent: (bytes: Buffer) => { sizeBytes: number; sha256: string }, arrived: number, reason: string) => {
    const { store, folder } = await openStore(t);
    const bytes = randomBytes(50_000);
    const one = await store.openUpload('an-id', headerOf(bytes.length));
    await one.write(0, bytes.subarray(0, arrived));
    const error = await t.throwsAsync(one.finish(sent(bytes)), { instanceOf: VoxhostError });
    t.is((error as VoxhostError).code, 'DATA_LOSS');
    t.is((error as VoxhostError).reason, reason);
    await one.release();
    t.deepEqual(await listFiles(folder), []);
    t.throws(() => store.queryUpload('an-id'), { instanceOf: NotFound });
    t.is(store.usage().usedBytes, 0);
  },
);
test(
  'a wrong digest drops the upload',
  lost,
  (bytes) => ({ sizeBytes: bytes.length, sha256: sha256(bytes.subarray(1)) }),
  50_000,
  'DIGEST_MISMATCH',
);
test(
  'a wrong size drops the upload',
  lost,
  (bytes) => ({ sizeBytes: bytes.length - 1, sha256: sha256(bytes) }),
  50_000,
  'SIZE_MISMATCH',
);
test(
  'fewer bytes than the header describes are no volume, even if the client counts alike',
  lost,
  (bytes) => ({ sizeBytes: 49_999, sha256: sha256(bytes.subarray(0, 49_999)) }),
  49_999,
  'SIZE_MISMATCH',
);

test('chunks out of order, twice, or beyond the declared size are refused, and the upload goes on', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(1000);
  const one = await store.openUpload('', headerOf(1000));
  await one.write(0, bytes.subarray(0, 400));
  const refused = async (offsetBytes: number, chunk: Uint8Array, field: string, says: RegExp) => {
    const error = await t.throwsAsync(one.write(offsetBytes, chunk), { instanceOf: InvalidArgument });
    t.is((error as VoxhostError).metadata['field'], field);
    t.regex(error?.message ?? '', says);
    t.is(one.committedBytes, 400);
  };
  await refused(500, bytes.subarray(500), 'chunk.offset_bytes', /is 500, expected 400/);
  await refused(0, bytes.subarray(0, 400), 'chunk.offset_bytes', /is 0, expected 400/);
  await refused(400, Buffer.alloc(601), 'chunk.data', /601 bytes.*at most 600/);
  await t.throwsAsync(one.finish({ sizeBytes: 1000, sha256: 'ABC' }), { message: /finish\.sha256 is "ABC"/ });
  await one.write(400, bytes.subarray(400));
  const volume = await one.finish({ sizeBytes: 1000, sha256: sha256(bytes) });
  t.is(volume.sha256, sha256(bytes));
});

test('an upload that was let go is resumed where it was', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(3 * MIB);
  const first = await store.openUpload('scan-1', headerOf(bytes.length));
  await first.write(0, bytes.subarray(0, MIB));
  await first.release();
  t.deepEqual(store.queryUpload('scan-1'), { committedBytes: MIB });

  const second = await store.openUpload('scan-1', headerOf(bytes.length));
  t.is(second.committedBytes, MIB);
  await second.write(MIB, bytes.subarray(MIB));
  const volume = await second.finish({ sizeBytes: bytes.length, sha256: sha256(bytes) });
  t.true((await download(store, volume.name)).equals(bytes));
  t.deepEqual(store.queryUpload('scan-1'), { committedBytes: bytes.length, volume });
});

test('a finished upload answers a client that lost the answer, and never with another volume', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(1000);
  const volume = await upload(store, bytes, { id: 'scan-2' });
  t.deepEqual(await upload(store, bytes, { id: 'scan-2' }), volume);
  const again = await store.openUpload('scan-2', headerOf(1000));
  await t.throwsAsync(again.finish({ sizeBytes: 1000, sha256: sha256(Buffer.alloc(1000)) }), {
    instanceOf: InvalidArgument,
  });
  await store.deleteVolume(volume.name);
  t.throws(() => store.queryUpload('scan-2'), { instanceOf: NotFound });
  t.deepEqual((await upload(store, bytes, { id: 'scan-2' })).name, volume.name);
});

test('whoever continues an upload has it; the earlier call is told ABORTED, what it wrote stays', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(2000);
  const first = await store.openUpload('scan-3', headerOf(2000));
  await first.write(0, bytes.subarray(0, 500));
  const second = await store.openUpload('scan-3', headerOf(2000));
  t.is(second.committedBytes, 500);
  const aborted = { code: 'ABORTED', message: /"scan-3".*another call/ };
  const refused = [first.write(500, bytes.subarray(500)), first.finish({ sizeBytes: 2000, sha256: sha256(bytes) })];
  for (const call of refused) t.like(await t.throwsAsync(call), { code: aborted.code });
  await first.release();
  await second.write(500, bytes.subarray(500));
  t.is((await second.finish({ sizeBytes: 2000, sha256: sha256(bytes) })).sha256, sha256(bytes));
});

test('an upload goes on only with its own header', async (t) => {
  const { store } = await openStore(t);
  const first = await store.openUpload('scan-4', headerOf(2000));
  await t.throwsAsync(store.openUpload('scan-4', headerOf(2000, 'MR')), { message: /header\.header.*scan-4/ });
  await first.write(0, Buffer.alloc(10));
  t.is(first.committedBytes, 10, 'the first call still has it');
});

test('an upload that nobody resumes expires, and its bytes go', async (t) => {
  const { log, said } = createWatchedLog();
  const { store, folder } = await openStore(t, { uploadExpiryMs: 5, log });
  const one = await store.openUpload('scan-5', headerOf(1000));
  await one.write(0, Buffer.alloc(500));
  await one.release();
  await said('upload expired');
  await store.close();
  t.deepEqual(await listFiles(folder), []);
});

test('ids that are not ids and headers that are not headers are refused before anything is stored', async (t) => {
  const { store, folder } = await openStore(t, { maxVolumeBytes: 100 });
  await t.throwsAsync(store.openUpload('../../etc/passwd', headerOf(10)), { message: /header\.upload_id/ });
  await t.throwsAsync(store.openUpload('x'.repeat(65), headerOf(10)), { message: /header\.upload_id/ });
  await t.throwsAsync(store.openUpload('', headerOf(0)), { message: /header\.header\.sizes\[0\] is 0/ });
  await t.throwsAsync(store.openUpload('', headerOf(101)), { instanceOf: LimitExceeded, message: /101 bytes.*100/ });
  t.throws(() => store.queryUpload('never'), { instanceOf: NotFound });
  t.deepEqual(await listFiles(folder), []);
});

test('twenty uploads at once, four of them the same, all arrive whole', async (t) => {
  const { store } = await openStore(t);
  const sources = Array.from({ length: 17 }, (_, index) => randomBytes(300_000 + index * 7));
  const all = [...sources, sources[0]!, sources[0]!, sources[0]!];
  const volumes = await Promise.all(all.map((bytes) => upload(store, bytes, { chunkBytes: 50_000 })));
  for (const [index, bytes] of all.entries()) {
    t.is(volumes[index]!.sha256, sha256(bytes));
    t.true((await readFile(volumes[index]!.file)).equals(bytes));
  }
  t.is(
    store.usage().usedBytes,
    sources.reduce((sum, bytes) => sum + bytes.length, 0),
  );
});

test('a writer that is faster than the disk is made to wait', async (t) => {
  const { store } = await openStore(t);
  const chunk = Buffer.alloc(MIB, 1);
  const one = await store.openUpload('', headerOf(64 * MIB));
  let accepted = 0;
  const writes = Array.from({ length: 64 }, (_, index) =>
    one.write(index * MIB, chunk).then(() => {
      accepted++;
    }),
  );
  await Promise.resolve();
  await Promise.resolve();
  t.true(accepted <= 4, `${accepted} MiB were taken before any reached the disk`);
  await Promise.all(writes);
  t.is(one.committedBytes, 64 * MIB);
  await one.release();
});

test('when the store closes, uploads under way are told so and leave nothing behind', async (t) => {
  const { store, folder } = await openStore(t);
  const one = await store.openUpload('scan-6', headerOf(1000));
  await one.write(0, Buffer.alloc(500));
  await store.close();
  t.like(await t.throwsAsync(one.write(500, Buffer.alloc(500))), { code: 'CANCELLED' });
  t.like(await t.throwsAsync(store.openUpload('', headerOf(10))), { code: 'CANCELLED' });
  t.deepEqual(await listFiles(folder), []);
});

test('more uploads at once than the host has files for are refused; one let go makes room', async (t) => {
  const { store } = await openStore(t);
  const all = await Promise.all(
    Array.from({ length: 256 }, (_, index) => store.openUpload(`id-${index}`, headerOf(10))),
  );
  await t.throwsAsync(store.openUpload('', headerOf(10)), {
    instanceOf: LimitExceeded,
    message: /at most 256 uploads/,
  });
  await all[17]!.release();
  await (await store.openUpload('', headerOf(10))).release();
  t.throws(() => store.queryUpload('id-17'), { instanceOf: NotFound });
});

test('an upload taken up again while the store has no room for the rest waits on', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 1000 });
  const first = await store.openUpload('scan-7', headerOf(800));
  await first.write(0, Buffer.alloc(300));
  await first.release();
  const other = await store.openUpload('', headerOf(600));
  await t.throwsAsync(store.openUpload('scan-7', headerOf(800)), { instanceOf: LimitExceeded });
  t.is(store.queryUpload('scan-7').committedBytes, 300);
  await other.release();
  t.is((await store.openUpload('scan-7', headerOf(800))).committedBytes, 300);
});
