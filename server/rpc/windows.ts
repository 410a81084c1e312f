// HTTP/2 receive windows: how much a client may send before it hears from the host.
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import type { Log } from '../log.js';
import { isLoopback } from './check-exposure.js';

/** For each stream and for the whole connection: a gigabit link at 60 ms of round trip is full with it. */
export const WINDOW_BYTES = 8 * 2 ** 20;

/** For a connection from this machine while uploads share the event loop: other calls wait behind what they send ahead. */
export const SHARED_WINDOW_BYTES = 2 ** 18;

/** A local connection whose ping takes longer is a tunnel from afar. Between busy processes pings take 2 to 10 ms. */
const NEAR_MS = 15;

/** Calls that carry volumes to the host. */
const UPLOADS = new Set(['/voxhost.v1.VolumeService/WriteVolume', '/voxhost.v1.RunService/Predict']);

/**
 * Widens the windows of every connection that the server will get, and narrows those from this machine while two or more
 * uploads are under way. Call it when its HTTP/2 servers are made and none has a connection.
 *
 * grpc-js 1.14 reads `grpc-node.flow_control_window` in clients alone, so a server is left with the 64 KiB of HTTP/2:
 * one upload at 20 ms of round trip gets 2 MB/s. This reaches for its private map of HTTP/2 servers; when a grpc-js
 * without it comes, the host works on, slower over distance, and says so. grpc-node#3058 would widen with one option.
 */
export function manageWindows(server: Server, log: Log): void {
  const { http2Servers } = server as unknown as { http2Servers?: Map<Http2Server, unknown> };
  if (!(http2Servers instanceof Map) || http2Servers.size === 0) {
    log.warn('This version of grpc-js hides its HTTP/2 servers: uploads from far away will be slow.');
    return;
  }
  const near = new Set<ServerHttp2Session>();
  let uploads = 0;
  const setWindow = (session: ServerHttp2Session): void => {
    if (!session.destroyed) session.setLocalWindowSize(uploads > 1 ? SHARED_WINDOW_BYTES : WINDOW_BYTES);
  };
  const count = (change: 1 | -1): void => {
    const wereShared = uploads > 1;
    uploads += change;
    if (uploads > 1 !== wereShared) for (const session of near) setWindow(session);
  };
  const findOutHowFar = (session: ServerHttp2Session): void => {
    if (near.has(session) || session.destroyed || !isFromHere(session)) return;
    session.ping((error, roundTripMs) => {
      if (error || roundTripMs >= NEAR_MS || session.destroyed) return;
      near.add(session);
      setWindow(session);
    });
  };
  const onSession = (session: ServerHttp2Session): void => {
    // Both: a stream's window is of no use beyond that of its connection, which SETTINGS does not change.
    session.settings({ initialWindowSize: WINDOW_BYTES });
    session.setLocalWindowSize(WINDOW_BYTES);
    session.once('close', () => near.delete(session));
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      if (!UPLOADS.has(headers[':path'] ?? '')) return;
      count(1);
      stream.once('close', () => count(-1));
      // Asked again at each upload: one slow answer of a busy client does not make it a far one.
      findOutHowFar(session);
    });
    findOutHowFar(session);
  };
  for (const http2Server of http2Servers.keys()) http2Server.on('session', onSession);
}

/** A Unix socket has no address. */
function isFromHere({ socket: { remoteAddress } }: ServerHttp2Session): boolean {
  return remoteAddress === undefined || isLoopback(remoteAddress);
}
