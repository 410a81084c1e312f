// Every device that ONNX Runtime could compute on, tried one after the other, each in a process of its own.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bad, type Finding, fine, note } from './findings.js';

/** In the order of `--device auto`. */
const DEVICES = ['tensorrt', 'cuda', 'webgpu', 'coreml', 'dml', 'cpu'] as const;
const TIMEOUT_MS = 30_000;

const REMEDIES: Readonly<Record<(typeof DEVICES)[number], string>> = {
  tensorrt: 'For NVIDIA cards on Linux and Windows; needs the libraries for cuda and TensorRT itself.',
  cuda: 'For NVIDIA cards; fetch the libraries: node node_modules/onnxruntime-node/script/install --onnxruntime-node-install=cuda12',
  webgpu:
    'Works with most graphics cards; install its driver (Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS).',
  coreml: 'Works on Macs with a supported model; the CPU is used instead.',
  dml: 'Needs a graphics card with DirectX 12; the CPU is used instead.',
  cpu: "Install again: ONNX Runtime's own library does not load.",
};

/** Tries each device. A host needs one; the CPU must work. Those of other platforms are one line together. */
export async function lookAtDevices(): Promise<Finding[]> {
  const tried = await Promise.all(DEVICES.map(async (device) => ({ device, reason: await tryDevice(device) })));
  const [foreign, own] = [tried.filter(isForeign), tried.filter((one) => !isForeign(one))];
  const findings = own.map(({ device, reason }) => {
    const name = `device ${device}`;
    if (reason === '') return fine(name, 'works');
    return device === 'cpu' ? bad(name, reason, REMEDIES[device]) : note(name, reason, REMEDIES[device]);
  });
  if (foreign.length === 0) return findings;
  const names = foreign.map(({ device }) => device).join(', ');
  return [...findings, fine('other devices', `${names}: not for ${process.platform} ${process.arch}`)];
}

function isForeign({ reason }: { reason: string }): boolean {
  return reason.includes('has no such provider');
}

/** ONNX Runtime puts the place in its C++ source before what it has to say. */
function withoutSourcePlace(reason: string): string {
  return reason.replace(/^.*\.(?:cc|cpp|h):\d+ .*? was false\. /, '');
}

function tryDevice(device: string): Promise<string> {
  const script = fileURLToPath(import.meta.url).replace(/look-at-devices\.(ts|js)$/, 'try-device-main.$1');
  return new Promise((resolve) => {
    const child = fork(script, [device], {
      execArgv: script.endsWith('.ts') ? [`--import=${import.meta.resolve('tsx')}`] : [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let answer: string | undefined;
    child.on('message', (message) => {
      answer = withoutSourcePlace(String(message));
    });
    child.on('error', (error) => resolve(`could not be tried: ${error.message}`));
    child.on('exit', (code, signal) => {
      const seconds = TIMEOUT_MS / 1000;
      resolve(
        answer ??
          (signal === 'SIGKILL' ? `did not answer within ${seconds} s` : `crashed (${signal ?? `exit code ${code}`})`),
      );
    });
  });
}
