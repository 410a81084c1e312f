// Tries a device in a process of its own, so that a graphics driver that crashes takes nothing with it, and one that
// only pretends (a software Vulkan on the same cores) is found out by the clock.
import { type ChildProcess, fork } from 'node:child_process';
import type { ExpectedNetwork } from './check-model.js';

/** Devices whose drivers are not ours to trust. */
export function isProbed(device: string): boolean {
  return device === 'webgpu';
}

/**
 * How long a device may take for its first two passes beyond ten times the CPU's one: drivers compile their shaders in
 * the first. A software Vulkan can need minutes.
 */
const PASSES_LIMIT_MS = 20_000;
/** How long everything before may take: a process to start, a model to load, two passes on the CPU. */
const START_LIMIT_MS = 300_000;

export interface ProbeRequest {
  readonly device: string;
  readonly modelFile: string;
  readonly fileName: string;
  readonly threads: number;
  readonly expected: ExpectedNetwork;
  /** Of one pass: [n, channels, sizes…]. */
  readonly dims: readonly number[];
}

/** First what a pass takes on the CPU, then what it takes on the device; or why there is no such number. */
export type ProbeMessage = { readonly cpuPassMs: number } | { readonly passMs: number } | { readonly error: string };

/** Why the device is not to be used for this model; undefined when it is. Never throws. */
export async function probeDevice(
  device: string,
  dims: readonly number[],
  options: Omit<ProbeRequest, 'device' | 'dims'>,
): Promise<string | undefined> {
  const { modelFile, fileName, threads, expected } = options;
  const child = startProcess();
  return await new Promise((resolve) => {
    let outcome: string | undefined = 'the driver crashed';
    let cpuPassMs = 0;
    const allow = (limitMs: number, what: string) =>
      setTimeout(() => {
        outcome = `${what} within ${(limitMs / 1000).toFixed(0)} s`;
        child.kill('SIGKILL');
      }, limitMs);
    let limit = allow(START_LIMIT_MS, 'the model was not loaded');
    child.on('message', (message: ProbeMessage) => {
      clearTimeout(limit);
      if ('cpuPassMs' in message) {
        ({ cpuPassMs } = message);
        limit = allow(PASSES_LIMIT_MS + 10 * cpuPassMs, 'two passes did not end');
      } else if ('error' in message) outcome = message.error;
      else if (message.passMs <= cpuPassMs) outcome = undefined;
      else outcome = `a pass takes ${message.passMs.toFixed(0)} ms, and ${cpuPassMs.toFixed(0)} ms on the CPU`;
    });
    const end = (reason: string | undefined) => {
      clearTimeout(limit);
      resolve(reason);
    };
    child.on('error', (error) => end(`its probe did not start: ${error.message}`));
    child.on('close', () => end(outcome));
    child.stdin!.on('error', () => {});
    child.send({ device, modelFile, fileName, threads, expected, dims } satisfies ProbeRequest, () => {});
  });
}

function startProcess(): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  return fork(new URL(fromSource ? 'probe-main.ts' : 'probe-main.js', import.meta.url), {
    execArgv: fromSource ? [`--import=${import.meta.resolve('tsx')}`] : [],
    // What Dawn and the drivers print is no news to anyone; the input is a pipe that breaks when this process ends.
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  });
}
