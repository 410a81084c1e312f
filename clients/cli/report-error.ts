// What went wrong, as a sentence and as an exit code.
import { CommanderError } from 'commander';
import { type ErrorCode, VoxhostError } from '../../server/errors.js';

/** Exit codes, documented in every help text. */
export const EXIT = { done: 0, failed: 1, usage: 2, noHost: 3, cancelled: 130 } as const;

export const EXIT_CODES_HELP = `Exit codes:
  0    done
  1    failed: the run, the bundle or the check did
  2    the command line, or an input file, is wrong
  3    no host answers, or it does not let us in
  130  cancelled`;

const CODES: Partial<Record<ErrorCode, number>> = {
  INVALID_ARGUMENT: EXIT.usage,
  OUT_OF_RANGE: EXIT.usage,
  NOT_FOUND: EXIT.usage,
  UNAVAILABLE: EXIT.noHost,
  DEADLINE_EXCEEDED: EXIT.noHost,
  UNAUTHENTICATED: EXIT.noHost,
  PERMISSION_DENIED: EXIT.noHost,
  CANCELLED: EXIT.cancelled,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof VoxhostError) return CODES[error.code] ?? EXIT.failed;
  return EXIT.failed;
}

/** Writes an error to standard error: a sentence for an expected one, the stack for one of our own. */
export function reportError(
  error: unknown,
  write: (text: string) => void = (text) => process.stderr.write(text),
): void {
  if (error instanceof CommanderError) return;
  if (error instanceof VoxhostError) write(`${error.message}\n`);
  else if (isSystemError(error)) write(`${error.message}\n`);
  else write(`voxhost met an error of its own:\n${error instanceof Error ? error.stack : String(error)}\n`);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
