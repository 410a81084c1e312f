// A gRPC error as a VoxhostError: code, reason and metadata out of google.rpc.Status in the trailers.
import { type ServiceError, status as Status } from '@grpc/grpc-js';
import { Cancelled, type ErrorCode, type PlainError, VoxhostError } from '../../server/errors.js';
import type { Protocol } from './channel.js';

/** The name of a gRPC status code; INTERNAL for one that the protocol does not use. */
export function codeName(code: number): ErrorCode {
  const name = Status[code];
  return name === undefined || name === 'OK' || name === 'UNKNOWN' ? 'INTERNAL' : (name as ErrorCode);
}

/** What a failed call means. @param address is named when nothing answers there. */
export function fromServiceError(error: unknown, protocol: Protocol, address: string, signal?: AbortSignal): Error {
  if (error instanceof VoxhostError) return error;
  if (!isServiceError(error)) return error instanceof Error ? error : new Error(String(error));
  if (signal?.aborted && error.code === Status.CANCELLED) return cancelled(signal);
  const plain = readDetails(error, protocol) ?? describeBareStatus(error, address);
  return new VoxhostError(plain, { cause: error });
}

/** What a call throws when its caller's signal stopped it. */
export function cancelled(signal: AbortSignal): VoxhostError {
  const error = new Cancelled('The call was cancelled by its caller.');
  error.cause = signal.reason;
  return error;
}

/** True when the same call may succeed in a moment: the connection broke, nothing was refused. */
export function isLostConnection(error: unknown): boolean {
  return error instanceof VoxhostError && error.code === 'UNAVAILABLE';
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error && typeof error.code === 'number';
}

function readDetails(error: ServiceError, protocol: Protocol): PlainError | undefined {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    const { Status: StatusMessage, ErrorInfo } = protocol.google.rpc;
    const status = StatusMessage.deserialize(bytes);
    const detail = status.details.find((any) => 'type_url' in any && any.type_url.endsWith('/google.rpc.ErrorInfo'));
    if (!detail || !('type_url' in detail)) return undefined;
    const info = ErrorInfo.deserialize(detail.value as Buffer);
    return { code: codeName(error.code), reason: info.reason, message: status.message, metadata: info.metadata };
  } catch {
    return undefined;
  }
}

/** A status without details comes from gRPC itself, or from a server that is no Voxhost host. */
function describeBareStatus(error: ServiceError, address: string): PlainError {
  const code = codeName(error.code);
  const plain = (reason: string, message: string): PlainError => ({ code, reason, message, metadata: { address } });
  switch (error.code) {
    case Status.UNAVAILABLE:
      return plain('HOST_UNAVAILABLE', `No host answers at ${address}: ${explainConnection(error.details)}`);
    case Status.DEADLINE_EXCEEDED:
      return plain('DEADLINE_EXCEEDED', `The host at ${address} did not answer in time.`);
    case Status.UNIMPLEMENTED:
      return plain('UNIMPLEMENTED', `What answers at ${address} does not speak voxhost.v1: it is no Voxhost host.`);
    case Status.CANCELLED:
      return plain('CANCELLED', error.details || 'The call was cancelled.');
    default:
      return plain('INTERNAL', error.details || `The host at ${address} answered ${code}.`);
  }
}

/** gRPC's words for a connection that failed, as a person would say it. */
function explainConnection(details: string): string {
  if (/ECONNREFUSED|ENOENT/.test(details)) return 'nothing listens there. Is the host running?';
  if (/ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(details)) return 'no machine of that name is known.';
  if (/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(details)) return 'the machine cannot be reached.';
  if (/wrong version number|ECONNRESET|HTTP\/1|Protocol error|Failed to connect|socket hang up/i.test(details)) {
    return 'what listens there ended the connection. Is it a Voxhost host, and does one side alone speak TLS?';
  }
  const said = /Last error: (?:Error: )?(.*?)\.? ?Resolution note/.exec(details)?.[1] ?? details;
  return `${said.replace(/\.$/, '')}.`;
}
