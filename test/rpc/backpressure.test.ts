// Readers that stand still: the producer stops, and is let go when the caller gives up.
import { status } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import { READ_CHUNK_BYTES } from '../../server/rpc/read-chunks.js';
import { until } from '../fixtures/until.js';
import { ask, failed, next, send } from './rooms/calls.js';
import { openWire } from './rooms/open-wire.js';
import { noise, uploadOf } from './rooms/volumes.js';

const VOLUME_BYTES = 2 ** 26;

/** A host that counts what is read of its store, with one large volume in it. */
async function openCounting(t: ExecutionContext) {
  const counts = { chunks: 0, open: 0 };
  const wire = await openWire(t, {
    wrapStore: (real) => ({
      ...real,
      async *readVolume(...args) {
        counts.open++;
        try {
          for await (const chunk of real.readVolume(...args)) {
            counts.chunks++;
            yield chunk;
          }
        } finally {
          counts.open--;
        }
      },
    }),
  });
  const { volume } = await send(wire.volumes, 'writeVolume', uploadOf(noise(VOLUME_BYTES), { chunkBytes: 2 ** 20 }));
  return { ...wire, counts, name: volume!.name };
}

test('a reader that never reads on stops the reading of the volume after a few MiB', async (t) => {
  const { volumes, counts, name } = await openCounting(t);
  const call = volumes.readVolume({ name });
  call.on('error', () => {});
  await next(call);
  // An upload of the same size over the same connection gives the producer every chance to go on.
  await send(volumes, 'writeVolume', uploadOf(noise(VOLUME_BYTES), { chunkBytes: 2 ** 20 }));
  const readBytes = counts.chunks * READ_CHUNK_BYTES;
  t.true(readBytes > 0 && readBytes <= 2 ** 24, `${readBytes} bytes were read`);
  call.cancel();
  await until(() => counts.open === 0);
});

test('a reader that stands still until its deadline is let go, though nothing more can be sent to it', async (t) => {
  const { volumes, counts, name } = await openCounting(t);
  const call = volumes.readVolume({ name }, { deadline: Date.now() + 5_000 });
  const failure = failed(new Promise((_, reject) => call.once('error', reject)));
  // grpc-js takes all that comes until it was first asked for a message, and no more than it has room for after that.
  await next(call);
  await until(() => counts.open === 0);
  t.true(counts.chunks * READ_CHUNK_BYTES < VOLUME_BYTES, 'the volume was not read to its end');
  call.resume();
  t.is((await failure).code, status.DEADLINE_EXCEEDED);
});

test('a sender is not read faster than the store writes', async (t) => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let writes = 0;
  const { volumes } = await openWire(t, {
    wrapStore: (real) => ({
      ...real,
      async openUpload(...args) {
        const upload = await real.openUpload(...args);
        return {
          ...upload,
          async write(offsetBytes, bytes) {
            writes++;
            await gate;
            await upload.write(offsetBytes, bytes);
          },
        };
      },
    }),
  });
  const bytes = noise(VOLUME_BYTES);
  let sent = 0;
  const messages = uploadOf(bytes, { chunkBytes: 2 ** 20 });
  const counted = (function* () {
    for (const message of messages) {
      sent++;
      yield message;
    }
  })();
  const uploaded = send(volumes, 'writeVolume', counted);
  await until(() => writes === 1);
  for (let count = 0; count < 20; count++) await ask(volumes, 'findMissingVolumes', { keys: [] });
  t.is(writes, 1, 'one chunk at a time');
  t.true(sent <= 30, `the client was stopped after ${sent} messages`);
  open();
  t.is((await uploaded).volume?.sizeBytes, bytes.length);
});
