// The messages of a call, pulled one by one: what is not asked for stays with the client.
import type { Readable } from 'node:stream';
import { assertWellFormed } from './well-formed.js';

/**
 * Reads until the client has said that it sends no more, which says nothing about why: a call that is cut ends the same
 * way, so only an explicit last message completes anything. Leaves the call open when the reader leaves early; Node's
 * own iterator would destroy it, and with it the status.
 * @throws the signal's reason; InvalidArgument for a message that is not one.
 */
export async function* readMessages<T>(call: Readable, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  readAhead(call, 1);
  let wake = (): void => {};
  const onEvent = (): void => wake();
  call.on('readable', onEvent);
  call.on('end', onEvent);
  signal.addEventListener('abort', onEvent);
  try {
    while (true) {
      signal.throwIfAborted();
      const message = call.read() as T | null;
      if (message !== null) {
        assertWellFormed(message);
        yield message;
      } else if (call.readableEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    call.off('readable', onEvent);
    call.off('end', onEvent);
    signal.removeEventListener('abort', onEvent);
  }
}

/**
 * Bounds the messages that are decoded before they are asked for: Node's streams of objects read 16 ahead, which are 8
 * to 64 MiB of voxels an upload. grpc-js 1.14 makes the stream itself and takes no option for it; should Node ever hide
 * this field, reading ahead is all that comes back.
 */
function readAhead(call: Readable, messages: number): void {
  const state = (call as unknown as { _readableState?: { highWaterMark?: number } })._readableState;
  if (state?.highWaterMark !== undefined) state.highWaterMark = messages;
}
