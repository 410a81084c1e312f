// Bundles sent: a folder becomes a zip that another library reads, a zip goes as it is.
import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openPromise } from 'yauzl';
import { InvalidArgument, VoxhostError } from '../../../clients/typescript/index.js';
import { zipFolder } from '../../../clients/typescript/zip.js';
import { InvalidBundle } from '../../../server/errors.js';
import { openWire } from '../../rpc/rooms/open-wire.js';
import { noise } from '../../rpc/rooms/volumes.js';
import { openClient } from './images.js';

const root = mkdtempSync(join(tmpdir(), 'voxhost-deploy-'));
test.after.always(() => rm(root, { recursive: true, force: true }));

async function makeBundle(name: string): Promise<{ folder: string; files: Record<string, Buffer> }> {
  const folder = join(root, name);
  const files: Record<string, Buffer> = {
    'configs/metadata.json': Buffer.from(JSON.stringify({ version: '0.1.0', filler: 'x'.repeat(5000) })),
    'models/model.onnx': noise(3 * 2 ** 20 + 17),
    'docs/Übersicht.md': Buffer.from('# Gehirn\n'),
    'empty.txt': Buffer.alloc(0),
  };
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await mkdir(join(folder, '.git'), { recursive: true });
  await writeFile(join(folder, '.git', 'config'), 'not for others');
  return { folder, files };
}

async function concat(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function readZip(file: string): Promise<Record<string, Buffer>> {
  const zip = await openPromise(file);
  const files: Record<string, Buffer> = {};
  for await (const entry of zip.eachEntry()) {
    const parts: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) parts.push(chunk as Buffer);
    files[entry.fileName] = Buffer.concat(parts);
  }
  return files;
}

test('a folder is sent as a zip with every file below its name, caches and version control left out', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const { folder, files } = await makeBundle('brain_bundle');
  let received: Record<string, Buffer> = {};
  wire.catalog.onDeploy = async (name, zipFile) => {
    received = await readZip(zipFile);
    wire.catalog.set(name, {});
    return wire.catalog.get(name);
  };
  const workflow = await client.deploy('brain_bundle', folder);
  t.is(workflow.name, 'brain_bundle');
  t.is(workflow.state, 'ready');
  const expected = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`brain_bundle/${path}`, bytes]));
  t.deepEqual(Object.keys(received).sort(), Object.keys(expected).sort());
  for (const [path, bytes] of Object.entries(expected)) t.true(received[path]!.equals(bytes), path);
});

test('a zip arrives byte for byte', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const zip = join(root, 'as-it-is.zip');
  const bytes = noise(2 ** 20 + 3);
  await writeFile(zip, bytes);
  let received = Buffer.alloc(0);
  wire.catalog.onDeploy = async (name, zipFile) => {
    received = await readFile(zipFile);
    wire.catalog.set(name, {});
    return wire.catalog.get(name);
  };
  const sizes: number[] = [];
  await client.deploy('as-it-is', zip, { onProgress: ({ doneBytes }) => sizes.push(doneBytes) });
  t.true(received.equals(bytes));
  t.is(sizes.at(-1), bytes.length);
});

test('the same folder gives the same zip', async (t) => {
  const { folder } = await makeBundle('twice');
  const zip = () => concat(zipFolder(folder, 'twice'));
  t.true((await zip()).equals(await zip()));
});

test('a linked file is sent as the file it leads to', async (t) => {
  const { folder } = await makeBundle('linked');
  await symlink(join(folder, 'models', 'model.onnx'), join(folder, 'models', 'latest.onnx'));
  const file = join(root, 'linked.zip');
  await writeFile(file, await concat(zipFolder(folder, 'linked')));
  const files = await readZip(file);
  t.true(files['linked/models/latest.onnx']!.equals(files['linked/models/model.onnx']!));
});

test('what stands in the way of a bundle is said as the host says it', async (t) => {
  const wire = await openWire(t);
  const client = await openClient(t, wire.address);
  const { folder } = await makeBundle('refused');
  wire.catalog.onDeploy = async () => {
    throw new InvalidBundle({ file: 'configs/inference.json', key: 'preprocessing' }, 'there is none.');
  };
  const error = await t.throwsAsync(client.deploy('refused', folder), { instanceOf: VoxhostError });
  t.is(error.reason, 'INVALID_BUNDLE');
  t.deepEqual(error.metadata, { file: 'configs/inference.json', key: 'preprocessing' });
});

test('what is neither a folder nor a zip is refused before anything is sent', async (t) => {
  const client = await openClient(t, (await openWire(t)).address);
  for (const bundle of [join(root, 'nothing'), new URL(import.meta.url).pathname]) {
    const error = await t.throwsAsync(client.deploy('x', bundle));
    t.true(error instanceof InvalidArgument);
    t.regex(error.message, /expected a folder as MONAI lays it out, its \.zip, or a network of torch\.jit\.save/);
  }
});

test('an undeployed workflow is gone', async (t) => {
  const client = await openClient(t, (await openWire(t)).address);
  await client.undeploy('brain');
  t.deepEqual(await client.workflows(), []);
});
