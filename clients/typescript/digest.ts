// SHA-256 of large buffers without holding up the event loop.
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';

const PIECE_BYTES = 8 * 2 ** 20;

/** 64 lower-case hexadecimal digits. Hashes a piece, lets others run, hashes the next. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    if (start > 0) await breathe();
    hash.update(bytes.subarray(start, start + PIECE_BYTES));
  }
  return hash.digest('hex');
}
