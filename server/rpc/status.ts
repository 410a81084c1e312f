// The one place where errors become gRPC statuses, with google.rpc.Status and one ErrorInfo in the trailers.
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import type { loadProtocol } from '../../proto/protocol.js';
import { type PlainError, toPlainError, VoxhostError } from '../errors.js';
import type { Log } from '../log.js';

/** What a call ends with. Logs what is the host's own fault. */
export type ToStatus = (error: unknown, method: string) => StatusObject;

/** The domain of every ErrorInfo. */
export const ERROR_DOMAIN = 'voxhost';

// Trailers above 8 KiB make many clients drop the whole answer, and the message travels twice.
const MAX_MESSAGE_BYTES = 2000;
const MAX_METADATA_BYTES = 300;
const MAX_METADATA_ENTRIES = 8;

/** A map from errors to statuses. Errors that are not ours stay opaque to clients. */
export function createToStatus({ google }: ReturnType<typeof loadProtocol>, log: Log): ToStatus {
  const { Status, ErrorInfo } = google.rpc;
  return (error, method) => {
    if (!(error instanceof VoxhostError)) log.error('A call failed', { method, error });
    else if (error.code === 'INTERNAL') log.warn(`A call failed: ${error.message}`, { method, reason: error.reason });
    const plain = fitTrailers(toPlainError(error));
    const code = status[plain.code];
    const info = ErrorInfo.serialize({ reason: plain.reason, domain: ERROR_DOMAIN, metadata: { ...plain.metadata } });
    const details = [{ type_url: 'type.googleapis.com/google.rpc.ErrorInfo', value: info }];
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Status.serialize({ code, message: plain.message, details }));
    return { code, details: plain.message, metadata };
  };
}

/** Cuts what is too long, and mends broken UTF-16, at which grpc-js would throw. */
function fitTrailers(error: PlainError): PlainError {
  const entries = Object.entries(error.metadata)
    .slice(0, MAX_METADATA_ENTRIES)
    .map(([key, value]) => [key, fitText(value, MAX_METADATA_BYTES)] as const);
  return { ...error, message: fitText(error.message, MAX_MESSAGE_BYTES), metadata: Object.fromEntries(entries) };
}

/** A text of at most so many bytes of UTF-8, with an ellipsis where it was cut. */
function fitText(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return bytes.toString('utf8');
  return `${bytes.toString('utf8', 0, maxBytes - 3).replace(/\uFFFD+$/, '')}…`;
}
