// Reads a volume's file into memory.
import { open } from 'node:fs/promises';
import { OperatorFailed } from '../errors.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';

/** Bytes asked of the file at a time: one read cannot give more than 2 GiB. */
const READ_BYTES = 256 * 2 ** 20;

/** All bytes of a volume. @throws OperatorFailed (DATA_LOSS) when the file is not as long as the header says. */
export async function readVolume(file: string, header: VolumeHeader): Promise<Uint8Array> {
  const bytes = new Uint8Array(headerSizeBytes(header));
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
