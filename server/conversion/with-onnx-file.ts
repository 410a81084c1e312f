// The ONNX file of a workflow's network: its own, or the one that its TorchScript file is converted to.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { convertTorchScript } from './convert.js';

export interface NetworkFile {
  /** Absolute path. */
  readonly modelFile: string;
  /** How messages call it. */
  readonly fileName: string;
  /** Of the network's input; undefined where only the image will tell: those axes stay open. */
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
 * @throws as `convertTorchScript`; what `use` throws
 */
export async function withOnnxFile<T>(network: NetworkFile, use: (onnxFile: string) => Promise<T>): Promise<T> {
  const { modelFile, fileName, shape } = network;
  if (!isTorchScript(modelFile)) return await use(modelFile);
  const inputShapes = [shape.map((size) => size ?? 'open')];
  const temporary = network.folder === undefined ? await mkdtemp(join(tmpdir(), 'voxhost-converted-')) : undefined;
  try {
    const folder = network.folder ?? temporary!;
    const { onnxFile } = await convertTorchScript({ modelFile, fileName, inputShapes, folder });
    return await use(onnxFile);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}
