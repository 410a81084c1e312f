// The `voxhost` command as a process of its own, as a person would call it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { ROOT } from '../fixtures/start-host.js';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  /** Resolves when standard error has shown this. Rejects when the command ends before. */
  says(what: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliResult>;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it. It ends with the test, whatever happens. */
export function startCli(t: ExecutionContext, words: readonly string[], { cwd, env = {} }: CliOptions): CliProcess {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VOXHOST_'));
  const script = join(ROOT, 'clients', 'cli', 'main.ts');
  const child = spawn(process.execPath, [`--import=${import.meta.resolve('tsx')}`, script, ...words], {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<CliResult>((resolve) => child.once('close', (code) => resolve({ code, ...text })));
  t.teardown(() => child.kill('SIGKILL'));
  return {
    ended,
    kill: (signal) => child.kill(signal),
    says: (what) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!what.test(text.stderr)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before it said ${what}: ${stderr}`)));
      }),
  };
}

/** Runs it to its end. */
export function runCli(t: ExecutionContext, words: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(t, words, options).ended;
}
