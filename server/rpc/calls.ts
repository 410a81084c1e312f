// The four kinds of calls, ready for handlers: what a service file is written with.
import { type BidiHandler, bidiCall } from './bidi-call.js';
import { type ClientStreamingHandler, clientStreamingCall } from './client-streaming-call.js';
import { type ServerStreamingHandler, serverStreamingCall } from './server-streaming-call.js';
import type { ToStatus } from './status.js';
import { type UnaryHandler, unaryCall } from './unary-call.js';

export type Calls = ReturnType<typeof createCalls>;

/** Every handler made with these ends its call with `toStatus` of what it throws. */
export function createCalls(toStatus: ToStatus) {
  return {
    unary: <Request, Response>(handler: UnaryHandler<Request, Response>) => unaryCall(handler, toStatus),
    clientStreaming: <Request, Response>(handler: ClientStreamingHandler<Request, Response>) =>
      clientStreamingCall(handler, toStatus),
    serverStreaming: <Request, Response>(handler: ServerStreamingHandler<Request, Response>) =>
      serverStreamingCall(handler, toStatus),
    bidi: <Request, Response>(handler: BidiHandler<Request, Response>) => bidiCall(handler, toStatus),
  };
}
