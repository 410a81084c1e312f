import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { createHashFiles } from '../../server/volumes/hash-files.js';
import { makeFolder } from './store-fixture.js';

test('a growing file’s digest is node:crypto’s, whatever else is hashed meanwhile', async (t) => {
  const folder = await makeFolder(t);
  const hashFiles = createHashFiles();
  t.teardown(() => hashFiles.close());
  const digests = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const file = join(folder, String(index));
      const hash = hashFiles.begin(file);
      const parts = Array.from({ length: 5 }, () => randomBytes(100_000 + index));
      for (const [count, part] of parts.entries()) {
        await appendFile(file, part);
        hash.grown((count + 1) * part.length);
      }
      return [await hash.finish(), createHash('sha256').update(Buffer.concat(parts)).digest('hex')];
    }),
  );
  for (const [ours, expected] of digests) t.is(ours, expected);
});

test('a file that is not there or too short fails alone', async (t) => {
  const folder = await makeFolder(t);
  const hashFiles = createHashFiles();
  t.teardown(() => hashFiles.close());
  await writeFile(join(folder, 'short'), 'abc');
  const missing = hashFiles.begin(join(folder, 'missing'));
  const short = hashFiles.begin(join(folder, 'short'));
  const whole = hashFiles.begin(join(folder, 'short'));
  missing.grown(1);
  short.grown(4);
  whole.grown(3);
  await t.throwsAsync(missing.finish(), { message: /ENOENT/ });
  await t.throwsAsync(short.finish(), { message: /ends at byte 3/ });
  t.is(await whole.finish(), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('closing fails what is waited for', async (t) => {
  const hashFiles = createHashFiles();
  const one = hashFiles.begin('nowhere');
  const waited = t.throwsAsync(one.finish(), { message: /closed/ });
  await hashFiles.close();
  await waited;
  await one.drop();
});

test('a store that nobody closed does not keep its process alive', async (t) => {
  const code = `
    import { openVolumeStore } from ${JSON.stringify(new URL('../../server/volumes/open-volume-store.ts', import.meta.url))};
    import { headerOf, upload } from ${JSON.stringify(new URL('./store-fixture.ts', import.meta.url))};
    const log = { info() {}, warn() {}, error() {} };
    const options = { quotaBytes: 1e9, maxVolumeBytes: 1e9, uploadExpiryMs: 1e9, log };
    const store = await openVolumeStore({ ...options, folder: ${JSON.stringify(await makeFolder(t))} });
    await upload(store, Buffer.alloc(100_000), { id: 'a' });
    await (await store.openUpload('b', headerOf(10))).release();
    console.log('done');
  `;
  const child = spawnSync(process.execPath, ['--import=tsx', '--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  t.is(child.stdout, 'done\n', child.stderr);
  t.is(child.status, 0);
});
