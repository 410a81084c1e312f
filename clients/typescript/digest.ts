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

/** A digest made piece by piece while the bytes are sent. */
export interface GrowingDigest {
  /** Hashes on to `endBytes`; does nothing when it is there already. */
  advanceTo(endBytes: number): void;
  /** The digest of all bytes. */
  finish(): string;
}

/** Starts a digest of bytes that are being sent from the first to the last. */
export function createGrowingDigest(bytes: Uint8Array): GrowingDigest {
  const hash = createHash('sha256');
  let doneBytes = 0;
  let digest: string | undefined;
  const advanceTo = (endBytes: number): void => {
    if (endBytes <= doneBytes) return;
    hash.update(bytes.subarray(doneBytes, endBytes));
    doneBytes = endBytes;
  };
  return {
    advanceTo,
    finish() {
      advanceTo(bytes.length);
      digest ??= hash.digest('hex');
      return digest;
    },
  };
}
