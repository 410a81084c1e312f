import { randomBytes } from 'node:crypto';
import { truncate, unlink } from 'node:fs/promises';
import test from 'ava';
import { InvalidArgument, NotFound } from '../../server/errors.js';
import { download, headerOf, listFiles, openStore, sha256, upload, uploadNoise } from './store-fixture.js';

const never = () => new AbortController().signal;
const turn = () => new Promise(setImmediate);

const ranges = test.macro(async (t, offsetBytes: number, limitBytes: number) => {
  const { store } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 300_001);
  const end = limitBytes === 0 ? undefined : offsetBytes + limitBytes;
  const read = await download(store, volume.name, offsetBytes, limitBytes);
  t.true(read.equals(bytes.subarray(offsetBytes, end)));
});
test('reads a volume whole', ranges, 0, 0);
test('reads from the middle of a chunk', ranges, 100_003, 0);
test('reads from a chunk’s first byte', ranges, 65_536, 0);
test('reads the last byte', ranges, 300_000, 0);
test('reads nothing from the very end', ranges, 300_001, 0);
test('reads a part', ranges, 65_535, 65_538);
test('a part that goes beyond the end stops there', ranges, 300_000, 2 ** 40);

test('chunks follow on each other and hold whole components', async (t) => {
  const { store } = await openStore(t);
  const bytes = randomBytes(8 * 1000);
  const header = { ...headerOf(1000), componentType: 'float64' as const };
  const volume = await upload(store, bytes, { header });
  let at = 0;
  const range = { offsetBytes: 0, limitBytes: 0, chunkBytes: 1001 };
  for await (const chunk of store.readVolume(volume.name, range, never())) {
    t.is(chunk.offsetBytes, at);
    t.is(chunk.bytes.length % 8, 0);
    t.true(chunk.bytes.length <= 1001);
    at += chunk.bytes.length;
  }
  t.is(at, 8000);
});

test('an offset beyond the end is OUT_OF_RANGE, a negative one INVALID_ARGUMENT, a name that is none NOT_FOUND', async (t) => {
  const { store } = await openStore(t);
  const { volume } = await uploadNoise(store, 100);
  const read = (name: string, offsetBytes: number, limitBytes = 0) =>
    store.readVolume(name, { offsetBytes, limitBytes, chunkBytes: 10 }, never());
  t.like(
    t.throws(() => read(volume.name, 101)),
    { code: 'OUT_OF_RANGE' },
  );
  t.throws(() => read(volume.name, -1), { instanceOf: InvalidArgument, message: /offset_bytes is -1/ });
  t.throws(() => read(volume.name, 0, -1), { instanceOf: InvalidArgument, message: /limit_bytes is -1/ });
  t.throws(() => read('0'.repeat(64), 0), { instanceOf: NotFound });
  t.throws(() => read('../records', 0), { instanceOf: NotFound });
});

test('a volume deleted while it is read is read to its end; then its file goes', async (t) => {
  const { store, folder } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 200_000);
  const chunks: Buffer[] = [];
  for await (const chunk of store.readVolume(
    volume.name,
    { offsetBytes: 0, limitBytes: 0, chunkBytes: 999 },
    never(),
  )) {
    if (chunks.length === 0) {
      await store.deleteVolume(volume.name);
      t.throws(() => store.getVolume(volume.name), { instanceOf: NotFound });
      t.is(await store.findVolume(headerOf(200_000, 'PT'), sha256(Buffer.alloc(1))), undefined);
    }
    chunks.push(chunk.bytes);
  }
  t.true(Buffer.concat(chunks).equals(bytes));
  await store.close();
  t.deepEqual(await listFiles(folder), []);
});

test('a volume deleted while it is read, and uploaded again meanwhile, stays', async (t) => {
  const { store } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 200_000);
  const range = { offsetBytes: 0, limitBytes: 0, chunkBytes: 1000 };
  const reader = store.readVolume(volume.name, range, never())[Symbol.asyncIterator]();
  await reader.next();
  await store.deleteVolume(volume.name);
  const again = await upload(store, bytes);
  await reader.return?.();
  t.is(again.name, volume.name);
  t.true((await download(store, volume.name)).equals(bytes));
});

test('a volume being read is not evicted: the next one makes way', async (t) => {
  const { store } = await openStore(t, { quotaBytes: 300_000 });
  const { volume: read, bytes } = await uploadNoise(store, 100_000);
  const { volume: idle } = await uploadNoise(store, 100_000);
  const range = { offsetBytes: 0, limitBytes: 0, chunkBytes: 1000 };
  const reader = store.readVolume(read.name, range, never())[Symbol.asyncIterator]();
  const chunks = [(await reader.next()).value.bytes];
  await uploadNoise(store, 200_000);
  t.throws(() => store.getVolume(idle.name), { instanceOf: NotFound });
  for (let next = await reader.next(); !next.done; next = await reader.next()) chunks.push(next.value.bytes);
  t.true(Buffer.concat(chunks).equals(bytes));
});

test('an abort ends a download with its reason and lets go of the file', async (t) => {
  const { store, folder } = await openStore(t);
  const { volume } = await uploadNoise(store, 200_000);
  const controller = new AbortController();
  const range = { offsetBytes: 0, limitBytes: 0, chunkBytes: 1000 };
  let chunks = 0;
  await t.throwsAsync(
    async () => {
      for await (const _ of store.readVolume(volume.name, range, controller.signal)) {
        if (++chunks === 3) controller.abort(new Error('the client left'));
      }
    },
    { message: 'the client left' },
  );
  t.is(chunks, 3);
  await store.deleteVolume(volume.name);
  await turn();
  await store.close();
  t.deepEqual(await listFiles(folder), []);
});

const damage = test.macro(async (t, harm: (file: string) => Promise<void>) => {
  const { store } = await openStore(t);
  const { volume, bytes } = await uploadNoise(store, 200_000);
  await harm(volume.file);
  t.like(await t.throwsAsync(download(store, volume.name)), { code: 'DATA_LOSS' });
  t.is(await store.findVolume(volume.header, volume.sha256), undefined);
  t.true((await download(store, (await upload(store, bytes)).name)).equals(bytes));
});
test('voxels cut short behind the store’s back are said to be lost, and can be uploaded again', damage, (file) =>
  truncate(file, 150_000),
);
test('voxels removed behind the store’s back are said to be lost, and can be uploaded again', damage, unlink);
