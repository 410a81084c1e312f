// Waiting between attempts: exponential, with jitter, ended by a signal.
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from './errors.js';

/** Attempts without progress before a lost connection is given up. */
export const MAX_ATTEMPTS = 6;

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/** Waits before attempt `attempt` (1 is the first retry). @throws VoxhostError CANCELLED when the signal aborts. */
export async function waitBeforeRetry(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
  try {
    await sleep(delayMs, undefined, signal ? { signal } : {});
  } catch {
    throw cancelled(signal!);
  }
}
