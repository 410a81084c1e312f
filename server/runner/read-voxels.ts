// Reads a volume's file into typed memory.
import { open } from 'node:fs/promises';
import { OperatorFailed } from '../errors.js';
import type { VoxelArray } from '../imaging/image.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';
import { voxelsOfBytes } from './component-arrays.js';

/** Bytes asked of the file at a time: one read cannot give more than 2 GiB. */
const READ_BYTES = 256 * 2 ** 20;

/**
 * All components of a volume in file order. 64-bit integers become float64, as an image holds them.
 * @throws OperatorFailed when the file is not as long as the header says.
 */
export async function readVoxels(file: string, header: VolumeHeader): Promise<VoxelArray> {
  const sizeBytes = headerSizeBytes(header);
  const buffer = new ArrayBuffer(sizeBytes);
  const handle = await open(file, 'r');
  try {
    let done = 0;
    while (done < sizeBytes) {
      const part = new Uint8Array(buffer, done, Math.min(READ_BYTES, sizeBytes - done));
      const { bytesRead } = await handle.read(part, 0, part.length, done);
      if (bytesRead === 0) {
        throw new OperatorFailed('read', 'read', `the volume's file ends after ${done} of ${sizeBytes} bytes`, {
          code: 'DATA_LOSS',
        });
      }
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return voxelsOfBytes(buffer, header.componentType);
}
