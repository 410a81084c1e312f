// VolumeService: volumes in and out of the store.
import type { VolumeServiceHandlers } from '../../proto/generated/voxhost/v1/VolumeService.js';
import { InvalidArgument } from '../errors.js';
import type { Volume } from '../volumes/store.js';
import type { Calls } from './calls.js';
import { readChunks } from './read-chunks.js';
import { createUploadReceiver } from './receive-upload.js';
import type { Rooms } from './rooms.js';
import { bytesFromWire, headerToWire, volumeKeyFromWire, volumeToWire } from './volumes-wire.js';

const MAX_KEYS = 1000;

export function createVolumeService(calls: Calls, { store, config }: Rooms): VolumeServiceHandlers {
  return {
    WriteVolume: calls.clientStreaming(async (requests) => {
      const receiver = createUploadReceiver(store, config);
      try {
        for await (const request of requests) {
          const volume = await receiver.take(request);
          if (volume) return { volume: volumeToWire(volume) };
        }
        throw new InvalidArgument('message', 'the end of the stream', 'finish', { reason: 'UNFINISHED_UPLOAD' });
      } finally {
        await receiver.release();
      }
    }),

    QueryWrite: calls.unary(({ uploadId }) => {
      const { committedBytes, volume } = store.queryUpload(uploadId);
      return { committedBytes, volume: volume ? volumeToWire(volume) : null };
    }),

    FindMissingVolumes: calls.unary(async ({ keys }) => {
      if (keys.length > MAX_KEYS) throw new InvalidArgument('keys', `${keys.length} keys`, `at most ${MAX_KEYS}`);
      const asked = keys.map((key, index) => volumeKeyFromWire(key, `keys[${index}]`));
      const present: Volume[] = [];
      const missing: typeof asked = [];
      for (const key of asked) {
        const volume = await store.findVolume(key.header, key.sha256);
        if (volume) present.push(volume);
        else missing.push(key);
      }
      return {
        missing: missing.map(({ header, sha256 }) => ({ header: headerToWire(header), sha256 })),
        present: present.map(volumeToWire),
      };
    }),

    ReadVolume: calls.serverStreaming(async function* (request, { signal }) {
      const offsetBytes = bytesFromWire(request.offsetBytes, 'offset_bytes');
      const limitBytes = bytesFromWire(request.limitBytes, 'limit_bytes');
      const volume = store.getVolume(request.name);
      yield* readChunks(store, volume, { offsetBytes, limitBytes }, request.acceptEncodings, signal);
    }),

    GetVolume: calls.unary(({ name }) => volumeToWire(store.getVolume(name))),

    DeleteVolume: calls.unary(async ({ name }) => {
      await store.deleteVolume(name);
      return {};
    }),
  };
}
