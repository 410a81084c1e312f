// Zips from anywhere become a bundle's folder or nothing.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Cancelled, InvalidArgument, InvalidBundle, VoxhostError } from '../../server/errors.js';
import { unpackBundle } from '../../server/workflows/unpack-bundle.js';
import { makeFolder } from './bundle-files.js';
import { bundleEntries, writeZip, type ZipEntry } from './zip-writer.js';

const LIMITS = { maxUnpackedBytes: 2 ** 28, maxEntries: 100 };

/** Writes the zip beside an empty place for what is in it. */
async function prepare(
  t: ExecutionContext,
  zip: Uint8Array,
): Promise<{ zipFile: string; target: string; folder: string }> {
  const folder = await makeFolder(t);
  const zipFile = join(folder, 'bundle.zip');
  await writeFile(zipFile, zip);
  return { zipFile, target: join(folder, 'into', 'here'), folder };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

const FILES = ['LICENSE', 'configs/inference.json', 'configs/metadata.json', 'models/model.onnx'];

test('a bundle in the single top folder of a zip', async (t) => {
  const { zipFile, target } = await prepare(t, writeZip([{ name: 'brain/' }, ...bundleEntries('brain/')]));
  const root = await unpackBundle(zipFile, target, LIMITS);
  t.is(root, join(target, 'brain'));
  t.deepEqual(await filesBelow(root), FILES);
  t.deepEqual(await readFile(join(root, 'models', 'model.onnx')), Buffer.alloc(70_000, 'model '));
});

test('a bundle that is the root of a zip', async (t) => {
  const { zipFile, target } = await prepare(t, writeZip(bundleEntries('')));
  t.is(await unpackBundle(zipFile, target, LIMITS), join(target));
  t.deepEqual(await filesBelow(target), FILES);
});

test('what operating systems add stays out', async (t) => {
  const junk = ['__MACOSX/brain/._LICENSE', 'brain/.DS_Store', 'brain/configs/Thumbs.db', 'notes.txt'];
  const zip = writeZip([...junk.map((name) => ({ name, content: 'x' })), ...bundleEntries('brain/')]);
  const { zipFile, target } = await prepare(t, zip);
  const root = await unpackBundle(zipFile, target, LIMITS);
  t.deepEqual(await filesBelow(root), FILES);
  t.deepEqual(await readdir(target), ['brain']);
});

test('an empty folder that is there already is used', async (t) => {
  const { zipFile, target } = await prepare(t, writeZip(bundleEntries('')));
  await mkdir(target, { recursive: true });
  await unpackBundle(zipFile, target, LIMITS);
  t.deepEqual(await filesBelow(target), FILES);
});

test('a folder with something in it is left alone', async (t) => {
  const { zipFile, target } = await prepare(t, writeZip(bundleEntries('')));
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'precious'), 'x');
  await t.throwsAsync(unpackBundle(zipFile, target, LIMITS), { instanceOf: InvalidArgument });
  t.deepEqual(await filesBelow(target), ['precious']);
});

const evil = (name: string, more: Partial<ZipEntry> = {}): ZipEntry[] => [
  ...bundleEntries('brain/'),
  { name, content: 'x', ...more },
];

const refused: readonly (readonly [title: string, entries: readonly ZipEntry[], message: RegExp])[] = [
  ['a path upwards', evil('brain/../../../evil'), /\.\./],
  ['a path upwards with backslashes', evil('brain\\..\\..\\evil'), /\.\./],
  ['an absolute path', evil('/etc/evil'), /\/etc\/evil/],
  ['a drive letter', evil('C:/evil'), /C:\/evil/],
  ['a drive letter below a folder', evil('brain/C:evil'), /C:evil/],
  ['another stream of a file', evil('brain/LICENSE:hidden'), /LICENSE:hidden/],
  ['a share of Windows', evil('\\\\server\\share\\evil'), /server/],
  ['a name with a zero in it', evil('brain/evil\0.txt'), /evil/],
  ['an empty name between slashes', evil('brain//evil'), /brain\/\/evil/],
  ['a dot as a name', evil('brain/./evil'), /brain\/\.\/evil/],
  ['a device of Windows', evil('brain/nul.txt'), /nul\.txt/],
  ['a name that ends in a dot', evil('brain/evil.'), /evil\./],
  ['a very long name', evil(`brain/${'x'.repeat(600)}`), /names of files/],
  ['a very deep path', evil(`${'a/'.repeat(40)}b`), /names of files/],
  ['a link', evil('brain/link', { mode: 0o120777, content: '/etc/passwd' }), /link or a device/],
  ['a device', evil('brain/device', { mode: 0o020666 }), /link or a device/],
  ['an encrypted entry', evil('brain/secret', { encrypted: true }), /without a password/],
  ['a compression that is unknown', evil('brain/x', { method: 14 }), /stored or deflated/],
  ['the same name twice', evil('brain/LICENSE'), /every name once/],
  ['the same name in capitals', evil('brain/license'), /every name once/],
  ['the same name with other accents', [...evil('brain/é'), { name: 'brain/e\u0301' }], /every name once/],
  ['a file where a folder is', evil('brain/models'), /every name once/],
  ['a folder where a file is', evil('brain/LICENSE/x'), /every name once/],
  ['a folder with bytes', evil('brain/folder/'), /without bytes/],
  ['a bomb', evil('brain/zeros', { content: Buffer.alloc(40 * 2 ** 20) }), /times smaller/],
  ['more bytes than the host takes', evil('brain/big', { claimedBytes: 2 ** 30 }), /more than \d+ bytes/],
  ['more bytes than it says', evil('brain/liar', { content: Buffer.alloc(9_000, 'ab'), claimedBytes: 10 }), /zip file/],
  ['fewer bytes than it says', evil('brain/liar', { content: 'abc', claimedBytes: 10 }), /zip file/],
  ['a wrong checksum', evil('brain/liar', { claimedCrc: 1 }), /checksum/],
  ['more entries than the host takes', Array.from({ length: 101 }, (_, i) => ({ name: `f${i}` })), /101 entries/],
  ['two bundles', [...bundleEntries('one/'), ...bundleEntries('two/')], /one bundle/],
];

for (const [title, entries, message] of refused) {
  test(`refused with nothing left behind: ${title}`, async (t) => {
    const { zipFile, target, folder } = await prepare(t, writeZip(entries));
    const error = await t.throwsAsync(unpackBundle(zipFile, target, LIMITS), { instanceOf: InvalidArgument });
    t.regex(error?.message ?? '', message);
    t.is(error?.code, 'INVALID_ARGUMENT');
    t.deepEqual(await readdir(folder), ['bundle.zip']);
  });
}

const notZips: readonly (readonly [title: string, bytes: Uint8Array])[] = [
  ['nothing', new Uint8Array(0)],
  ['text', Buffer.from('this is no zip at all, only some words that go on for a while')],
  ['a zip that was cut', writeZip(bundleEntries('')).subarray(0, 300)],
  ['a zip without its beginning', writeZip(bundleEntries('')).subarray(200)],
];

for (const [title, bytes] of notZips) {
  test(`not a zip: ${title}`, async (t) => {
    const { zipFile, target, folder } = await prepare(t, bytes);
    await t.throwsAsync(unpackBundle(zipFile, target, LIMITS), { instanceOf: InvalidArgument });
    t.deepEqual(await readdir(folder), ['bundle.zip']);
  });
}

test('a zip without a bundle says what is missing', async (t) => {
  const { zipFile, target, folder } = await prepare(
    t,
    writeZip([{ name: 'a/b/configs/metadata.json', content: '{}' }]),
  );
  const error = await t.throwsAsync(unpackBundle(zipFile, target, LIMITS), { instanceOf: InvalidBundle });
  t.regex(error?.message ?? '', /configs\/metadata\.json/);
  t.deepEqual(await readdir(folder), ['bundle.zip']);
});

test('a signal stops it, with nothing left behind', async (t) => {
  const { zipFile, target, folder } = await prepare(t, writeZip(bundleEntries('brain/')));
  const reason = new Cancelled('the client went away');
  const error = await t.throwsAsync(unpackBundle(zipFile, target, LIMITS, AbortSignal.abort(reason)));
  t.is(error, reason);
  t.deepEqual(await readdir(folder), ['bundle.zip']);
});

test('a zip with every byte changed in turn is unpacked unharmed or refused, and never leaves its folder', async (t) => {
  const zip = writeZip(bundleEntries('b/').map((entry) => ({ ...entry, content: 'some words' })));
  const { zipFile, target, folder } = await prepare(t, zip);
  let unpacked = 0;
  for (let at = 0; at < zip.length; at += 1) {
    const changed = Buffer.from(zip);
    changed[at] = (changed[at] ?? 0) ^ (at % 2 === 0 ? 0xff : 0x01);
    await writeFile(zipFile, changed);
    const into = `${target}${at}`;
    try {
      const root = await unpackBundle(zipFile, into, LIMITS);
      for (const file of await filesBelow(root)) t.is(await readFile(join(root, file), 'utf8'), 'some words');
      unpacked += 1;
    } catch (error) {
      t.true(error instanceof VoxhostError, `byte ${at}: ${String(error)}`);
    }
  }
  const inside = (await readdir(folder)).sort();
  t.deepEqual(inside, ['bundle.zip', 'into']);
  t.true(unpacked > 0);
});
