// Answers of a stream, written one by one as the client takes them.
import type { Writable } from 'node:stream';
import { writeWithBackpressure } from '../streams/write-with-backpressure.js';

/** Writes all; the producer stands still while the client does. @throws what the producer throws; the signal's reason. */
export async function writeResponses<T>(
  call: Pick<Writable, 'write' | 'on' | 'off'>,
  responses: AsyncIterable<T>,
  signal: AbortSignal,
): Promise<void> {
  for await (const response of responses) await writeWithBackpressure(call, response, signal);
}
