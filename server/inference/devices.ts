// Devices: which execution providers of ONNX Runtime this platform's package has, and in what order `auto` tries them.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';

/** The order of `auto`, best first. */
export const DEVICE_ORDER = ['tensorrt', 'cuda', 'webgpu', 'coreml', 'dml', 'cpu'] as const;

/** Libraries that ONNX Runtime's package does not bring along: without them a provider cannot load. */
const EXTRA_LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  cuda: ['onnxruntime_providers_shared', 'onnxruntime_providers_cuda'],
  tensorrt: ['onnxruntime_providers_shared', 'onnxruntime_providers_tensorrt'],
};

/** The devices to try, in order: all that the package was built with for `auto`, only the named one otherwise. */
export function devicesToTry(device: string): readonly string[] {
  if (device !== 'auto') return [device];
  const built = new Set(listSupportedBackends().map((backend) => backend.name as string));
  return DEVICE_ORDER.filter((name) => built.has(name));
}

/**
 * Why a device cannot work, as far as can be told without loading anything; undefined when it may. ONNX Runtime itself
 * would say so too, in red on standard error.
 */
export function missingLibrary(device: string): string | undefined {
  const built = listSupportedBackends().map((backend) => backend.name as string);
  if (!built.includes(device)) {
    return `ONNX Runtime's package for ${process.platform} ${process.arch} has no such provider (it has ${built.join(', ')})`;
  }
  const folder = libraryFolder();
  const lacking = EXTRA_LIBRARIES[device]?.map(libraryName).find((name) => !existsSync(join(folder, name)));
  return lacking && `${lacking} is not installed: ONNX Runtime's package fetches it only when asked`;
}

/** Where ONNX Runtime's libraries for this platform lie. */
function libraryFolder(): string {
  const packageFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return join(packageFolder, 'bin', 'napi-v6', process.platform, process.arch);
}

function libraryName(name: string): string {
  return process.platform === 'win32' ? `${name}.dll` : `lib${name}.so`;
}
