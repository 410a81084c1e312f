// HTTP/2 receive windows: how much a client may send before it hears from the host.
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import type { Log } from '../log.js';

/** For each stream and for the whole connection: a gigabit link at 60 ms of round trip is full with it. */
export const WINDOW_BYTES = 8 * 2 ** 20;

/**
 * Widens the windows of every connection that the server will get. Call it when its HTTP/2 servers are made and none
 * has a connection.
 *
 * grpc-js 1.14 reads `grpc-node.flow_control_window` in clients alone, so a server is left with the 64 KiB of HTTP/2:
 * one upload at 20 ms of round trip gets 2 MB/s. This reaches for its private map of HTTP/2 servers; when a grpc-js
 * without it comes, the host works on, slower over distance, and says so. grpc-node#3058 would make this one option.
 */
export function widenWindows(server: Server, windowBytes: number, log: Log): void {
  const { http2Servers } = server as unknown as { http2Servers?: Map<Http2Server, unknown> };
  if (!(http2Servers instanceof Map) || http2Servers.size === 0) {
    log.warn('This version of grpc-js hides its HTTP/2 servers: uploads from far away will be slow.');
    return;
  }
  const widen = (session: ServerHttp2Session): void => {
    // Both: a stream's window is of no use beyond that of its connection, which SETTINGS does not change.
    session.settings({ initialWindowSize: windowBytes });
    session.setLocalWindowSize(windowBytes);
  };
  for (const http2Server of http2Servers.keys()) http2Server.on('session', widen);
}
