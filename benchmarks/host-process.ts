// The host as a user starts it, in a process of its own: the compiled package, a data folder that goes with it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type Host } from '../clients/typescript/index.js';

export const ROOT = fileURLToPath(new URL('../', import.meta.url));
export const HEAD_MRI = join(ROOT, 'examples', 'images', 'head-mri.nii.gz');
export const EXAMPLE_WORKFLOWS = join(ROOT, 'examples', 'workflows');

export interface HostProcess {
  readonly address: string;
  readonly client: Host;
  /** Milliseconds from `fork` until it said that it listens. */
  readonly listeningMs: number;
  /** When `fork` was called, by `performance.now()`. */
  readonly startedMs: number;
  stop(): Promise<void>;
}

/** Starts `voxhost serve` with the workflows of a folder, on loopback. Resolves when it listens. */
export async function startHostProcess(workflows: string = EXAMPLE_WORKFLOWS): Promise<HostProcess> {
  const main = join(ROOT, 'dist', 'clients', 'cli', 'main.js');
  if (!existsSync(main)) throw new Error('There is no dist/: run `make build` first.');
  const data = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
  const startedMs = performance.now();
  const args = ['serve', '--address', '127.0.0.1:0', '--workflows', workflows, '--data', data, '--device', 'cpu'];
  const child = fork(main, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), exited.then(() => undefined)]);
  if (!first) throw new Error('The host ended before it listened.');
  const listeningMs = performance.now() - startedMs;
  const { address } = first[0] as { address: string };
  const client = await connect(address);
  return {
    address,
    client,
    listeningMs,
    startedMs,
    async stop() {
      client.close();
      child.kill('SIGTERM');
      await exited;
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Resolves when all workflows are warm. @throws when one has failed. */
export async function waitUntilReady(client: Host): Promise<void> {
  for (;;) {
    const workflows = await client.workflows();
    const failed = workflows.find(({ state }) => state === 'failed');
    if (failed) throw new Error(`${failed.name}: ${failed.failure}`);
    if (workflows.length > 0 && workflows.every(({ state }) => state === 'ready')) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
