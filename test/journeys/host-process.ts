// `voxhost serve` as a user starts it: a process of its own, its log, its signals.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { EXAMPLE_WORKFLOWS, ROOT } from '../fixtures/start-host.js';

export interface HostProcess {
  readonly child: ChildProcess;
  /** Rejects with the log when the process ended before it listened. */
  readonly address: Promise<string>;
  /** What it has written to standard error so far. */
  log(): string;
  /** Resolves with exit code and signal. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A new folder that is gone after the test. */
export async function createFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-journey-'));
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/**
 * Starts `voxhost serve` with the example workflows; it is killed after the test if it still runs.
 * @param env Its whole environment; this process's own without it
 */
export function startHostProcess(
  t: ExecutionContext,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): HostProcess {
  const child = fork(
    join(ROOT, 'clients', 'cli', 'main.ts'),
    ['serve', '--workflows', EXAMPLE_WORKFLOWS, '--device', 'cpu', ...flags],
    { execArgv: ['--import=tsx'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], cwd: ROOT, env },
  );
  let text = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const address = new Promise<string>((resolve, reject) => {
    child.on('message', (message: { type?: string; address?: string }) => {
      if (message.type === 'listening' && message.address) resolve(message.address);
    });
    void ended.then(() => reject(new Error(`The host ended before it listened:\n${text}`)));
  });
  address.catch(() => {});
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { child, address, log: () => text, ended };
}
