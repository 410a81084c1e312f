// Volumes up and down, over connections that hold and connections that break.
import test from 'ava';
import { InvalidArgument, VoxhostError } from '../../../clients/typescript/index.js';
import type { VolumeStore } from '../../../server/volumes/store.js';
import { until } from '../../fixtures/until.js';
import { openWire } from '../../rpc/rooms/open-wire.js';
import { sha256Of } from '../../rpc/rooms/volumes.js';
import { openCuttingProxy } from './cutting-proxy.js';
import { noiseImage, openClient, rampImage } from './images.js';

/** Notes where each write to the store begins and how long it is. */
function watchWrites() {
  const writes: { offsetBytes: number; sizeBytes: number }[] = [];
  const wrapStore = (store: VolumeStore): VolumeStore => ({
    ...store,
    async openUpload(uploadId, header) {
      const upload = await store.openUpload(uploadId, header);
      return {
        get committedBytes() {
          return upload.committedBytes;
        },
        async write(offsetBytes, bytes) {
          await upload.write(offsetBytes, bytes);
          writes.push({ offsetBytes, sizeBytes: bytes.length });
        },
        finish: (sent) => upload.finish(sent),
        release: () => upload.release(),
      };
    },
  });
  return { writes, wrapStore };
}

test('an image comes back byte for byte, with its geometry to the last bit', async (t) => {
  const client = await openClient(t, (await openWire(t)).address);
  const image = noiseImage(3);
  const progress: number[] = [];
  const volume = await client.upload(image, { onProgress: ({ doneBytes }) => progress.push(doneBytes) });
  t.is(volume.sha256, sha256Of(image.voxels));
  t.deepEqual(volume.header, image.header);
  t.is(progress.at(-1), image.voxels.length);
  t.deepEqual(
    progress,
    [...progress].sort((a, b) => a - b),
  );
  const back = await client.download(volume);
  t.deepEqual(back.header, image.header);
  t.true(Buffer.from(image.voxels).equals(back.voxels));
});

test('an image that is there already is not sent again', async (t) => {
  const { writes, wrapStore } = watchWrites();
  const client = await openClient(t, (await openWire(t, { wrapStore })).address);
  const image = noiseImage(2);
  const first = await client.upload(image);
  const sent = writes.length;
  t.true(sent > 0);
  t.deepEqual(await client.upload(image), first);
  t.is(writes.length, sent);
});

test('an upload whose connection breaks twice goes on where it stopped: no byte is stored twice', async (t) => {
  const { writes, wrapStore } = watchWrites();
  const { address } = await openWire(t, { wrapStore });
  const proxy = await openCuttingProxy(t, address);
  const client = await openClient(t, proxy.address);
  const image = noiseImage(12);
  const firstCut = proxy.cutAfter(3 * 2 ** 20);
  const uploading = client.upload(image);
  await firstCut;
  await proxy.cutAfter(4 * 2 ** 20);
  const volume = await uploading;
  t.is(volume.sha256, sha256Of(image.voxels));
  t.true(proxy.connections() >= 3);
  let end = 0;
  for (const { offsetBytes, sizeBytes } of writes) {
    t.is(offsetBytes, end);
    end += sizeBytes;
  }
  t.is(end, image.voxels.length);
});

test('an upload to a host that stays away ends with UNAVAILABLE after a bounded number of attempts', async (t) => {
  const { address } = await openWire(t);
  const proxy = await openCuttingProxy(t, address);
  const client = await openClient(t, proxy.address);
  const cut = proxy.cutAfter(2 ** 20);
  const uploading = client.upload(noiseImage(8));
  await cut;
  proxy.cut({ refuse: true });
  const error = await t.throwsAsync(uploading, { instanceOf: VoxhostError });
  t.is(error.code, 'UNAVAILABLE');
});

test('a refusal of the host in the middle of an upload is what the client sees, not a broken stream', async (t) => {
  const { address } = await openWire(t, { config: { maxVolumeBytes: 2 ** 20 } });
  const client = await openClient(t, address);
  const error = await t.throwsAsync(client.upload(noiseImage(16)), { instanceOf: VoxhostError });
  t.is(error.code, 'RESOURCE_EXHAUSTED');
  t.is(error.reason, 'LIMIT_EXCEEDED');
});

test('an aborted upload ends with Cancelled, and what came is kept for nobody', async (t) => {
  const { address, store } = await openWire(t);
  const client = await openClient(t, address);
  const controller = new AbortController();
  const uploading = client.upload(noiseImage(24), {
    signal: controller.signal,
    onProgress: () => controller.abort('changed my mind'),
  });
  const error = await t.throwsAsync(uploading, { instanceOf: VoxhostError });
  t.is(error.code, 'CANCELLED');
  t.is(error.cause, 'changed my mind');
  await until(() => store.usage().usedBytes < 24 * 2 ** 20);
  t.pass();
});

test('compression sends a smooth image in a fraction of its bytes, and it arrives the same', async (t) => {
  const { address } = await openWire(t);
  const proxy = await openCuttingProxy(t, address);
  const client = await openClient(t, proxy.address);
  const image = rampImage(8);
  const before = proxy.upBytes();
  const volume = await client.upload(image, { compression: 'always' });
  t.is(volume.sha256, sha256Of(image.voxels));
  t.true(proxy.upBytes() - before < image.voxels.length / 20, `${proxy.upBytes() - before} bytes`);
});

test('voxels that are not what the header says never leave', async (t) => {
  const client = await openClient(t, (await openWire(t)).address);
  const { header, voxels } = noiseImage(1);
  const error = await t.throwsAsync(client.upload({ header, voxels: voxels.subarray(1) }));
  t.true(error instanceof InvalidArgument);
  t.is(error.message, 'voxels is "1048575 bytes", expected 1048576 bytes, as the header says.');
});

test('a download whose connection breaks goes on where it stopped', async (t) => {
  const { address } = await openWire(t);
  const image = noiseImage(16);
  const volume = await (await openClient(t, address)).upload(image);
  const proxy = await openCuttingProxy(t, address);
  const client = await openClient(t, proxy.address);
  const offsets: number[] = [];
  let cuts = 0;
  const back = await client.download(volume, {
    onProgress: ({ doneBytes }) => {
      offsets.push(doneBytes);
      if (cuts === 0 && doneBytes > 4 * 2 ** 20) {
        cuts += 1;
        proxy.cut();
      }
    },
  });
  t.true(Buffer.from(image.voxels).equals(back.voxels));
  t.is(cuts, 1);
  t.deepEqual(
    offsets,
    [...new Set(offsets)].sort((a, b) => a - b),
  );
});

test('a volume that is not there is NOT_FOUND; one that was deleted too', async (t) => {
  const client = await openClient(t, (await openWire(t)).address);
  await t.throwsAsync(client.download('f'.repeat(64)), { message: /There is no volume/ });
  const volume = await client.upload(noiseImage(1));
  t.deepEqual(await client.volume(volume.name), volume);
  await client.deleteVolume(volume.name);
  const error = await t.throwsAsync(client.volume(volume.name), { instanceOf: VoxhostError });
  t.is(error.code, 'NOT_FOUND');
});
