// Messages both ways.
import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import { type CallContext, openCall } from './call-context.js';
import { readMessages } from './read-messages.js';
import type { ToStatus } from './status.js';
import { writeResponses } from './write-responses.js';

/** Its `finally` blocks run when the caller goes away, as soon as it next awaits something that heeds the signal. */
export type BidiHandler<Request, Response> = (
  requests: AsyncIterable<Request>,
  context: CallContext,
) => AsyncIterable<Response>;

export function bidiCall<Request, Response>(
  handler: BidiHandler<Request, Response>,
  toStatus: ToStatus,
): handleBidiStreamingCall<Request, Response> {
  return async (call) => {
    const { context, close } = openCall(call);
    try {
      const requests = readMessages<Request>(call, context.signal);
      await writeResponses(call, handler(requests, context), context.signal);
      call.end();
    } catch (error) {
      call.emit('error', toStatus(error, context.method));
    } finally {
      close();
    }
  };
}
