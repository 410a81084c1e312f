// The call kind of uploads: many messages out with backpressure, one answer back, which may come early.
import type { ClientWritableStream, requestCallback } from '@grpc/grpc-js';
import { linkSignals } from '../../server/streams/linked-signals.js';
import { writeWithBackpressure } from '../../server/streams/write-with-backpressure.js';
import type { Channel } from './channel.js';
import { cancelled, fromServiceError } from './errors.js';

/** Sends one message; resolves when the next may be sent, rejects when the host has answered or the caller aborted. */
export type Send<Request> = (message: Request) => Promise<void>;

/**
 * Opens a call, lets `write` send its messages, and resolves with the host's answer.
 * @throws the host's refusal, rather than the broken stream that follows from it; what `write` throws by itself;
 *   Cancelled when the signal aborts.
 */
export async function callClientStreaming<Request, Response>(
  channel: Channel,
  open: (callback: requestCallback<Response>) => ClientWritableStream<Request>,
  write: (send: Send<Request>) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (signal?.aborted) throw cancelled(signal);
  const answered = new AbortController();
  const linked = linkSignals(signal, answered.signal);
  let call: ClientWritableStream<Request> | undefined;
  const answer = new Promise<Response>((resolve, reject) => {
    call = open((error, response) => (error ? reject(error) : resolve(response!)));
  });
  answer.catch(() => {}).finally(() => answered.abort());
  const onAbort = () => call!.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  let writeError: unknown;
  try {
    await write((message) => writeWithBackpressure(call!, message, linked.signal));
    call!.end();
  } catch (error) {
    if (!linked.signal.aborted) writeError = error;
    call!.cancel();
  }
  try {
    return await answer;
  } catch (error) {
    const refusal = fromServiceError(error, channel.protocol, channel.address, signal);
    // Our own cancelling above is answered with CANCELLED, which says nothing: what `write` threw does.
    throw writeError !== undefined && 'code' in refusal && refusal.code === 'CANCELLED' ? writeError : refusal;
  } finally {
    linked.cleanup();
    signal?.removeEventListener('abort', onAbort);
  }
}
