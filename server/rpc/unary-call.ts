// One request, one answer.
import type { handleUnaryCall } from '@grpc/grpc-js';
import { type CallContext, openCall } from './call-context.js';
import type { ToStatus } from './status.js';
import { assertWellFormed } from './well-formed.js';

export type UnaryHandler<Request, Response> = (request: Request, context: CallContext) => Response | Promise<Response>;

export function unaryCall<Request, Response>(
  handler: UnaryHandler<Request, Response>,
  toStatus: ToStatus,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    const { context, close } = openCall(call);
    try {
      assertWellFormed(call.request);
      callback(null, await handler(call.request, context));
    } catch (error) {
      callback(toStatus(error, context.method));
    } finally {
      close();
    }
  };
}
