// The call kinds as promises and async iterators: signals cancel, errors come back as VoxhostError.
import type { ClientUnaryCall, CallOptions as GrpcOptions, Metadata, requestCallback } from '@grpc/grpc-js';
import type { Channel } from './channel.js';
import { cancelled, fromServiceError, isLostConnection } from './errors.js';
import type { CallOptions } from './types.js';
import { MAX_ATTEMPTS, waitBeforeRetry } from './wait.js';

/** How long a call that only asks may take. */
const UNARY_TIMEOUT_MS = 60_000;

/** A generated unary method, seen through the last of its overloads. */
type Unary<Request, Response> = (request: Request, callback: requestCallback<Response>) => ClientUnaryCall;
type RequestOf<Method> = Method extends Unary<infer Request, infer _> ? Request : never;
type ResponseOf<Method> = Method extends Unary<infer _, infer Response> ? Response : never;

/** One request, one response. `timeoutMs` is Infinity for a call that waits for work. */
export function callUnary<Client, Method extends keyof Client>(
  channel: Channel,
  client: Client,
  method: Method,
  request: RequestOf<Client[Method]>,
  { signal, timeoutMs = UNARY_TIMEOUT_MS }: CallOptions & { timeoutMs?: number } = {},
): Promise<ResponseOf<Client[Method]>> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled(signal));
    const open = client[method] as (
      request: unknown,
      metadata: Metadata,
      options: GrpcOptions,
      callback: requestCallback<ResponseOf<Client[Method]>>,
    ) => ClientUnaryCall;
    const options = Number.isFinite(timeoutMs) ? { deadline: Date.now() + timeoutMs } : {};
    const call = open.call(client, request, channel.metadata, options, (error, response) => {
      signal?.removeEventListener('abort', onAbort);
      if (error) reject(fromServiceError(error, channel.protocol, channel.address, signal));
      else resolve(response!);
    });
    const onAbort = () => call.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * One request, one response, asked again while the connection is lost: for what may be asked twice. That a proxy has cut
 * a quiet connection, or that a host was started anew, shows only in the next call, which then makes a new connection.
 * @throws VoxhostError UNAVAILABLE after several attempts; Cancelled at once when the signal aborts
 */
export async function callUnaryAgain<Client, Method extends keyof Client>(
  channel: Channel,
  client: Client,
  method: Method,
  request: RequestOf<Client[Method]>,
  options: CallOptions = {},
): Promise<ResponseOf<Client[Method]>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callUnary(channel, client, method, request, options);
    } catch (error) {
      if (!isLostConnection(error) || attempt >= MAX_ATTEMPTS) throw error;
      await waitBeforeRetry(attempt, options.signal);
    }
  }
}

/** A call that is being read. */
export interface ReadableCall<Response> extends AsyncIterable<Response> {
  cancel(): void;
}

/** Reads a streaming call to its end. Leaving the loop early, or the signal, cancels it. */
export async function* readCall<Response>(
  channel: Channel,
  open: () => ReadableCall<Response>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Response, void, undefined> {
  if (signal?.aborted) throw cancelled(signal);
  const call = open();
  const onAbort = () => call.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    yield* call;
  } catch (error) {
    throw fromServiceError(error, channel.protocol, channel.address, signal);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    call.cancel();
  }
}
