// Messages that are not protobuf: INVALID_ARGUMENT for the client, where grpc-js would blame the host with INTERNAL.
import type { ServiceDefinition } from '@grpc/grpc-js';
import { VoxhostError } from '../errors.js';

/** What a handler gets in place of a message that cannot be read. */
class Malformed {
  constructor(readonly error: unknown) {}
}

/** The same service, whose malformed messages reach `assertWellFormed` instead of ending the call as INTERNAL. */
export function keepMalformed(service: ServiceDefinition): ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        return method.requestDeserialize(bytes);
      } catch (error) {
        return new Malformed(error);
      }
    };
    return [name, { ...method, requestDeserialize }] as const;
  });
  return Object.fromEntries(methods);
}

/** @throws VoxhostError INVALID_ARGUMENT when the message is one that could not be read. */
export function assertWellFormed(message: unknown): void {
  if (!(message instanceof Malformed)) return;
  const why = message.error instanceof Error ? message.error.message : String(message.error);
  throw new VoxhostError({
    code: 'INVALID_ARGUMENT',
    reason: 'MALFORMED_MESSAGE',
    message: `A message is not what the protocol says (${why}). Generate the client from this host's protocol.`,
    metadata: {},
  });
}
