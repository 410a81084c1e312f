// Tries a device in a process of its own, so that a graphics driver that crashes takes nothing with it, and one that
// only pretends (a software Vulkan on the same cores) is found out by the clock.
import { fork } from 'node:child_process';
import type { ExpectedNetwork } from './check-model.js';

/** Devices whose drivers are not ours to trust. */
export function isProbed(device: string): boolean {
  return device === 'webgpu';
}

/** How long a probe may take before the device counts as unusable. A software Vulkan can need minutes for one pass. */
const PROBE_TIMEOUT_MS = 30_000;

export interface ProbeRequest {
  readonly device: string;
  readonly modelFile: string;
  readonly fileName: string;
  readonly threads: number;
  readonly expected: ExpectedNetwork;
  /** Of one pass: [n, channels, sizes…]. */
  readonly dims: readonly number[];
}

export type ProbeAnswer = { readonly passMs: number; readonly cpuPassMs: number } | { readonly error: string };

/** Why the device is not to be used for this model; undefined when it is. Never throws. */
export async function probeDevice(
  device: string,
  dims: readonly number[],
  options: Omit<ProbeRequest, 'device' | 'dims'>,
): Promise<string | undefined> {
  const { modelFile, fileName, threads, expected } = options;
  const answer = await askProcess({ device, modelFile, fileName, threads, expected, dims });
  if ('error' in answer) return answer.error;
  if (answer.passMs <= answer.cpuPassMs) return undefined;
  return `a pass takes ${answer.passMs.toFixed(0)} ms, and ${answer.cpuPassMs.toFixed(0)} ms on the CPU`;
}

function askProcess(request: ProbeRequest): Promise<ProbeAnswer> {
  const fromSource = import.meta.url.endsWith('.ts');
  const main = new URL(fromSource ? 'probe-main.ts' : 'probe-main.js', import.meta.url);
  return new Promise((resolve) => {
    const child = fork(main, {
      execArgv: fromSource ? [`--import=${import.meta.resolve('tsx')}`] : [],
      // What Dawn and the drivers print is no news to anyone.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: PROBE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let answer: ProbeAnswer | undefined;
    child.on('message', (message) => {
      answer = message as ProbeAnswer;
    });
    child.on('error', (error) => resolve({ error: `the probe did not start: ${error.message}` }));
    child.on('exit', (code, signal) => resolve(answer ?? { error: crashed(code, signal) }));
    child.send(request, (error) => error && child.kill('SIGKILL'));
  });
}

function crashed(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return `a pass did not end within ${PROBE_TIMEOUT_MS / 1000} s`;
  return `the driver crashed (${signal ?? `exit code ${code}`})`;
}
