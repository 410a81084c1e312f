// Volumes of tests: headers, bytes, and the messages that upload them.
import { createHash, randomBytes } from 'node:crypto';
import type { VolumeHeader } from '../../../proto/generated/voxhost/v1/VolumeHeader.js';
import type { WriteVolumeRequest } from '../../../proto/generated/voxhost/v1/WriteVolumeRequest.js';

/** 2 mm voxels in LPS, their first one off the origin. */
export const MATRIX = [-2, 0, 0, 90, 0, -2, 0, 126, 0, 0, 2, -72];

/** A header of so many voxels of one byte, in rows of 16. */
export function headerOf(sizeBytes: number, change: Partial<VolumeHeader> = {}): VolumeHeader {
  return {
    sizes: [16, sizeBytes / 16, 1],
    componentType: 'COMPONENT_TYPE_UINT8',
    components: 1,
    indexToWorldLps: MATRIX,
    modality: 'MR',
    ...change,
  };
}

/** Bytes that do not compress. */
export function noise(sizeBytes: number): Buffer {
  return randomBytes(sizeBytes);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface UploadOptions {
  readonly header?: VolumeHeader;
  readonly uploadId?: string;
  readonly chunkBytes?: number;
  readonly fromByte?: number;
}

/** The messages that upload these bytes. */
export function* uploadOf(bytes: Buffer, options: UploadOptions = {}): Generator<WriteVolumeRequest> {
  const { header = headerOf(bytes.length), uploadId = '', chunkBytes = 256 * 1024, fromByte = 0 } = options;
  yield { header: { uploadId, header } };
  for (let at = fromByte; at < bytes.length; at += chunkBytes) {
    yield { chunk: { offsetBytes: at, data: bytes.subarray(at, at + chunkBytes) } };
  }
  yield { finish: { sizeBytes: bytes.length, sha256: sha256Of(bytes) } };
}
