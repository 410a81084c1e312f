// The ONNX file of a workflow's network: its own, or the one that its TorchScript file is converted to.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Unsupported } from '../errors.js';
import { convertTorchScript } from './convert.js';

export interface NetworkFile {
  /** Absolute path. */
  readonly modelFile: string;
  /** How messages call it. */
  readonly fileName: string;
  /** Of the network's input; undefined where only the image will tell. */
  readonly shape: readonly (number | undefined)[];
  /** Where converted models are kept; undefined makes one for this use and drops it. */
  readonly folder: string | undefined;
}

const TORCHSCRIPT = new Set(['.ts', '.pt', '.pth', '.zip']);

/** Whether a file's name says that it is a network of torch.jit.save. */
export function isTorchScript(file: string): boolean {
  return TORCHSCRIPT.has(extname(file).toLowerCase());
}

/**
 * Calls `use` with the path of an ONNX file, which may be gone afterwards.
 * @throws Unsupported when the network's sizes depend on the image; as `convertTorchScript`; what `use` throws
 */
export async function withOnnxFile<T>(network: NetworkFile, use: (onnxFile: string) => Promise<T>): Promise<T> {
  const { modelFile, fileName, shape } = network;
  if (!isTorchScript(modelFile)) return await use(modelFile);
  const sizes = shape.filter((size) => size !== undefined);
  if (sizes.length < shape.length) {
    throw new Unsupported(
      'a TorchScript network is converted for the sizes that it will see, and here each image has its own',
      { file: fileName, key: 'sizes' },
      'Use SlidingWindowInferer with a fixed roi_size, or Resize before the network.',
    );
  }
  const temporary = network.folder === undefined ? await mkdtemp(join(tmpdir(), 'voxhost-converted-')) : undefined;
  try {
    const folder = network.folder ?? temporary!;
    const { onnxFile } = await convertTorchScript({ modelFile, fileName, inputShapes: [sizes], folder });
    return await use(onnxFile);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}
