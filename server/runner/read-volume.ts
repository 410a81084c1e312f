// Reads a volume's file into memory. Nothing else is to be done meanwhile, so it waits for the file itself: handing a read to
// another thread and hearing of its end takes longer than reading a small volume.
import { closeSync, openSync, readSync } from 'node:fs';
import { OperatorFailed } from '../errors.js';
import { type Threads, WORTH_SHARING_BYTES } from '../imaging/threads.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';

/** Bytes asked of the file at a time, about a tenth of a second of a fast disk's. */
const READ_BYTES = 64 * 2 ** 20;

/**
 * All bytes of a volume, where the threads see them if it is large. `checkpoint` is called between reads and throws to stop.
 * @throws OperatorFailed (DATA_LOSS) when the file is not as long as the header says
 */
export async function readVolume(
  file: string,
  header: VolumeHeader,
  threads: Threads,
  checkpoint: () => Promise<void>,
): Promise<Uint8Array> {
  const size = headerSizeBytes(header);
  const bytes = size < WORTH_SHARING_BYTES ? new Uint8Array(size) : threads.zeros(Uint8Array, size);
  const descriptor = openSync(file, 'r');
  try {
    for (let done = 0; done < bytes.length; ) {
      if (done > 0) await checkpoint();
      const read = readSync(descriptor, bytes, done, Math.min(READ_BYTES, bytes.length - done), done);
      if (read === 0) {
        const message = `the volume's file ends after ${done} of ${bytes.length} bytes`;
        throw new OperatorFailed('read', 'read', message, { code: 'DATA_LOSS' });
      }
      done += read;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
