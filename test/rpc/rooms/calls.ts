// Calls as promises, for tests: grpc-js's own clients take callbacks and events.
import {
  type CallOptions,
  type Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  Metadata,
  type requestCallback,
  type ServiceError,
} from '@grpc/grpc-js';
import { type Failure, failureOf } from './open-wire.js';

// biome-ignore-start lint/suspicious/noExplicitAny: what a generated client's overloads look like from outside
type RequestOf<Method> = Method extends (request: infer Request, callback: any) => ClientUnaryCall ? Request : never;
type ResponseOf<Method> = Method extends (request: any, callback: requestCallback<infer Response>) => ClientUnaryCall
  ? Response
  : never;
type StreamRequestOf<Method> = Method extends (callback: any) => ClientWritableStream<infer Request> ? Request : never;
type StreamResponseOf<Method> = Method extends (callback: requestCallback<infer Response>) => ClientWritableStream<any>
  ? Response
  : never;
// biome-ignore-end lint/suspicious/noExplicitAny: as above

export interface AskOptions extends CallOptions {
  readonly metadata?: Metadata;
}

/** The answer to a unary call. Rejects with grpc-js's ServiceError. */
export function ask<C extends Client, M extends keyof C>(
  client: C,
  method: M,
  request: RequestOf<C[M]>,
  { metadata, ...options }: AskOptions = {},
): Promise<ResponseOf<C[M]>> {
  return new Promise((resolve, reject) => {
    const start = (client[method] as (...args: unknown[]) => unknown).bind(client);
    start(request, metadata ?? new Metadata(), options, settle(resolve, reject));
  });
}

/** Sends messages no faster than they are taken, then says that there are no more, and resolves with the answer. */
export function send<C extends Client, M extends keyof C>(
  client: C,
  method: M,
  messages: Iterable<StreamRequestOf<C[M]>>,
  { metadata, ...options }: AskOptions = {},
): Promise<StreamResponseOf<C[M]>> {
  return new Promise((resolve, reject) => {
    const start = (client[method] as (...args: unknown[]) => unknown).bind(client);
    const call = start(metadata ?? new Metadata(), options, settle(resolve, reject));
    void writeAll(call as ClientWritableStream<StreamRequestOf<C[M]>>, messages);
  });
}

/** Writes messages no faster than they are taken, then says that there are no more. */
export async function writeAll<Request>(
  call: Pick<ClientWritableStream<Request>, 'write' | 'end' | 'once'>,
  messages: Iterable<Request>,
): Promise<void> {
  for (const message of messages) {
    if (!call.write(message)) await new Promise<void>((resolve) => call.once('drain', resolve));
  }
  call.end();
}

function settle<Response>(resolve: (response: Response) => void, reject: (error: unknown) => void) {
  return (error: ServiceError | null, response?: Response): void => {
    if (error) reject(error);
    else resolve(response!);
  };
}

/** What a call failed with. Throws when it did not fail. */
export async function failed(answer: Promise<unknown>): Promise<Failure> {
  const error = await answer.then(
    (response) => {
      throw new Error(`The call should have failed, but answered ${JSON.stringify(response)}`);
    },
    (reason: ServiceError) => reason,
  );
  return failureOf(error);
}

/** All messages of a stream. Rejects with grpc-js's ServiceError. */
export async function collect<Response>(call: ClientReadableStream<Response>): Promise<Response[]> {
  const messages: Response[] = [];
  for await (const message of call) messages.push(message as Response);
  return messages;
}

/** The next message of a stream, leaving it open. */
export function next<Response>(
  call: Pick<ClientReadableStream<Response>, 'once' | 'off' | 'pause' | 'resume'>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      call.off('data', onData);
      call.off('error', onError);
      call.off('end', onEnd);
      act();
    };
    const onData = (message: Response): void => {
      call.pause();
      settle(() => resolve(message));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onEnd = (): void => settle(() => reject(new Error('The stream ended.')));
    call.once('data', onData);
    call.once('error', onError);
    call.once('end', onEnd);
    call.resume();
  });
}
