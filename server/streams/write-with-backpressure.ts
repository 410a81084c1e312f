// Writing no faster than the other side reads.
import type { EventEmitter } from 'node:events';
import { Cancelled } from '../errors.js';

/** What is needed of a writable stream: Node's, and gRPC's calls, have it. */
export interface DrainingWritable<T> extends Pick<EventEmitter, 'on' | 'off'> {
  write(chunk: T): boolean;
}

/**
 * Writes one chunk and resolves when the next may come: at once, or with the stream's 'drain'.
 * @throws the signal's reason when it aborts; the stream's error; Cancelled when the stream closes before it drains.
 *   Nothing is written when the signal has aborted already.
 */
export async function writeWithBackpressure<T>(
  writable: DrainingWritable<T>,
  chunk: T,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  if (!writable.write(chunk)) await drained(writable, signal);
}

function drained<T>(writable: DrainingWritable<T>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      writable.off('drain', onDrain);
      writable.off('error', onError);
      writable.off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const onDrain = (): void => settle(resolve);
    const onError = (error: unknown): void => settle(() => reject(error));
    const onClose = (): void => settle(() => reject(new Cancelled('The other side closed the stream.')));
    const onAbort = (): void => settle(() => reject(signal?.reason));
    writable.on('drain', onDrain);
    writable.on('error', onError);
    writable.on('close', onClose);
    signal?.addEventListener('abort', onAbort);
  });
}
