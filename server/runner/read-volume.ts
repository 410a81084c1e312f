// Reads a volume's file into memory.
import { open } from 'node:fs/promises';
import { OperatorFailed } from '../errors.js';
import { type Threads, WORTH_SHARING_BYTES } from '../imaging/threads.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';

/** Bytes asked of the file at a time: one read cannot give more than 2 GiB. */
const READ_BYTES = 256 * 2 ** 20;

/** All bytes of a volume, where the threads see them if it is large. @throws OperatorFailed (DATA_LOSS) when the file is not as long as the header says. */
export async function readVolume(file: string, header: VolumeHeader, threads: Threads): Promise<Uint8Array> {
  const size = headerSizeBytes(header);
  const bytes = size < WORTH_SHARING_BYTES ? new Uint8Array(size) : threads.zeros(Uint8Array, size);
  const handle = await open(file, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(READ_BYTES, bytes.length - done), done);
      if (bytesRead === 0) {
        const message = `the volume's file ends after ${done} of ${bytes.length} bytes`;
        throw new OperatorFailed('read', 'read', message, { code: 'DATA_LOSS' });
      }
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
