// One upload, message by message: `header`, chunks in order, `finish`. For WriteVolume and for each input of Predict.
import type { WriteVolumeRequest__Output } from '../../proto/generated/voxhost/v1/WriteVolumeRequest.js';
import { InvalidArgument, LimitExceeded } from '../errors.js';
import { COMPONENT_BYTES, type VolumeHeader } from '../imaging/volume-header.js';
import { decodeChunk } from '../streams/chunk-encoding.js';
import type { Upload, Volume, VolumeStore } from '../volumes/store.js';
import { bytesFromWire, headerFromWire, sha256FromWire } from './volumes-wire.js';

export interface UploadReceiver {
  /** Takes the next message; resolves with the volume after `finish`. @throws as WriteVolume's Errors say */
  take(message: WriteVolumeRequest__Output): Promise<Volume | undefined>;
  /** Lets go of an upload that is not finished; the store keeps it for resuming when it has an id. */
  release(): Promise<void>;
}

/**
 * @param field the message's path, with its dot, for errors
 * @param early whether the volume is wanted as soon as it can be read, sooner than the next start of the host would find it
 */
export function createUploadReceiver(
  store: VolumeStore,
  limits: { readonly maxChunkBytes: number },
  field = '',
  early = false,
): UploadReceiver {
  let open: { readonly upload: Upload; readonly header: VolumeHeader } | undefined;

  const begin = async ({ header, chunk, finish }: WriteVolumeRequest__Output): Promise<void> => {
    if (!header) throw unexpected(field, chunk ? 'chunk' : finish ? 'finish' : 'empty', 'header first');
    const volumeHeader = headerFromWire(header.header, `${field}header.header`);
    open = { upload: await store.openUpload(header.uploadId, volumeHeader), header: volumeHeader };
  };

  const decode = async (chunk: NonNullable<WriteVolumeRequest__Output['chunk']>, header: VolumeHeader) => {
    const { data, encoding, decodedBytes } = chunk;
    const { maxChunkBytes } = limits;
    if (data.length > maxChunkBytes) {
      throw new LimitExceeded(`${field}chunk.data`, 'bytes', data.length, maxChunkBytes, 'Send smaller chunks.');
    }
    if (encoding === 'CHUNK_ENCODING_UNSPECIFIED') return data;
    if (encoding !== 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE') {
      throw new InvalidArgument(`${field}chunk.encoding`, encoding, 'one that HostInfo.chunk_encodings names');
    }
    return decodeChunk(data, decodedBytes, COMPONENT_BYTES[header.componentType], maxChunkBytes);
  };

  return {
    async take(message) {
      if (!open) {
        await begin(message);
        return undefined;
      }
      const { upload, header } = open;
      if (message.chunk) {
        await upload.write(message.chunk.offsetBytes, await decode(message.chunk, header));
        return undefined;
      }
      if (!message.finish) throw unexpected(field, message.header ? 'header' : 'empty', 'chunk or finish');
      const sent = {
        sizeBytes: bytesFromWire(message.finish.sizeBytes, `${field}finish.size_bytes`),
        sha256: sha256FromWire(message.finish.sha256, `${field}finish.sha256`),
      };
      if (!early) return upload.finish(sent);
      return new Promise((resolve, reject) => {
        upload.finish(sent, resolve).then(resolve, reject);
      });
    },
    async release() {
      await open?.upload.release();
    },
  };
}

function unexpected(field: string, got: string, expected: string): InvalidArgument {
  return new InvalidArgument(`${field}message`, got, expected, { reason: 'UNEXPECTED_MESSAGE' });
}
