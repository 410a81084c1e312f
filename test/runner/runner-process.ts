// A real runner process with a real bundle, for tests: what it says, in order, and how it ends.
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { headerSizeBytes, type VolumeHeader } from '../../server/imaging/volume-header.js';
import type { FromRunner, ToRunner } from '../../server/runners/messages.js';
import type { ParameterValue } from '../../server/workflows/workflow.js';
import { type TinyBundle, writeTinyBundle } from '../fixtures/onnx/tiny-bundle.js';

type Message<Type extends FromRunner['type']> = Extract<FromRunner, { type: Type }>;

export const IDENTITY_LPS = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

export class RunnerProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly messages: FromRunner[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #exit: Promise<{ code: number | null; signal: string | null }>;
  #runs = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.child = fork(new URL('../../server/runner/main.ts', import.meta.url), {
      execArgv: [`--import=${import.meta.resolve('tsx')}`],
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message) => {
      this.messages.push(message as FromRunner);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.#exit = once(this.child, 'exit').then(([code, signal]) => {
      for (const wake of this.#waiting.splice(0)) wake();
      return { code, signal };
    });
    this.child.stdin!.on('error', () => {});
  }

  static async start(t: ExecutionContext): Promise<RunnerProcess> {
    const runner = new RunnerProcess(await mkdtemp(join(tmpdir(), 'voxhost-runner-')));
    t.teardown(async () => {
      runner.child.kill('SIGKILL');
      await runner.#exit;
      await rm(runner.folder, { recursive: true, force: true });
    });
    return runner;
  }

  /** Starts one and loads a tiny bundle on the CPU. */
  static async ready(t: ExecutionContext, bundle: TinyBundle): Promise<RunnerProcess> {
    const runner = await RunnerProcess.start(t);
    const answer = await runner.load(bundle);
    if (answer.type === 'load-failed') throw new Error(answer.error.message);
    return runner;
  }

  send(message: ToRunner): void {
    this.child.send(message, () => {});
  }

  async load(bundle: TinyBundle, device = 'cpu'): Promise<Message<'ready'> | Message<'load-failed'>> {
    const bundleFolder = await writeTinyBundle(join(this.folder, 'bundle'), bundle);
    this.send({ type: 'load', bundleFolder, device, threads: 1 });
    return await this.next((m): m is Message<'ready'> | Message<'load-failed'> => /^(ready|load-failed)$/.test(m.type));
  }

  /** Sends a run and gives its name. */
  async start(
    volume: {
      readonly voxels: NodeJS.TypedArray;
      readonly header: Partial<VolumeHeader> & Pick<VolumeHeader, 'sizes'>;
    },
    parameters: Readonly<Record<string, ParameterValue>> = {},
  ): Promise<string> {
    const run = `run-${++this.#runs}`;
    const header: VolumeHeader = {
      componentType: 'float32',
      components: 1,
      indexToWorldLps: IDENTITY_LPS,
      modality: '',
      ...volume.header,
    };
    const file = join(this.folder, `${run}.raw`);
    await writeFile(file, volume.voxels);
    const outputFolder = await mkdtemp(join(this.folder, `${run}-`));
    this.send({ type: 'run', run, inputs: { image: { file, header } }, parameters, outputFolder });
    return run;
  }

  /** The first message, of those that came or come, that is wanted. @throws Error when the process ends before. */
  async next<Wanted extends FromRunner>(isWanted: (message: FromRunner) => message is Wanted): Promise<Wanted> {
    for (;;) {
      const found = this.messages.find(isWanted);
      if (found) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error('the runner ended');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** How a run ended. */
  async outcome(run: string): Promise<Message<'done'> | Message<'failed'> | Message<'cancelled'>> {
    return await this.next(
      (m): m is Message<'done'> | Message<'failed'> | Message<'cancelled'> =>
        /^(done|failed|cancelled)$/.test(m.type) && 'run' in m && m.run === run,
    );
  }

  progress(run: string): readonly Message<'progress'>[] {
    return this.messages.filter((m): m is Message<'progress'> => m.type === 'progress' && m.run === run);
  }

  /** A run's one output with its bytes; checks the digest against the file. */
  async output(t: ExecutionContext, run: string): Promise<Message<'output'> & { readonly bytes: Buffer }> {
    const message = await this.next((m): m is Message<'output'> => m.type === 'output' && m.run === run);
    const bytes = await readFile(message.file);
    t.is(message.sha256, createHash('sha256').update(bytes).digest('hex'));
    t.is(bytes.length, headerSizeBytes(message.header));
    return { ...message, bytes };
  }

  async exit(): Promise<{ code: number | null; signal: string | null }> {
    return await this.#exit;
  }
}

/** Float32 numbers of bytes that a runner wrote. */
export function floatsOf(bytes: Buffer): readonly number[] {
  return [...new Float32Array(new Uint8Array(bytes).buffer)];
}
