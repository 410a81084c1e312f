// How fast the volume store takes and gives bytes, beside what the machine can do at all: ratios, in one run.
// node --import=tsx benchmarks/store.ts [MiB]
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { VolumeHeader } from '../server/imaging/volume-header.js';
import { silentLog } from '../server/log.js';
import { openVolumeStore } from '../server/volumes/open-volume-store.js';

const MIB = 2 ** 20;
const ROUNDS = 5;
const mebibytes = Number(process.argv[2] ?? 512);
const chunk = Buffer.alloc(MIB);
for (let at = 0; at < chunk.length; at++) chunk[at] = (at * 2_654_435_761) >>> 24;
const digest = createHash('sha256');
for (let count = 0; count < mebibytes; count++) digest.update(chunk);
const sha256 = digest.digest('hex');
const header: VolumeHeader = {
  sizes: [1024, 1024, mebibytes],
  componentType: 'uint8',
  components: 1,
  indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
  modality: '',
};

const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
const store = await openVolumeStore({
  folder: join(folder, 'store'),
  quotaBytes: 2 ** 40,
  maxVolumeBytes: 2 ** 40,
  uploadExpiryMs: 60_000,
  log: silentLog,
});

async function appendToFile(hash?: ReturnType<typeof createHash>): Promise<void> {
  const file = join(folder, 'plain');
  const handle = await open(file, 'w');
  for (let count = 0; count < mebibytes; count++) {
    hash?.update(chunk);
    await handle.write(chunk, 0, MIB, count * MIB);
  }
  await handle.close();
  hash?.digest('hex');
  await rm(file);
}

async function uploadToStore(): Promise<string> {
  const upload = await store.openUpload('', header);
  for (let count = 0; count < mebibytes; count++) await upload.write(count * MIB, chunk);
  return (await upload.finish({ sizeBytes: mebibytes * MIB, sha256 })).name;
}

async function readFromFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  for (let count = 0; count < mebibytes; count++) await handle.read(Buffer.allocUnsafeSlow(MIB), 0, MIB, count * MIB);
  await handle.close();
}

async function readFromStore(name: string): Promise<void> {
  const range = { offsetBytes: 0, limitBytes: 0, chunkBytes: MIB };
  for await (const _ of store.readVolume(name, range, new AbortController().signal));
}

/** Milliseconds, and how long the event loop stood still at most (99 of 100 times). */
async function measure(work: () => unknown): Promise<{ ms: number; delayMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  delay.disable();
  return { ms, delayMs: delay.percentile(99) / 1e6 };
}

const name = await uploadToStore();
const { file } = store.getVolume(name);
await store.deleteVolume(name);
const cases: Record<string, () => unknown> = {
  'append to a file': () => appendToFile(),
  'SHA-256 alone, one thread': () => {
    const hash = createHash('sha256');
    for (let count = 0; count < mebibytes; count++) hash.update(chunk);
    hash.digest();
  },
  'append and hash on the event loop': () => appendToFile(createHash('sha256')),
  'upload into the store': uploadToStore,
  'read from a file': () => readFromFile(file),
  'read from the store': () => readFromStore(name),
};
const results = new Map<string, { ms: number; delayMs: number }[]>(Object.keys(cases).map((title) => [title, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [title, work] of Object.entries(cases)) {
    results.get(title)!.push(await measure(work));
    if (title === 'read from the store') await store.deleteVolume(name);
  }
}
await store.close();
await rm(folder, { recursive: true });

const best = (title: string, key: 'ms' | 'delayMs') => Math.min(...results.get(title)!.map((one) => one[key]));
const baseline = (title: string) => (title.startsWith('read') ? 'read from a file' : 'append to a file');
console.log(`${mebibytes} MiB in chunks of 1 MiB, the best of ${ROUNDS} rounds\n`);
console.log('| what | speed against the plain file | MB/s | event loop delay, p99 |\n|---|---|---|---|');
for (const title of results.keys()) {
  const ratio = best(baseline(title), 'ms') / best(title, 'ms');
  const speed = (mebibytes * MIB) / 1e3 / best(title, 'ms');
  console.log(`| ${title} | ${ratio.toFixed(2)} | ${speed.toFixed(0)} | ${best(title, 'delayMs').toFixed(1)} ms |`);
}
