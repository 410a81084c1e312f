// The bearer token: asked of every call but those of health, before a handler or a request's body is looked at.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Metadata, ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder } from '@grpc/grpc-js';
import { VoxhostError } from '../errors.js';
import type { ToStatus } from './status.js';

const OPEN_SERVICES = '/grpc.health.v1.Health/';

/** An interceptor that ends calls without the token as UNAUTHENTICATED. */
export function requireToken(token: string, toStatus: ToStatus): ServerInterceptor {
  const isRight = compareToken(token);
  return (method, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (method.path.startsWith(OPEN_SERVICES) || isRight(metadata)) next(metadata);
        else call.sendStatus(toStatus(unauthenticated(metadata), method.path));
      })
      .build();
    return new ServerInterceptingCall(call, { start: (next) => next(listener) });
  };
}

/** Compares digests, so that neither the token's length nor its beginning shows in the time it takes. */
function compareToken(token: string): (metadata: Metadata) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (metadata) => {
    const values = metadata.get('authorization');
    const bearer = values.length === 1 ? /^Bearer +(\S+) *$/i.exec(String(values[0])) : null;
    return timingSafeEqual(digest(bearer?.[1] ?? ''), expected) && bearer !== null;
  };
}

function unauthenticated(metadata: Metadata): VoxhostError {
  const came = metadata.get('authorization').length > 0;
  return new VoxhostError({
    code: 'UNAUTHENTICATED',
    reason: came ? 'WRONG_TOKEN' : 'NO_TOKEN',
    message: came
      ? 'The token is not the one of this host. Send the one that it was started with.'
      : 'This host asks for a token. Send it as metadata: `authorization: Bearer TOKEN`.',
    metadata: {},
  });
}
