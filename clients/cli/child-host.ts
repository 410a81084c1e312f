// A host of our own for one run, when none is running: a child process that ends with us.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { VoxhostError } from '../../server/errors.js';

/** A host that runs as our child. */
export interface ChildHost {
  readonly address: string;
  /** Ends it and resolves when it is gone. */
  stop(): Promise<void>;
}

/** How the child is started. */
export interface ChildHostOptions {
  readonly workflows?: string | undefined;
  readonly data?: string | undefined;
  readonly device?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_LOG_LINES = 12;

/** Starts `voxhost serve` on a free port of this machine. @throws VoxhostError with the end of its log when it fails. */
export async function startChildHost(options: ChildHostOptions): Promise<ChildHost> {
  const script = fileURLToPath(import.meta.url).replace(/child-host\.(ts|js)$/, 'main.$1');
  const flags = (['workflows', 'data', 'device'] as const).flatMap((name) =>
    options[name] === undefined ? [] : [`--${name}`, options[name]],
  );
  const child = fork(script, ['serve', '--address', '127.0.0.1:0', ...flags], {
    execArgv: script.endsWith('.ts') ? [`--import=${import.meta.resolve('tsx')}`] : [],
    // Its own process group on POSIX: Ctrl-C in the terminal reaches us alone, and the run is cancelled before it ends.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: withoutOwnSettings(process.env),
  });
  const log: string[] = [];
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log.push(...text.split('\n').filter((line) => line !== ''));
    log.splice(0, log.length - KEPT_LOG_LINES);
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.connected) child.disconnect();
    await gone;
  };
  const onAbort = () => child.kill();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const address = await Promise.race([
      new Promise<string>((resolve) => {
        child.on('message', (message: { type?: string; address?: string }) => {
          if (message?.type === 'listening' && message.address) resolve(message.address);
        });
      }),
      gone.then((code) => {
        throw didNotStart(code, log);
      }),
    ]);
    return { address, stop };
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** The child listens on loopback: settings for a host that others can reach are not for it. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = ['VOXHOST_ADDRESS', 'VOXHOST_TLS_CERT', 'VOXHOST_TLS_KEY', 'VOXHOST_TOKEN', 'VOXHOST_TOKEN_FILE'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.includes(name)));
}

function didNotStart(code: number | null, log: readonly string[]): VoxhostError {
  return new VoxhostError({
    code: 'FAILED_PRECONDITION',
    reason: 'HOST_DID_NOT_START',
    message: `The host for this run did not start (exit code ${code}):\n${log.join('\n')}`,
    metadata: { exit_code: String(code) },
  });
}
