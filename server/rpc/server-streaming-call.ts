// One request, many answers, no faster than the client reads them.
import type { handleServerStreamingCall } from '@grpc/grpc-js';
import { type CallContext, openCall } from './call-context.js';
import type { ToStatus } from './status.js';
import { assertWellFormed } from './well-formed.js';
import { writeResponses } from './write-responses.js';

/** Its `finally` blocks run when the caller goes away, as soon as it next awaits something that heeds the signal. */
export type ServerStreamingHandler<Request, Response> = (
  request: Request,
  context: CallContext,
) => AsyncIterable<Response>;

export function serverStreamingCall<Request, Response>(
  handler: ServerStreamingHandler<Request, Response>,
  toStatus: ToStatus,
): handleServerStreamingCall<Request, Response> {
  return async (call) => {
    const { context, close } = openCall(call);
    try {
      assertWellFormed(call.request);
      await writeResponses(call, handler(call.request, context), context.signal);
      call.end();
    } catch (error) {
      call.emit('error', toStatus(error, context.method));
    } finally {
      close();
    }
  };
}
