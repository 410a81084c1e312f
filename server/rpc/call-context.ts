// What a handler knows of its call: a signal that aborts when nobody waits for the answer any more.
import type { Deadline } from '@grpc/grpc-js';
import { Cancelled, VoxhostError } from '../errors.js';

export interface CallContext {
  /** As in `/voxhost.v1.RunService/Predict`. */
  readonly method: string;
  /**
   * Aborts with the caller's cancel, the deadline, the end of the connection, and when the call is over. Its reason is
   * a VoxhostError. A handler stops what it does for this call with it.
   */
  readonly signal: AbortSignal;
}

export interface OpenCall {
  readonly context: CallContext;
  /** The call is over, whatever became of it: stops the timer and aborts the signal. */
  close(): void;
}

/** What the four kinds of grpc-js calls have in common. */
interface AnyCall {
  getDeadline(): Deadline;
  getPath(): string;
  once(event: 'cancelled', listener: () => void): unknown;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** One for all calls: an error of its own would cost each of them its stack. */
const CALL_IS_OVER = new Cancelled('The call is over.');

/** Follows a call of any kind. */
export function openCall(call: AnyCall): OpenCall {
  const controller = new AbortController();
  call.once('cancelled', () => controller.abort(new Cancelled('The caller went away.')));
  // grpc-js tells of a passed deadline only when what was written has left, which a reader that stands still prevents.
  const leftMs = Number(call.getDeadline()) - Date.now();
  const timer = leftMs < MAX_TIMER_MS ? setTimeout(() => controller.abort(pastDeadline()), leftMs) : undefined;
  const close = (): void => {
    clearTimeout(timer);
    controller.abort(CALL_IS_OVER);
  };
  return { context: { method: call.getPath(), signal: controller.signal }, close };
}

function pastDeadline(): VoxhostError {
  return new VoxhostError({
    code: 'DEADLINE_EXCEEDED',
    reason: 'DEADLINE_EXCEEDED',
    message: 'The deadline of the call has passed. Give it more time, or none.',
    metadata: {},
  });
}
