// Starts the process of a runner, and tells how it ended and what it said last.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority, setPriority } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log.js';
import { captureLines } from './capture-lines.js';
import type { ToRunner } from './messages.js';

/** How a process ended. */
export interface ProcessEnd {
  /** Absent when a signal ended it, or when it could not be started. */
  readonly exitCode?: number;
  readonly signal?: string;
  /** Why it could not be started. */
  readonly startFailure?: Error;
  /** The last lines of its standard error, the oldest first. */
  readonly lastWords: readonly string[];
}

/** A process that speaks messages.ts. */
export interface RunnerProcess {
  readonly pid: number | undefined;
  /** Hands a message over; one to a process that has ended is lost without an error. */
  send(message: ToRunner): void;
  /** Ends it at once, whatever it does (SIGKILL; TerminateProcess on Windows). */
  kill(): void;
  /** Resolves when it is gone and all that it said has been heard. */
  readonly ended: Promise<ProcessEnd>;
}

/** The module that a runner's process runs: TypeScript when this file is, compiled JavaScript otherwise. */
export function runnerModule(): URL {
  return new URL(`../runner/main${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
}

/** Nice 10 on Linux and macOS, "below normal" on Windows. */
const PRIORITY = process.platform === 'win32' ? constants.priority.PRIORITY_BELOW_NORMAL : 10;

/**
 * A network takes all processors for seconds. Below the front process it loses next to nothing, and the front answers at
 * once; threads that the runner starts later inherit it.
 */
function yieldToOthers(pid: number, log: Log): void {
  try {
    if (getPriority(pid) < PRIORITY) setPriority(pid, PRIORITY);
  } catch (error) {
    log.warn('the priority of a runner stays as it is', { pid, error });
  }
}

/**
 * Starts one. Its environment is the host's; its standard input is a pipe that nothing is written to and that breaks
 * when the host ends, however the host ends: that is how a runner knows.
 */
export function spawnRunner(options: {
  readonly workflow: string;
  readonly module: URL;
  readonly log: Log;
  readonly onMessage: (message: unknown) => void;
}): RunnerProcess {
  const { workflow, log } = options;
  const child = fork(fileURLToPath(options.module), [], {
    // Not the host's own flags: an inspector's port, for one, cannot be had twice.
    execArgv: options.module.pathname.endsWith('.ts') ? [`--import=${import.meta.resolve('tsx')}`] : [],
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) yieldToOthers(child.pid, log);
  captureLines(child.stdout!, (line) => log.info('runner says', { workflow, pid: child.pid, line }));
  const stderr = captureLines(child.stderr!, (line) => log.warn('runner says', { workflow, pid: child.pid, line }));
  child.stdin!.on('error', () => {});
  child.on('message', options.onMessage);

  const ended = new Promise<ProcessEnd>((resolve) => {
    // Without a process there is neither 'exit' nor 'close'.
    child.on('error', (startFailure) => {
      if (child.pid === undefined) resolve({ startFailure, lastWords: [] });
      else log.warn('runner channel', { workflow, pid: child.pid, error: startFailure.message });
    });
    child.once('close', async (code, signal) => {
      // 'close' tells of the streams only; messages may still be on their way.
      if (child.connected) await once(child, 'disconnect');
      resolve({
        ...(code === null ? {} : { exitCode: code }),
        ...(signal === null ? {} : { signal }),
        lastWords: stderr.tail(),
      });
    });
    // A process that hangs up cannot be worked with.
    child.once('disconnect', () => child.kill('SIGKILL'));
  });

  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended,
  };
}
