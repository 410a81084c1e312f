// Many messages from the client, one answer. The answer may come before the last message: it ends the call.
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import { type CallContext, openCall } from './call-context.js';
import { readMessages } from './read-messages.js';
import type { ToStatus } from './status.js';

export type ClientStreamingHandler<Request, Response> = (
  requests: AsyncIterable<Request>,
  context: CallContext,
) => Promise<Response>;

export function clientStreamingCall<Request, Response>(
  handler: ClientStreamingHandler<Request, Response>,
  toStatus: ToStatus,
): handleClientStreamingCall<Request, Response> {
  return async (call, callback) => {
    const { context, close } = openCall(call);
    try {
      callback(null, await handler(readMessages<Request>(call, context.signal), context));
    } catch (error) {
      callback(toStatus(error, context.method));
    } finally {
      close();
    }
  };
}
