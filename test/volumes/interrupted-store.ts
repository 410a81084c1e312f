// Run as a child by recovery.test.ts: a store that is always about to finish an upload, until somebody kills it.
// Prints `finishing SHA256` before and `finished NAME` after each.
import { randomBytes } from 'node:crypto';
import { silentLog } from '../../server/log.js';
import { openVolumeStore } from '../../server/volumes/open-volume-store.js';
import { headerOf, sha256 } from './store-fixture.js';

const say = (line: string) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));
const store = await openVolumeStore({
  folder: process.argv[2]!,
  quotaBytes: 2 ** 30,
  maxVolumeBytes: 2 ** 30,
  uploadExpiryMs: 60_000,
  log: silentLog,
});
while (true) {
  const bytes = randomBytes(400_000);
  const one = await store.openUpload('', headerOf(bytes.length));
  await one.write(0, bytes);
  await say(`finishing ${sha256(bytes)}`);
  const volume = await one.finish({ sizeBytes: bytes.length, sha256: sha256(bytes) });
  await say(`finished ${volume.name}`);
}
